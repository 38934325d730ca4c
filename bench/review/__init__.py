"""How far the local reader agrees with people: `python -m bench.review`."""
