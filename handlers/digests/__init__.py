"""The digest in words: its parts about people and about units."""
