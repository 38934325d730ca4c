"""The HTML doors of judgement."""
