"""Data by the hundred thousand, to measure with: organisations that nobody works in."""
