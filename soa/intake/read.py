"""The door: a file in, the plan of its import out. Nothing is written and no database is asked."""

from datetime import date

from soa.intake.catalogue import Catalogue
from soa.intake.headings import is_telling
from soa.intake.plan import Plan
from soa.intake.sheets import read_sheets
from soa.intake.verdicts import Judge


def read_statement(data: bytes, filename: str, catalogue: Catalogue, *, known_on: date) -> Plan:
    """Judge every row of a workbook, CSV or Markdown file; raise NotReadable where there is no table at all."""
    judge = Judge(catalogue, known_on)
    rows, sheets = judge.judge(read_sheets(data, filename, is_telling=is_telling))
    return Plan(rows, judge.missing(), sheets)
