"""The workbench: the table, its filters, the side panel, and what is answered after each change."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from aims.doors import admit
from aims.middleware import AimsRequest
from aims.past import and_then, of_any_date, then
from aims.saved import keeps_views
from soa.actions import open_statement
from soa.checks import Flag, FlagGroup, Weight, flags_of, grouped
from soa.forms import BulkForm
from soa.listing import (
    STATUSES,
    Choice,
    area_choices,
    chosen,
    owner_choices,
    proposed_codes,
    reason_choices,
    tabs_of,
)
from soa.pages import areas_of, flag_address, tally_of
from soa.permissions import may_steer
from soa.printing import RowPrinter
from soa.queries.rows import Row, Sheet, read_sheet
from soa.views.panel import panel_of


@dataclass(frozen=True, slots=True)
class Board:
    """The draft with its flags, as one request reads it."""

    sheet: Sheet
    flags: tuple[Flag, ...]


def read_board(request: AimsRequest) -> Board:
    """Read the draft, as of the date asked for, and run the checks over it."""
    sheet = read_sheet(request.aims, request.at)
    return Board(sheet, flags_of(sheet))


def bar_of(board: Board) -> dict[str, Any]:
    """Return what the version bar and the status bar print."""
    return {"sheet": board.sheet, "tally": tally_of(board.sheet, board.flags), "changes": len(board.sheet.changed)}


@require_GET
@of_any_date
@keeps_views("soa:workbench", gettext_lazy("Statement"))
def workbench(request: AimsRequest) -> HttpResponse:
    """Show the statement; htmx asks for the board or the panel alone."""
    board = read_board(request)
    if board.sheet.statement is None:
        return render(request, "soa/empty.html", {"may_steer": may_steer(request.actor)})
    control = request.GET.get("control", "")
    row = next((row for row in board.sheet.rows if row.code == control), None)
    if request.htmx and request.htmx.target == "inspector":  # type: ignore[attr-defined]
        return render(request, "soa/panel.html", panel_of(request, board.sheet, row, board.flags))
    context = board_context(request, board) | panel_of(request, board.sheet, row, board.flags)
    if request.htmx and request.htmx.target == "board":  # type: ignore[attr-defined]
        return render(request, "soa/board.html", context)
    return render(request, "soa/workbench.html", context)


def board_context(request: AimsRequest, board: Board) -> dict[str, Any]:
    """Return everything the table and its toolbar print."""
    choice = Choice.read(request.GET)
    sheet = board.sheet
    printer = RowPrinter(sheet, board.flags, request.actor, get_token(request))
    rows = chosen(sheet, board.flags, request.actor, choice)
    steers = may_steer(request.actor)
    proposed = proposed_codes(sheet) if steers else frozenset()
    return bar_of(board) | {
        "areas": areas_of(sheet, [printer.view(row) for row in rows], proposed),
        "choice": choice,
        "tabs": tabs_of(sheet, board.flags, request.actor, choice),
        "statuses": STATUSES,
        "owners": owner_choices(sheet),
        "area_choices": area_choices(sheet),
        "reason_choices": reason_choices(),
        "bulk": BulkForm([row.code for row in sheet.rows]) if steers else None,
        "may_steer": steers,
        "shown": len(rows),
    }


def _looking_at(request: AimsRequest) -> Choice:
    """The view that the table on screen shows, told by htmx."""
    address = request.htmx.current_url or ""  # type: ignore[attr-defined]
    return Choice.read(QueryDict(urlsplit(address).query))


def row_answer(request: AimsRequest, code: str, *, status: int = 200, **extra: Any) -> HttpResponse:
    """Answer a change made from the table: the row anew, the counts beside it, a toast with undo."""
    board = read_board(request)
    row = _row(board.sheet, code)
    printer = RowPrinter(board.sheet, board.flags, request.actor, get_token(request))
    context = bar_of(board) | {
        "row": printer.view(row, swap=True),
        "out_of_band": True,
        "tabs": tabs_of(board.sheet, board.flags, request.actor, _looking_at(request)),
    }
    return render(request, "soa/answer.html", context | extra, status=status)


def _row(sheet: Sheet, code: str) -> Row:
    return next(row for row in sheet.rows if row.code == code)


@require_POST
def open_soa(request: AimsRequest) -> HttpResponse:
    """Open the statement with a row for every control."""
    admit(may_steer(request.actor), _("Opening the statement takes a compliance officer or an administrator."))
    open_statement(actor=request.actor)
    return redirect("soa:workbench", request.aims.slug)


@require_GET
@of_any_date
def checks(request: AimsRequest) -> HttpResponse:
    """Show what an auditor would flag, worst first, each with a link to the form that mends it."""
    board = read_board(request)
    if board.sheet.statement is None:
        return redirect(reverse("soa:workbench", args=[request.aims.slug]) + and_then(request, "?"))
    context = bar_of(board) | {
        "blocking": _linked(request, grouped(board.flags, Weight.BLOCK)),
        "warnings": _linked(request, grouped(board.flags, Weight.WARN)),
        "may_steer": may_steer(request.actor),
    }
    return render(request, "soa/checks.html", context)


def _linked(request: AimsRequest, groups: tuple[FlagGroup, ...]) -> list[tuple[str, list[tuple[Flag, str]]]]:
    base, as_of = reverse("soa:workbench", args=[request.aims.slug]), then(request)
    return [(group.meaning, [(flag, flag_address(base, flag, as_of)) for flag in group.flags]) for group in groups]
