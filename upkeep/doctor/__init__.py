"""What is wrong with an installation, and how to mend it: one small function for each thing that is looked at."""

from upkeep.doctor import given, places, proof, work
from upkeep.doctor.shape import Finding, Level, examine

__all__ = ["Finding", "Level", "examine", "given", "places", "proof", "work"]
