"""What is asked: rulebooks and the requirements in them, as data."""
