"""What people do with their own sign-in."""

from accounts.actions.edit_profile import edit_profile

__all__ = ["edit_profile"]
