"""The criteria of judgement as versions."""
