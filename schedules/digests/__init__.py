"""What a digest counts: facts, no words."""
