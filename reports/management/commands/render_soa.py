"""Write the SoA report to a file: the latest approved version, the one in force on a date, or the draft."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import service
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from reports.make import checkpoint_for, pressed, signatory_for
from reports.models import Edition
from reports.render import Renderer
from reports.signatory import Signatory
from reports.sources import Source, in_force_on, latest_approved, source_of
from reports.writing import aims_named, write_whole


class Command(BaseCommand):
    """`render_soa --aims SLUG --out FILE [--as-of DATE] [--edition full|customer]`; the draft comes watermarked."""

    help = "Write the Statement of Applicability as a PDF."
    requires_system_checks = []  # they import every address; a report needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the AIMS, the file, the date and the edition."""
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD, a past day")
        parser.add_argument("--edition", choices=Edition.values, default=Edition.FULL)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start the child first, so that it loads while the statement is read."""
        out: Path = options["out"]
        aims = aims_named(options["aims"], out)
        try:
            with Renderer() as renderer:
                source, signatory = _source(aims, options["edition"], options["as_of"])
                made = pressed(renderer, source, signatory=signatory)
            write_whole(out, made.pdf)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error
        what = "draft" if source.meta.is_draft else f"version {source.meta.number}"
        who = f"signed by {signatory.name}" if signatory else "not signed"
        self.stdout.write(f"{out}: {what}, {made.pages} pages, {who}")
        if made.note:
            self.stderr.write(made.note)


def _source(aims: Aims, edition: str, as_of: date | None) -> tuple[Source, Signatory | None]:
    actor = service("command line")
    checkpoint = checkpoint_for(aims)
    with acting_in(aims, actor):
        version = in_force_on(aims, as_of) if as_of else latest_approved()
        source = source_of(aims, edition=edition, version=version, as_of=as_of, checkpoint=checkpoint)
        return source, signatory_for(aims, source, actor=actor)
