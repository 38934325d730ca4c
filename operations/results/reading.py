"""Tell what a file of results is, and read it; what cannot be read is refused with its reason."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from operations.actions.evaluate import MOST_METRICS, Result
from operations.models import Source
from operations.results import promptfoo
from operations.values import Unfit, decimal_of, instant_of

MOST_BYTES = 20 * 1024**2
FIELDS = frozenset({"benchmark", "metrics", "model_version", "done_at", "notes", "key", "metric", "sense", "threshold"})
DEEPEST_RESULTS = 60
OPENING = re.compile(r"[\[{]")


class Unreadable(Refusal):
    """The file is no result, or is cut off."""

    field = "file"


def read_results(data: bytes, name: str = "") -> Result:
    """Return what a file of results says; raises Unreadable. The digest is that of the bytes."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %s MB.") % (MOST_BYTES // 1024**2))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not text in UTF-8.")) from error
    if "\x00" in text or not text.strip():
        raise Unreadable(_("The file is empty, or is not text."))
    is_table = name.lower().endswith(".csv") or not OPENING.match(text.lstrip())
    result = _table(text) if is_table else _document(text)
    return replace(result, sha256=sha256(data).hexdigest())


def _document(text: str) -> Result:
    try:
        body = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise Unreadable(_("The JSON is nested too deep.")) from error
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated")
        words = _("The JSON is cut off at line %s.") if is_cut else _("This is no JSON: line %s cannot be read.")
        raise Unreadable(words % error.lineno) from error
    except ValueError as error:
        raise Unreadable(_("The JSON holds a number that cannot be read.")) from error
    if not isinstance(body, dict):
        raise Unreadable(_("The JSON holds no object with results."))
    try:
        return promptfoo.read(body) if promptfoo.is_ours(body) else of_mapping(body)
    except Unfit as unfit:
        raise Unreadable(str(unfit)) from unfit


def _no_number(told: str) -> Any:
    raise ValueError(told)


def of_mapping(body: dict[str, Any]) -> Result:
    """Return a result from an object with benchmark, metrics and the rest; raises Unfit, naming the field."""
    if strange := sorted(body.keys() - FIELDS):
        raise Unfit(_("There is no field %s. A result has benchmark, metrics and more.") % strange[0][:40])
    metrics = body.get("metrics")
    if not isinstance(metrics, dict) or not metrics or len(metrics) > MOST_METRICS:
        raise Unfit(_("metrics is an object of 1 to %s numbers by name.") % MOST_METRICS)
    texts: dict[str, Any] = {
        name: _text(body, name) for name in ("benchmark", "model_version", "notes", "key", "metric", "sense")
    }
    threshold = body.get("threshold")
    return Result(
        metrics={str(name): _number(name, value) for name, value in metrics.items()},
        done_at=_instant(body.get("done_at")),
        threshold=None if threshold is None else _number("threshold", threshold),
        source=Source.UPLOADED,
        **texts,
    )


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Unfit(_("%s is no text.") % name)
    return value


def _number(name: object, value: object) -> Decimal:
    try:
        return decimal_of(value)
    except Unfit as unfit:
        raise Unfit(f"{str(name)[:100]}: {unfit}") from unfit


def _instant(told: object) -> datetime | None:
    return None if told in (None, "") else instant_of(told)


def _table(text: str) -> Result:
    """Read lines of metric and value; lines may also say benchmark, model_version, done_at, notes and threshold."""
    body: dict[str, Any] = {"metrics": {}}
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Unreadable(_("This is no table of comma-separated values: %s.") % error) from error
    for place, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (place == 1 and [cell.lower() for cell in cells[:2]] == ["metric", "value"]):
            continue
        if len(cells) < 2 or not cells[0] or any(cells[2:]):
            raise Unreadable(_("Line %s does not hold a name and a value.") % place)
        name, value = cells[0].lstrip("'"), cells[1]
        holder = body if name in FIELDS - {"metrics"} else body["metrics"]
        if name in holder:
            raise Unreadable(_("Line %(line)s says %(name)s again.") % {"line": place, "name": name[:40]})
        holder[name] = value
    try:
        return of_mapping(body)
    except Unfit as unfit:
        raise Unreadable(str(unfit)) from unfit
