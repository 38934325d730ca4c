"""Exclusions that have to be decided again: why, since when, and until when."""
