"""Write a certification pack to a file: it proves itself to whoever unpacks it."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import service
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from reports.actions.pack import ask_pack, complete_pack
from reports.models import Pack, Preset
from reports.pack.selection import Selection
from reports.packing import beside, make

ACTOR = service("command line")


class Command(BaseCommand):
    """`make_pack --aims SLUG --out FILE.zip [--as-of DATE] [--controls A.6.2.4,A.7.5] [--no-files] [--preset …]`."""

    help = "Write a certification pack: statement, assessments, evidence, chain and verifier in one ZIP."
    requires_system_checks = []  # they import every address; a pack needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the AIMS, the file, and what is handed over."""
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.zip")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD, a past day")
        parser.add_argument("--controls", default="", metavar="A.6.2.4,A.7.5", help="only these controls")
        parser.add_argument("--no-files", action="store_true", help="list the evidence, leave its files out")
        parser.add_argument("--preset", choices=Preset.values, default=Preset.STAGE2, help="what the audit asks for")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask for it, write it beside the name it is to have, and note it in the chain."""
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise CommandError(f"There is no folder {out.parent}.")
        aims = Aims.objects.filter(slug=options["aims"], removed_at__isnull=True).first()
        if aims is None:
            raise CommandError(f"There is no AIMS “{options['aims']}”.")
        controls = tuple(code.strip() for code in options["controls"].split(",") if code.strip())
        selection = Selection(options["preset"], controls, not options["no_files"], options["as_of"])
        try:
            self._write(aims, selection, out, loud=options["verbosity"] > 1)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error

    def _write(self, aims: Aims, selection: Selection, out: Path, *, loud: bool) -> None:
        with acting_in(aims, ACTOR):
            pack = ask_pack(aims, selection, actor=ACTOR, queued=False)
        with beside(out) as file:
            made = make(pack, aims, file, self._told if loud else _quiet, actor=ACTOR)
        with acting_in(aims, ACTOR):
            pack = complete_pack(pack, made.elsewhere(out.name), actor=ACTOR)
        self._say(out, pack)

    def _told(self, percent: int, step: str) -> None:
        self.stdout.write(f"{percent:3} % {step}")

    def _say(self, out: Path, pack: Pack) -> None:
        version = pack.statement_version.number if pack.statement_version else "?"
        self.stdout.write(f"{out}: {pack.code}, version {version}, {pack.files} files, up to record #{pack.records}")
        self.stdout.write(f"content digest {pack.content_digest}")
        self.stdout.write(f"SHA-256 of the file {pack.sha256}")


def _quiet(_percent: int, _step: str) -> None:
    """Say nothing on the way."""
