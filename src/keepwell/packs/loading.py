"""Read a pack's folder of TOML files; whatever is wrong is named by file, place and what is allowed there."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from keepwell.health import cards
from keepwell.kernel import slugs, tables
from keepwell.kernel.errors import Invalid, NotFound, Refused
from keepwell.metrics import catalogue, departures
from keepwell.metrics.catalogue import METRICS, Metric
from keepwell.metrics.conditions import tree
from keepwell.metrics.conditions.vocabulary import Subject, Vocabulary
from keepwell.outcomes import journey, template, value_document
from keepwell.outcomes.journey import Journey
from keepwell.packs.pack import Pack, PlanFile, PlaybookFile, RuleFile, ScorecardFile, SegmentFile, ValueFile
from keepwell.plays import cadence, practice
from keepwell.plays import declared as plays
from keepwell.plays.cadence import Cadence
from keepwell.segments.queries import vocabulary
from keepwell.segments.queries.vocabulary import METRIC, SEGMENT
from keepwell.signals import declared

SHIPPED = Path(__file__).parent
PACK_KEYS = ("slug", "title", "sentence", "version", "order", "departure", "incidents")
SEGMENT_KEYS = ("slug", "title", "sentence", "condition")
RULE_KEYS = ("slug", "title", *declared.KEYS)
PLAYBOOK_KEYS = ("slug", "title", *plays.KEYS)


def shipped() -> tuple[str, ...]:
    """The slugs of the packs that come with Keepwell."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/pack.toml")))


def find(slug: str) -> Pack:
    """A shipped pack by its slug."""
    if slug not in shipped():
        raise NotFound(
            'There is no practice pack "%(slug)s". There are %(listed)s.',
            slug=slug,
            listed=", ".join(shipped()),
        )
    return load(SHIPPED / slug)


def load(folder: Path) -> Pack:
    """The pack in a folder: pack.toml, metrics/*.toml, segments/*.toml, scorecards/*.toml, rules/*.toml, playbooks/*.toml,
    plans/*.toml, value/*.toml; and cadence.toml and journey.toml, if it states how often customers are met and how their
    phases go.

    What is in one file may rest on what is in another. A few queries where conditions are stated, for they may also ask
    about what the company declared; none otherwise.
    """
    given = _table(folder / "pack.toml", folder)
    with _In("pack.toml"):
        tables.only(given, PACK_KEYS, "the pack")
        texts = {key: tables.text(given, key, "the pack") for key in ("slug", "title", "sentence")}
        slugs.checked(texts["slug"])
        version, order = _version(given), _order(given)
        departure = departures.read(given["departure"]) if "departure" in given else None
        answered = practice.read(given["incidents"]) if "incidents" in given else None
    metrics = tuple(_metric(path, folder) for path in sorted(folder.glob("metrics/*.toml")))
    stated = [_segment(path, folder) for path in sorted(folder.glob("segments/*.toml"))]
    known = _Known(metrics, [segment for _, segment in stated])
    segments = [known.segment(segment, name) for name, segment in stated]
    scorecards = tuple(_scorecard(path, folder, known) for path in sorted(folder.glob("scorecards/*.toml")))
    rules = tuple(_rule(path, folder, known) for path in sorted(folder.glob("rules/*.toml")))
    playbooks = tuple(_playbook(path, folder, known) for path in sorted(folder.glob("playbooks/*.toml")))
    plans = tuple(_plan(path, folder, known) for path in sorted(folder.glob("plans/*.toml")))
    value = tuple(_value(path, folder, known) for path in sorted(folder.glob("value/*.toml")))
    for slug in order:
        if slug not in {card.slug for card in scorecards}:
            there = ", ".join(card.slug for card in scorecards) or "none"
            raise Invalid(
                'pack.toml: scorecard "%(slug)s" is in none of the files. There are: %(there)s.',
                slug=slug,
                there=there,
            )
    return Pack(
        **texts, version=version, order=order, departure=departure, practice=answered, metrics=metrics,
        segments=_after_those_below(segments), scorecards=scorecards, rules=rules, playbooks=playbooks,
        cadence=_cadence(folder), journey=_journey(folder, known),
        plans=plans, value=value,
    )  # fmt: skip


