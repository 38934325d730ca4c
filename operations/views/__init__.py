"""The pages of operations."""
