"""What changes about an AI system, what that demands, and who answered for it."""
