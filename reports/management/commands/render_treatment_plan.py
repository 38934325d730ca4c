"""Write an approved treatment plan to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actor import service
from accounts.context import acting_in
from accounts.refusals import Refusal
from aims.models import Aims
from assessments.models import TreatmentPlan
from reports.plans import PlanPaper, paper_of, pressed
from reports.render import Renderer


class Command(BaseCommand):
    """`render_treatment_plan TP-3 --aims SLUG --out FILE.pdf`: one that was approved."""

    help = "Write an approved treatment plan as a PDF."
    requires_system_checks = []  # they import every address; a report needs none

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the plan, the AIMS and the file."""
        parser.add_argument("reference", metavar="REF", help="such as TP-3")
        parser.add_argument("--aims", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file, whole or not at all."""
        out: Path = options["out"]
        try:
            with Renderer() as renderer:
                made = pressed(renderer, _paper(options["aims"], options["reference"]))
            unfinished = out.with_name(f".{out.name}.part")
            unfinished.write_bytes(made.pdf)
            unfinished.replace(out)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{out} could not be written: {error.strerror}.") from error
        self.stdout.write(f"{out}: {options['reference']}, {made.pages} pages")


def _paper(slug: str, reference: str) -> PlanPaper:
    aims = Aims.objects.filter(slug=slug, removed_at__isnull=True).first()
    if aims is None:
        raise CommandError(f"There is no AIMS “{slug}”.")
    number = reference.removeprefix("TP-")
    with acting_in(aims, service("command line")):
        rows = TreatmentPlan.objects.select_related("aims", "submitted_by", "decided_by").exclude(digest="")
        plan = rows.filter(number=int(number)).first() if number.isdecimal() else None
        if plan is None:
            raise CommandError(f"There is no approved treatment plan {reference}.")
        return paper_of(plan)
