"""Cover, document control and contents of reports of judgement."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.translation import gettext as _

from aims.days import day_of
from reports.judged.shapes import Front
from reports.judged.source import JudgedSource, PortfolioSource
from reports.paper import words
from reports.paper.meta import Certificate, Signature
from reports.paper.shapes import ContentsLine, Pair

CLAUSES = "ISO/IEC 42001:2023"


def front_of(source: JudgedSource, contents: tuple[ContentsLine, ...]) -> Front:
    """Return the front matter of one assessment's report."""
    body, who = source.body, source.organisation
    title = body["system"]["name"]
    running = _("%(code)s, edition %(edition)s") % {"code": body["code"], "edition": body["edition"]}
    return Front(
        title=title,
        kind=_("AI system impact assessment, %s") % f"{CLAUSES}, 6.1.4, 8.4, A.5",
        lead=_("What this AI system may do to individuals, groups and societies, and what was decided about it."),
        organisation=who.name,
        running=_("%s, draft") % running if source.is_draft else running,
        classification=_("Confidential"),
        mark=_mark(source.is_draft, who.is_demo),
        is_draft=source.is_draft,
        created=_stamp(source.generated_at if source.decided is None else source.decided.at),
        cover=_cover(source),
        control=_control(source),
        contents=contents,
    )


def front_of_portfolio(source: PortfolioSource) -> Front:
    """Return the front matter of the portfolio's report."""
    who = source.organisation
    day = words.long_day(source.today)
    return Front(
        title=_("Impact assessments, portfolio"),
        kind=_("AI system impact assessments, %s") % f"{CLAUSES}, 6.1.4, 8.4, A.5",
        lead=_("Where every AI system stands: its worst impact before measures, with those in place, and as targeted."),
        organisation=who.name,
        running=_("Impact assessments, %s") % day,
        classification=_("Confidential"),
        mark=_mark(False, who.is_demo),  # noqa: FBT003
        is_draft=False,
        created=_stamp(source.generated_at),
        cover=((_("As of"), day), (_("Systems"), str(len(source.found.systems))), (_("Class"), _("Confidential"))),
        control=(),
        contents=(),
    )


def _mark(is_draft: bool, is_demo: bool) -> str:  # noqa: FBT001
    if is_draft:
        return _("Draft, not decided. Demonstration data") if is_demo else _("Draft, not decided")
    return _("Demonstration data, not a real organisation") if is_demo else ""


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _cover(source: JudgedSource) -> tuple[Pair, ...]:
    body = source.body
    decided = words.decision(body.get("decision") or "") or source.state
    facts = [(_("Reference"), f"{body['code']}, {body['edition']}"), (_("Decision"), decided)]
    if source.decided:
        facts.append((_("Decided"), _day(source.decided.at, source)))
    else:
        facts.append((_("Made"), _day(source.generated_at, source)))
    if body.get("next_review_on"):
        facts.append((_("Next review"), words.day(body["next_review_on"])))
    return (*facts, (_("Class"), _("Confidential")))


def _day(at: datetime, source: JudgedSource) -> str:
    return words.long_day(day_of(at, source.organisation.time_zone))


def _control(source: JudgedSource) -> tuple[Pair, ...]:
    body = source.body
    system = f"{body['system']['code']} {body['system']['name']}"
    state = _("%s, superseded by a later edition") % source.state if source.is_superseded else source.state
    facts = (
        (_("Organisation"), source.organisation.name),
        (_("AI system"), system),
        (_("Version assessed"), body.get("system_version") or ""),
        (_("Assessment"), _("%(code)s, edition %(edition)s") % {"code": body["code"], "edition": body["edition"]}),
        (_("Replaces"), _("edition %s") % body["replaces"] if body.get("replaces") else ""),
        (_("State"), state if source.is_superseded or source.is_draft else source.state),
        (_("Author"), source.author),
        (_("Submitted by"), _who(source.submitted)),
        (_("Decided by"), _who(source.decided)),
        (_("Criteria"), _("version %s, frozen with the assessment") % body["criteria"]["number"]),
        (_("Jurisdictions"), ", ".join(body.get("jurisdictions") or [])),
        (_("Next review"), words.long_day(body.get("next_review_on"))),
        (_("Made"), _("%s UTC") % words.instant(source.generated_at)),
        (_("Signed by"), _signer(source.certificate)),
    )
    return tuple((label, text) for label, text in facts if text)


def _who(signature: Signature | None) -> str:
    if signature is None:
        return ""
    who = ", ".join(part for part in (signature.name, signature.job_title) if part)
    given = {"who": who, "when": words.instant(signature.at), "record": words.record(signature.record)}
    return _("%(who)s, %(when)s UTC, record %(record)s") % given


def _signer(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    text = format_html(_("{}, certificate with this SHA-256:"), certificate.name)
    return format_html("{}<br>{}", text, words.fingerprint(certificate.fingerprint))
