"""What the ledger tells rooms it cannot see: that something is wrong with a log."""

from collections.abc import Callable

Alarm = Callable[[int, str], None]

_alarms: list[Alarm] = []


def on_alarm(handler: Alarm) -> Alarm:
    """Register who is told, with the AIMS's id and the fault in words; called from `AppConfig.ready`."""
    if handler not in _alarms:
        _alarms.append(handler)
    return handler


def raise_alarm(aims_id: int, fault: str) -> None:
    """Tell everybody who asked to be told, outside any transaction that is about to roll back."""
    for handler in _alarms:
        handler(aims_id, fault)
