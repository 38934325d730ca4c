"""Records as files: finding them, comparing them with the registry, and where git says they come from."""
