"""Golden lives: a year of a resident under each rulebook, the expectations worked out by hand."""
