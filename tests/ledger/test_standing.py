"""How all logs stand is told without an AIMS in context, on PostgreSQL through the walls between them."""

import pytest

from accounts.context import acting_in
from ledger.actions import seal_waiting
from ledger.models import Log, Record
from ledger.standing import standing
from tests.make import an_organisation


@pytest.mark.db_both
def test_what_waits_is_counted_over_all_logs(db: None, on_postgres: bool) -> None:
    written = []
    for aims, _officer in (an_organisation(), an_organisation()):
        with acting_in(aims):
            written += Record.objects.values_list("occurred_at", flat=True)
    told = standing()
    assert told.logs == Log.unscoped.count() == 2
    assert told.unsealed == (len(written) if on_postgres else 0)
    assert told.waiting_since == (min(written) if on_postgres else None)
    seal_waiting()
    assert (standing().unsealed, standing().waiting_since) == (0, None)
