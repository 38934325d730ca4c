"""The AI risk register beyond its first cut: sources and objectives, threats, import, checks, the treatment plan."""
