"""Put the report of the portfolio together."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.pictures import PRINT
from assessments.portfolio_page import Drawn, drawn, portfolio_line
from assessments.queries.portfolio import narrowed
from reports.judged.front import front_of_portfolio
from reports.judged.shapes import Judged, PortfolioPaper
from reports.judged.source import PortfolioSource


def portfolio_paper(source: PortfolioSource) -> PortfolioPaper:
    """Return the report of every system, the worst first."""
    pictures = drawn(source.found, source.today, palette=PRINT)
    rows = narrowed(source.found.systems, today=source.today)
    return PortfolioPaper(
        front=front_of_portfolio(source),
        drawn=pictures,
        figures=_figures(pictures),
        lines=tuple(portfolio_line(row, source.today, is_printed=True) for row in rows),
    )


def _figures(pictures: Drawn) -> tuple[Judged, ...]:
    return (
        Judged(str(pictures.systems), ngettext("system", "systems", pictures.systems)),
        Judged(str(pictures.decided), _("decided")),
        Judged(str(pictures.waiting), _("not decided yet")),
        Judged(str(pictures.without), _("not assessed")),
        Judged(str(pictures.late), ngettext("review overdue", "reviews overdue", pictures.late)),
    )
