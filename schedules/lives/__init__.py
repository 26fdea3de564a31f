"""Trainees' lives as the rules see them: what took place, what surrounds it, and time in active days."""
