"""The words that every room shares; this room imports none of the others."""
