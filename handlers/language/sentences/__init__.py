"""What a line says: one file for each kind of sentence."""
