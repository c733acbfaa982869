"""A file becomes a notice, its passages and its vectors."""
