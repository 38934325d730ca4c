"""The HTML doors of this room."""
