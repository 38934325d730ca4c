"""Import a Statement of Applicability from the command line, through the same actions as the page."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for
from soa.actions import plan_of, read_in, take_in
from soa.intake.plan import VERDICTS, Plan

LIMIT = 64 * 1024 * 1024
NOT_ALL_MATCHED = 2


class Command(BaseCommand):
    """Exit 0 when every row matched or was skipped, 2 when any was flagged or rejected."""

    help = "Read an SoA (XLSX, CSV, TSV or Markdown), show the verdict on every row, and take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the file, the AIMS and how far to go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--aims", required=True, metavar="SLUG")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="show the verdicts and write nothing")
        how.add_argument("--as", dest="email", metavar="EMAIL", help="the person who imports")
        parser.add_argument("--accept-matched", action="store_true", help="take the matched rows though others are not")
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Judge the file; write only what the options allow."""
        aims = Aims.objects.filter(slug=options["aims"], removed_at__isnull=True).first()
        if aims is None:
            raise CommandError(f"There is no AIMS called {options['aims']}.")
        if not (options["dry_run"] or options["email"]):
            raise CommandError("Say who imports with --as EMAIL, or look first with --dry-run.")
        actor = service("import") if options["dry_run"] else _person(options["email"], aims)
        data = _read(options["file"])
        with acting_in(aims, actor):
            plan = self._go(data, aims, actor, options)
        self._tell(plan, as_json=options["json"])
        if plan.of("flagged") or plan.of("rejected"):
            sys.exit(NOT_ALL_MATCHED)

    def _go(self, data: bytes, aims: Aims, actor: Actor, options: dict[str, Any]) -> Plan:
        name = options["file"].name
        try:
            plan = plan_of(data, name, aims)
            is_clean = not (plan.of("flagged") or plan.of("rejected"))
            if not options["dry_run"] and plan.of("matched") and (is_clean or options["accept_matched"]):
                with transaction.atomic():
                    take_in(read_in(data, name, aims, actor=actor), flagged=(), actor=actor)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        return plan

    def _tell(self, plan: Plan, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(plan.as_json(), ensure_ascii=False))
            return
        for verdict in VERDICTS:
            rows = plan.of(verdict)
            self.stdout.write(f"{verdict}: {len(rows)}")
            if verdict in ("flagged", "rejected"):
                for row in rows:
                    self.stdout.write(f"  line {row.line}: {row.id} {row.title}: {row.reason}")
        if plan.missing:
            self.stdout.write(f"missing: {', '.join(plan.missing)}")


def _person(email: str, aims: Aims) -> Actor:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    actor = actor_for(user, aims, auth_method="command line") if user else None
    if actor is None:
        raise CommandError(f"{email} holds no role in {aims.slug}.")
    return actor


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LIMIT:
            raise CommandError(f"{path.name} is larger than 64 MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error
