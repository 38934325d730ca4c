"""Screening first: a few questions decide whether an AI system is due a full impact assessment, and why."""
