"""Hits become an answer that is proved."""
