"""What stands in the columns beside a record's body, so that records can be found; verification compares both."""

from typing import Any

from accounts.actor import ActorKind


def filed_role(body: dict[str, Any]) -> str:
    """Return the role that a person acted as, or `service` or `ai`, whose roles are lent to them by people."""
    actor = body["actor"]
    return (actor["role"] or "") if actor["kind"] == ActorKind.HUMAN else str(actor["kind"])
