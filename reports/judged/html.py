"""The HTML of reports of judgement; it names the same assets as the statement's."""

from django.template import Context

from reports.html import CONTROL_CHARACTERS, engine
from reports.judged.assessment import assessment_paper
from reports.judged.portfolio import portfolio_paper
from reports.judged.source import JudgedSource, PortfolioSource


def html_of_judged(source: JudgedSource | PortfolioSource) -> str:
    """Print a source; what is no character in HTML falls out."""
    if isinstance(source, JudgedSource):
        paper, name = assessment_paper(source), "assessment"
        return _printed(name, {"paper": paper, "front": paper.front})
    whole = portfolio_paper(source)
    return _printed("portfolio", {"paper": whole, "front": whole.front})


def _printed(name: str, context: dict[str, object]) -> str:
    return engine().get_template(f"reports/judged/{name}.html").render(Context(context)).translate(CONTROL_CHARACTERS)
