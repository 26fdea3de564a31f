"""The demo: made-up people on the real bot, with a clock that can be moved."""
