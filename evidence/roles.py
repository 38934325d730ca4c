"""Who reviews evidence."""

from accounts.roles import STEWARDS, Role

REVIEWERS = STEWARDS | {Role.REVIEWER}
