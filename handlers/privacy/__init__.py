"""Privacy: what one may see of oneself, what is forgotten, and what is kept for how long."""
