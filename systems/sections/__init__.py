"""The record on a page: its sections, how each is shown, and the forms that change one at a time."""
