"""A value model as one document: what is written, sent by programs, and begun from. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from keepwell.kernel import slugs, speech
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import within_reach
from keepwell.outcomes import visibility
from keepwell.outcomes.formulas import ranges

MOST_INPUTS = 6
TITLE_LENGTH, UNIT_LENGTH, TEXT_LENGTH = 300, 40, 10_000
LARGEST = 1e12
Kind = Literal["time_saved", "revenue", "cost_avoided", "risk_reduced"]

Range = ranges.Range
KINDS = {
    "time_saved": speech.later("Time saved"),
    "revenue": speech.later("Revenue"),
    "cost_avoided": speech.later("Cost avoided"),
    "risk_reduced": speech.later("Risk reduced"),
}
CHANGES = {
    "": speech.later("The whole of it"),
    "rise": speech.later("What it rose above the baseline"),
    "fall": speech.later("What it fell below the baseline"),
}


class ValueInputDoc(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A factor. A fixed one has `likely` alone; `agreed_by` is a key of one of their people, or a name."""

    title: str
    slug: str = ""
    source: Literal["metric", "agreed", "fixed"] = "agreed"
    metric: str = ""
    over: Literal["mean", "last"] = "mean"
    unit: str = ""
    currency: str = ""
    low: float | None = None
    likely: float | None = None
    high: float | None = None
    change: Literal["", "rise", "fall"] = ""
    baseline_low: float | None = None
    baseline_likely: float | None = None
    baseline_high: float | None = None
    agreed_by: str = ""
    agreed_on: date | None = None
    evidence: str = ""
    labels: dict[str, str] = {}

    @property
    def figure(self) -> Range | None:
        """Its figure; None where none is given."""
        return _range(self.low, self.likely, self.high)

    @property
    def baseline(self) -> Range | None:
        """What it is compared with; None where none is given."""
        return _range(self.baseline_low, self.baseline_likely, self.baseline_high)

    @property
    def is_agreed(self) -> bool:
        """Whether somebody of the customer's agreed to its figures."""
        return bool(self.agreed_by) and self.agreed_on is not None


class ValueModelDoc(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """How an outcome's value is counted."""

    title: str
    kind: Kind
    objective: str = ""
    slug: str = ""
    basis: str = ""
    unit: str = ""
    notes: str = ""
    labels: dict[str, str] = {}
    inputs: tuple[ValueInputDoc, ...] = ()

    @property
    def currency(self) -> str:
        """The currency of the value; empty where it is no money."""
        return next((one.currency for one in self.inputs if one.currency), "")


def _range(low: float | None, likely: float | None, high: float | None) -> Range | None:
    """What of the three is given fills what is not: a low and a high have their middle, a likely one stands alone."""
    given = [figure for figure in (low, likely, high) if figure is not None]
    if not given:
        return None
    middle = likely if likely is not None else sum(given) / len(given)
    return Range(middle if low is None else low, middle, middle if high is None else high)


def read(given: Any) -> ValueModelDoc:
    """The model that tables state; refuses with the place and what is allowed there."""
    try:
        told = msgspec.convert(given, ValueModelDoc)
    except msgspec.ValidationError as error:
        raise Invalid("The value model cannot be read: %(error)s.", error=str(error)) from None
    return checked(told)


def template(given: Any) -> ValueModelDoc:
    """The model to begin from that tables state: of no outcome, and nobody has agreed to its figures yet."""
    doc = read(given)
    if doc.objective or any(one.agreed_by or one.agreed_on for one in doc.inputs):
        raise Invalid("A value model to begin from names no outcome and nobody who agreed.")
    return doc


def written(doc: ValueModelDoc) -> dict[str, Any]:
    """The same as tables, without what is left empty."""
    told: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(doc))
    return told


