"""OTLP in JSON, read without a database: metrics and spans of the GenAI semantic conventions become observations."""
