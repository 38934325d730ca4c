"""Lineage: what anything rests on, and what rests on it, asked of the rooms and proved by the chain."""
