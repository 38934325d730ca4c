"""A project that `make run` takes for the real one: the same commands, standard library only."""
