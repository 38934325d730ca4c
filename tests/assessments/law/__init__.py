"""The EU AI Act beside an assessment."""
