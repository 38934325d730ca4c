"""Write every AI system of an AIMS into a folder, one file of YAML each."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from systems.management.asking import RegistryCommand
from systems.sync.exporting import exports, write_into


class Command(RegistryCommand):
    """Exit 1 when a file would be overwritten that the registry never wrote: then nothing is written."""

    help = "Write each AI system as YAML; what did not change since its last sync leaves byte for byte as it came."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the folder."""
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder to write into")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="the person who exports; nobody is needed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write, and tell what was written."""
        with self.acting(options | {"dry_run": True}):
            done = write_into(options["out"], exports())
        if options["json"]:
            told = {
                name: [{"file": each.name, "id": each.system.key, "system": each.system.code} for each in files]
                for name, files in (("written", done.written), ("unchanged", done.unchanged))
            }
            faults = [{"file": fault.file, "line": fault.line, "reason": fault.reason} for fault in done.faults]
            self.tell_json({"out": str(options["out"]), **told, "faults": faults})
        else:
            for fault in done.faults:
                self.stderr.write(str(fault))
            for each in done.written:
                self.stdout.write(str(options["out"] / each.name))
            end = (
                "Nothing was written."
                if done.faults
                else f"{len(done.written)} written, {len(done.unchanged)} as they were."
            )
            self.stdout.write(end)
        if done.faults:
            sys.exit(1)
