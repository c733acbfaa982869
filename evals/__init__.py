"""Measures the desk beside a named baseline: which finds the right notices, and how fast."""
