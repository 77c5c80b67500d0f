"""The draft of a case study: from confirmed value, outcomes that were reached and words that may be used; and it on paper."""

from collections.abc import Sequence
from datetime import datetime

from keepwell.drafting import case_words, plan_sheet, prose, typesetting, value_words
from keepwell.drafting.plan_sheet import SheetObjective
from keepwell.kernel import speech
from keepwell.outcomes.queries.shared_case import SharedCase

TEMPLATE = "case_study.typ"


def text(case: SharedCase, quotes: Sequence[tuple[str, str]], *, industry: str) -> str:
    """The draft with simple marks. What is lacking stands in square brackets, to be filled by hand."""
    reached = {one.title for one in case.reached}
    plan = None if case.plan is None else plan_sheet.sheet(case.plan)
    outcomes = () if plan is None else plan.objectives
    told = [one for one in outcomes if one.title in reached]
    vision = "" if plan is None else plan.vision
    title = told[0].title if told else speech.told("[what was reached]")
    parts = [
        f"# {case.account_name}: {_line(title)}",
        _about(case.account_name, industry),
        f"## {speech.told('What they wanted')}",
        _line(vision) or speech.told("[Say in a sentence what they wanted.]"),
        "\n".join(f"- **{_line(one.title)}**{_why(one)}" for one in outcomes),
        f"## {speech.told('What was reached')}",
        "\n".join(_reached(one) for one in told) or speech.told("[No outcome is noted as reached yet.]"),
        f"## {speech.told('What it was worth')}",
        _worth(case),
        f"## {speech.told('In their words')}",
        "\n\n".join(_quoted(*one) for one in quotes) or speech.told("[No words of theirs may be used yet.]"),
    ]
    return "\n\n".join(part for part in parts if part)


def pdf(name: str, written: str, *, draft: bool, at: datetime) -> bytes:
    """The text on paper; one that is not published says that it is a draft."""
    told = {
        "name": name,
        "blocks": prose.blocks(written),
        "note": speech.told("Draft. Not for publication before the customer agreed.") if draft else "",
        "language": speech.language()[:2],
    }
    return typesetting.pdf(TEMPLATE, told, {}, at=at)


def _about(name: str, industry: str) -> str:
    if industry:
        return speech.told(
            "%(name)s works in %(industry)s. [Say who they are.]", name=name, industry=industry
        )
    return speech.told("[Say who %(name)s is.]", name=name)


def _line(said: str) -> str:
    """On one line, without marks of its own."""
    return " ".join(said.replace("*", " ").replace("#", " ").split())


def _why(one: SheetObjective) -> str:
    return f": {_line(one.why)}" if one.why else ""


def _reached(one: SheetObjective) -> str:
    figures = [
        speech.told("%(title)s from %(baseline)s to %(now)s", title=_line(each.title), baseline=each.baseline, now=each.now)
        for each in one.indicators
        if each.now != "–" and each.baseline != "–"
    ]  # fmt: skip
    said = f"- **{_line(one.title)}**"
    if one.until:
        said += f" ({one.until})"
    return f"{said}: {'; '.join(figures)}" if figures else said


def _worth(case: SharedCase) -> str:
    sure = case.totals.confirmed
    if not sure.count:
        return speech.told("[No value is confirmed yet.]")
    first, more = case_words.worth(sure)
    quarters = sorted({each.quarter for one in case.models for each in one.statements if each.is_confirmed})
    said = speech.told(
        "Confirmed by the customer for %(quarters)s: **%(range)s**.",
        quarters=", ".join(value_words.quarter(one) for one in quarters),
        range="; ".join(part for part in (first, more) if part),
    )
    how = [
        _line(one.basis) for one in case.models if one.basis and any(e.is_confirmed for e in one.statements)
    ]
    return "\n\n".join([said, *how, speech.said(value_words.COMPARED)])


def _quoted(words: str, name: str) -> str:
    who = name or speech.told("one of theirs")
    return f"“{_line(words)}” **{_line(who)}**"
