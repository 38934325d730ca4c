"""A record of one AI system as teams keep it in git: its schema, its reading, and what the registry takes from it.

Nothing in here asks the database or knows an organisation: `python -m systems.check` runs on it alone.
"""
