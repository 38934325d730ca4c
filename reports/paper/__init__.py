"""The report as data: pure functions from a frozen statement body to shapes that templates only print."""