def checked(doc: ValueModelDoc) -> ValueModelDoc:
    """The document with a slug for everything; refuses what contradicts itself."""
    title = _title(doc.title)
    if not 1 <= len(doc.inputs) <= MOST_INPUTS:
        raise Invalid("A value model has 1 to %(most)s inputs.", most=MOST_INPUTS)
    if len(doc.basis) > TEXT_LENGTH or len(doc.notes) > TEXT_LENGTH:
        raise Invalid("A text of a value model has at most %(most)s characters.", most=TEXT_LENGTH)
    inputs: list[ValueInputDoc] = []
    taken: set[str] = set()
    for one in doc.inputs:
        slug = slugs.checked(one.slug) if one.slug else slugs.made_of(_title(one.title))
        if slug in taken:
            raise Invalid('"%(slug)s" is there twice in the value model.', slug=slug)
        taken.add(slug)
        inputs.append(_input(one, slug))
    _measured_in(doc)
    if not any(_is_open(one) for one in inputs):
        raise Invalid(
            "Every figure of this model is a point, so its value would be one too. "
            "Give at least one agreed figure a low and a high that differ."
        )
    labels = visibility.checked("value_model", doc.labels)
    slug = slugs.checked(doc.slug) if doc.slug else slugs.made_of(title)
    return msgspec.structs.replace(
        doc, slug=slug, title=title, unit=_unit(doc.unit), labels=labels, inputs=tuple(inputs)
    )


def _measured_in(doc: ValueModelDoc) -> None:
    money = [one.currency for one in doc.inputs if one.currency]
    if len(money) > 1:
        raise Invalid("Two inputs are money. Money times money is nothing; let one of them be a count.")
    if not money and not doc.unit.strip():
        raise Invalid("No input is money. Say what the value is counted in, such as hours.")


def _is_open(one: ValueInputDoc) -> bool:
    """Whether it leaves a range: given with one, or not given yet."""
    if one.source == "fixed":
        return False
    given = [figure for figure in (one.figure, one.baseline if one.change else None) if figure is not None]
    return (one.source == "agreed" and one.figure is None) or any(not figure.is_point for figure in given)


def _input(one: ValueInputDoc, slug: str) -> ValueInputDoc:
    title = _title(one.title)
    figures = (
        one.low,
        one.likely,
        one.high,
        one.baseline_low,
        one.baseline_likely,
        one.baseline_high,
    )
    if any(figure is not None and not abs(figure) <= LARGEST for figure in figures):
        raise Invalid("A figure of a value model lies between -1e12 and 1e12.")
    for named in (figures[:3], figures[3:]):
        given = [figure for figure in named if figure is not None]
        if given != sorted(given):
            raise Invalid(
                '"%(title)s": low is at most likely, and likely at most high. Put the three in order.',
                title=title,
            )
    if one.currency and not (len(one.currency) == 3 and one.currency.isalpha() and one.currency.isupper()):
        raise Invalid('"%(currency)s" is no currency. Use its three letters, such as EUR.', currency=one.currency)  # fmt: skip
    if (one.source == "metric") != bool(one.metric):
        raise Invalid('"%(title)s": a measured input names its measure, others name none.', title=title)
    if one.source == "fixed" and (one.likely is None or one.low is not None or one.high is not None):
        raise Invalid('"%(title)s" is fixed: it has one figure and no range.', title=title)
    if one.agreed_on is not None:
        within_reach(one.agreed_on)
    if len(one.agreed_by) > TITLE_LENGTH or len(one.evidence) > TEXT_LENGTH:
        raise Invalid("A text of a value model has at most %(most)s characters.", most=TEXT_LENGTH)
    labels = visibility.checked("value_input", one.labels)
    figure = _cleared() if one.source == "metric" else _filled(one)
    return msgspec.structs.replace(
        one, slug=slug, title=title, unit=_unit(one.unit), agreed_by=one.agreed_by.strip(), labels=labels, **figure
    )  # fmt: skip


def _cleared() -> Mapping[str, Any]:
    """What is measured has no figure of its own."""
    return {"low": None, "likely": None, "high": None}


def _filled(one: ValueInputDoc) -> Mapping[str, Any]:
    if one.source == "fixed" or one.figure is None:
        return {}
    return {"low": one.figure.low, "likely": one.figure.likely, "high": one.figure.high}


def _title(title: str) -> str:
    said = title.strip()
    if not said or len(said) > TITLE_LENGTH:
        raise Invalid(
            "A value model and each of its inputs need a title of 1 to %(most)s characters.",
            most=TITLE_LENGTH,
        )
    return said


def _unit(unit: str) -> str:
    said = unit.strip()
    if len(said) > UNIT_LENGTH:
        raise Invalid("A unit has at most %(most)s characters.", most=UNIT_LENGTH)
    return said