def _cadence(folder: Path) -> Cadence | None:
    path = folder / "cadence.toml"
    if not path.exists():
        return None
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        return cadence.read(given)


def _journey(folder: Path, known: "_Known") -> Journey | None:
    path = folder / "journey.toml"
    if not path.exists():
        return None
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        return journey.read(given, condition=known.condition, metrics=known.metrics)


class _Known:
    """The words of conditions in a pack: those of the company, and what the pack itself brings."""

    def __init__(self, metrics: Sequence[Metric], segments: Sequence[SegmentFile]) -> None:
        own = [each for metric in metrics for each in (metric, *metric.parts)]
        self.metrics = METRICS | {metric.slug: metric for metric in own}
        self._segments = segments

    @cached_property
    def words(self) -> Vocabulary:
        return self._with_own(vocabulary.accounts())

    def _with_own(self, company: Vocabulary) -> Vocabulary:
        own = [Subject(METRIC + m.slug, m.title, "number", m.unit) for m in self.metrics.values()]
        own += [Subject(SEGMENT + s.slug, f"In segment {s.title}", "truth") for s in self._segments]
        return Vocabulary(
            {**company.subjects, **{word.slug: word for word in own}},
            company.open,
            {**company.more, **vocabulary.windowed(self.metrics.values())},
        )

    def segment(self, segment: SegmentFile, name: Path) -> SegmentFile:
        """The segment with its condition as it will be stored; refuses one that cannot be read."""
        with _In(name):
            return replace(segment, condition=tree.written(vocabulary.read(segment.condition, self.words)))

    def condition(self, given: Any) -> Any:
        """A condition as it will be stored; refuses one that cannot be read."""
        try:
            return tree.written(vocabulary.read(given, self._with_own(vocabulary.shipped())))
        except Invalid:  # it may ask about what the company declared
            return tree.written(vocabulary.read(given, self.words))

    def card(self, definition: dict[str, Any]) -> None:
        """Refuse a card that cannot be read."""
        cards.read(definition, self.words if cards.asks(definition) else None, self.metrics)

    def rule(self, definition: dict[str, Any]) -> dict[str, Any]:
        """The rule as it will be stored; refuses one that cannot be read."""
        try:
            return declared.read(definition, self._with_own(vocabulary.shipped()), plain=False).written
        except Invalid:  # it may ask about what the company declared
            return declared.read(definition, self.words, plain=False).written

    def playbook(self, definition: dict[str, Any]) -> dict[str, Any]:
        """The playbook as it will be stored; refuses one that cannot be read."""
        try:
            return plays.read(definition, self._with_own(vocabulary.shipped()), plain=False).written
        except Invalid:  # it may ask about what the company declared
            return plays.read(definition, self.words, plain=False).written


def _version(given: Mapping[str, Any]) -> int:
    found = given.get("version", 1)
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise Invalid('the pack: "version" must be a whole number from 1, not %(found)s.', found=repr(found))
    return found


def _order(given: Mapping[str, Any]) -> tuple[str, ...]:
    found = given.get("order")
    if not isinstance(found, list) or not found or not all(isinstance(slug, str) for slug in found):
        raise Invalid('the pack: "order" must be a list of scorecards, the first that applies judges.')
    return tuple(found)


def _metric(path: Path, folder: Path) -> Metric:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        metric = catalogue.read(given)
        if metric.slug in METRICS:
            raise Invalid(
                '"%(slug)s" is a metric that Keepwell brings. Choose another slug.', slug=metric.slug
            )
    return metric


