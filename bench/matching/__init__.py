"""How well documents are matched: texts with labels, apart for learning and for testing."""
