"""Reports of judgement: one impact assessment, and the portfolio of every system."""
