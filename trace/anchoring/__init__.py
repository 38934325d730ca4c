"""Copies of checkpoints outside: mailed to auditors, written to a locked bucket, timestamped (trust.md section 1)."""
