"""The words of the pages, a module for each part of them, in English and Chinese."""
