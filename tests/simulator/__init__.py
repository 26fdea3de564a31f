"""One seed, one history: the whole bot on a real database, with everything else made up.

Replay one with `python -m tests.simulator SEED --days 30 --tell`, on PostgreSQL with `--postgresql`.
"""
