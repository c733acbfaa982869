"""A citation becomes something to paste."""
