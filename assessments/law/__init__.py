"""The EU AI Act beside an assessment: what it asks of whom, and which parts speak to it; never that a duty is met."""
