"""A trainee's history as a signed file: made where they were, taken where they come to."""
