"""What keeps judgement current: things that happen to a system, and what its assessment's owner says of each."""
