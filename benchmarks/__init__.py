"""Figures as ratios: ours against a named floor or peer, measured in turns in the same run."""
