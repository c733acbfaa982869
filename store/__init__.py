"""Where notices live: the catalogue is the truth, the index is derived from it."""
