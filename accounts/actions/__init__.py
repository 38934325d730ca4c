"""What people do with their own sign-in, and how somebody is shut out."""

from accounts.actions.change_email import ask_for_email, take_email
from accounts.actions.disable import disable_person, enable_person
from accounts.actions.edit_profile import edit_profile

__all__ = ["ask_for_email", "disable_person", "edit_profile", "enable_person", "take_email"]
