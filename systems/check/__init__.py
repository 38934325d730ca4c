"""Check records of AI systems in files: no server, no database."""
