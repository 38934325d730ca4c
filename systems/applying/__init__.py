"""What follows from a system's record: which requirements its facts speak for, and what it says to the EU AI Act."""
