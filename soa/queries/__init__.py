"""Questions about the statement, each answered in a fixed number of queries."""
