"""Questions about incidents; pages get frozen dataclasses."""
