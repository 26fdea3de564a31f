"""The words the reader knows, and a line cut into them."""
