"""One file per platform, the same sections in the same order in each: see contract.py."""