def _segment(path: Path, folder: Path) -> tuple[Path, SegmentFile]:
    given, name = _table(path, folder), path.relative_to(folder)
    with _In(name):
        tables.only(given, SEGMENT_KEYS, "the segment")
        slug, title = (
            slugs.checked(tables.text(given, "slug", "the segment")),
            tables.text(given, "title", "the segment"),
        )
        if "condition" not in given:
            raise Invalid('the segment: "condition" is missing. State which accounts belong to it.')
    return name, SegmentFile(slug, title.strip(), str(given.get("sentence", "")).strip(), given["condition"])


def _after_those_below(segments: Sequence[SegmentFile]) -> tuple[SegmentFile, ...]:
    """Each after the segments of the pack that it rests on."""
    below = {s.slug: vocabulary.slugs_of(s.condition, SEGMENT) for s in segments}
    own = {slug: asked & below.keys() for slug, asked in below.items()}
    by_slug = {segment.slug: segment for segment in segments}
    try:
        return tuple(by_slug[slug] for slug in TopologicalSorter(own).static_order())
    except CycleError as error:
        path = " → ".join(error.args[1])
        raise Invalid(
            "segments: one cannot rest on itself: %(path)s. Say one of them without the other.", path=path
        ) from None


def _scorecard(path: Path, folder: Path, known: _Known) -> ScorecardFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        slug, title = (
            slugs.checked(tables.text(given, "slug", "the card")),
            tables.text(given, "title", "the card"),
        )
        definition = {key: value for key, value in given.items() if key not in ("slug", "title")}
        known.card(definition)
    return ScorecardFile(slug, title, definition)


def _rule(path: Path, folder: Path, known: _Known) -> RuleFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        tables.only(given, RULE_KEYS, "the rule")
        slug, title = (
            slugs.checked(tables.text(given, "slug", "the rule")),
            tables.text(given, "title", "the rule").strip(),
        )
        definition = {key: value for key, value in given.items() if key not in ("slug", "title")}
        return RuleFile(slug, title, known.rule(definition))


def _playbook(path: Path, folder: Path, known: _Known) -> PlaybookFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        tables.only(given, PLAYBOOK_KEYS, "the playbook")
        slug = slugs.checked(tables.text(given, "slug", "the playbook"))
        title = tables.text(given, "title", "the playbook").strip()
        definition = {key: value for key, value in given.items() if key not in ("slug", "title")}
        return PlaybookFile(slug, title, known.playbook(definition))


def _plan(path: Path, folder: Path, known: _Known) -> PlanFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        slug = slugs.checked(tables.text(given, "slug", "the plan"))
        title = tables.text(given, "title", "the plan").strip()
        said = template.read({key: value for key, value in given.items() if key not in ("slug", "title")})
        if unknown := sorted(template.metrics(said) - known.metrics.keys()):
            raise Invalid(
                'There is no measure "%(metric)s". Look for its slug under Measures.', metric=unknown[0]
            )
        return PlanFile(slug, title, template.written(said))


def _value(path: Path, folder: Path, known: _Known) -> ValueFile:
    given = _table(path, folder)
    with _In(path.relative_to(folder)):
        said = value_document.template(given)
        if unknown := sorted({one.metric for one in said.inputs if one.metric} - known.metrics.keys()):
            raise Invalid(
                'There is no measure "%(metric)s". Look for its slug under Measures.', metric=unknown[0]
            )
        return ValueFile(said.slug, value_document.written(said))


def _table(path: Path, folder: Path) -> dict[str, Any]:
    name = path.relative_to(folder)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Invalid(
            "%(name)s is missing in %(folder)s. A pack is a folder with a pack.toml.",
            name=name,
            folder=folder,
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid("%(name)s is no TOML: %(error)s.", name=name, error=str(error)) from None


class _In:
    """Puts the file's name before whatever is refused inside."""

    def __init__(self, name: object) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise Invalid("%(name)s: %(error)s", name=self.name, error=str(error)) from None
