"""The certification pack: one ZIP that proves itself without us."""
