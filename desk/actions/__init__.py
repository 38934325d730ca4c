"""The verbs of the desk."""
