"""The verbs of the management system."""

from aims.actions.found import found
from aims.actions.grant import grant, revoke

__all__ = ["found", "grant", "revoke"]
