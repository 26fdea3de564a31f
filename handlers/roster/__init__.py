"""The roster: people, units and pairs from a file that the training secretary keeps."""
