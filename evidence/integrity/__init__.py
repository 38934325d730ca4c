"""Whether every stored file still is what was given: what is kept, the check, its job and its page."""
