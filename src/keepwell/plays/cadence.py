"""How often customers are met, and what each phase of their life leaves behind: as a company declares it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.kernel import slugs, tables
from keepwell.kernel.errors import Invalid
from keepwell.plays.cadence_words import (
    asked_kinds,
    named_roles,
    named_words,
    optional_days,
    titled,
    whole,
)

KEYS = ("bands", "tiers", "phases")
TIER_KEYS = ("title", "names", "times", "every_days", "counts", "automated")
PHASE_KEYS = (
    "slug", "title", "names", "owner", "from_day", "until_day", "before_renewal_days", "touchpoints", "outputs",
)  # fmt: skip
TOUCH_KEYS = ("slug", "title", "kinds", "times", "every_days", "counts", "from_day", "until_day", "tiers")
OUTPUT_KEYS = ("slug", "title", "due_days", "owner")
COUNTS = ("calendar", "working")
BANDS = ("red", "yellow", "green")
MOST_PHASES, MOST_OF_PHASE, MOST_TIERS, MOST_DAYS, MOST_TIMES = 20, 20, 20, 400, 20

# Playbook and glossary: a red account is spoken with each week, a yellow one each month, a green one each quarter.
USUAL: dict[str, Any] = {"bands": {"red": 7, "yellow": 30, "green": 91}, "tiers": {}, "phases": []}


@dataclass(frozen=True)
class Rhythm:
    """So many conversations in every so many days, calendar or working ones."""

    every_days: int
    times: int = 1
    counts: str = "calendar"

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes; what is usual is left out."""
        said: dict[str, Any] = {"every_days": self.every_days}
        if self.times != 1:
            said["times"] = self.times
        if self.counts != COUNTS[0]:
            said["counts"] = self.counts
        return said


@dataclass(frozen=True)
class Tier:
    """How often accounts of a tier are met; `names` are what accounts call it. Automated (no rhythm): by programmes alone."""

    slug: str
    title: str
    names: tuple[str, ...]
    rhythm: Rhythm | None

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        told = {"automated": True} if self.rhythm is None else self.rhythm.written
        return {"title": self.title, "names": list(self.names), **told}


@dataclass(frozen=True)
class Touch:
    """A conversation that a phase asks for, on the days of the phase with from_day ≤ day < until_day (None: to its end).

    No `kinds`: any conversation; no `tiers`: every account.
    """

    slug: str
    title: str
    kinds: tuple[str, ...]
    rhythm: Rhythm
    from_day: int = 0
    until_day: int | None = None
    tiers: tuple[str, ...] = ()

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        said: dict[str, Any] = {
            "slug": self.slug, "title": self.title, "kinds": list(self.kinds), **self.rhythm.written,
            "from_day": self.from_day, "until_day": self.until_day, "tiers": list(self.tiers),
        }  # fmt: skip
        return {key: value for key, value in said.items() if value not in ([], None) and value != 0}


@dataclass(frozen=True)
class Output:
    """A document or deed that a phase leaves behind, so many days after it began; `owner` are roles."""

    slug: str
    title: str
    due_days: int
    owner: tuple[str, ...] = ()

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        said = {"slug": self.slug, "title": self.title, "due_days": self.due_days}
        return {**said, "owner": list(self.owner)} if self.owner else said


@dataclass(frozen=True)
class Phase:
    """A phase of the life of an account: who leads it, what is asked of it.

    An account is in it when its own phase has one of the `names`; else by days: so long after it became a customer, or so
    long before its renewal.
    """

    slug: str
    title: str
    names: tuple[str, ...]
    owner: tuple[str, ...]
    from_day: int | None
    until_day: int | None
    before_renewal_days: int | None
    touchpoints: tuple[Touch, ...]
    outputs: tuple[Output, ...]

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        said: dict[str, Any] = {
            "slug": self.slug, "title": self.title, "names": list(self.names), "owner": list(self.owner),
            "from_day": self.from_day, "until_day": self.until_day, "before_renewal_days": self.before_renewal_days,
            "touchpoints": [one.written for one in self.touchpoints],
            "outputs": [one.written for one in self.outputs],
        }  # fmt: skip
        return {key: value for key, value in said.items() if value is not None}


@dataclass(frozen=True)
class Cadence:
    """All of it; bands and tiers by slug."""

    bands: Mapping[str, Rhythm]
    tiers: Mapping[str, Tier]
    phases: tuple[Phase, ...]

    @property
    def written(self) -> dict[str, Any]:
        """What `read` takes."""
        return {
            "bands": {slug: one.written for slug, one in self.bands.items()},
            "tiers": {slug: one.written for slug, one in self.tiers.items()},
            "phases": [one.written for one in self.phases],
        }

    def phase(self, slug: str) -> Phase | None:
        """The phase of a slug."""
        return next((one for one in self.phases if one.slug == slug), None)

    def tier(self, name: str) -> Tier | None:
        """The tier that an account means."""
        said = name.strip().lower()
        return next((one for one in self.tiers.values() if said and said in one.names), None)

    @property
    def longest_days(self) -> int:
        """The longest that any rhythm looks back, in calendar days."""
        rhythms = [*self.bands.values(), *(t.rhythm for t in self.tiers.values() if t.rhythm is not None)]
        rhythms += [touch.rhythm for phase in self.phases for touch in phase.touchpoints]
        return max((one.every_days * (1 if one.counts == COUNTS[0] else 3) for one in rhythms), default=0)


def read(given: Any) -> Cadence:
    """The cadence that is stated, bands that are left out as usual; refuses with the place and what is allowed there."""
    tables.only(given, KEYS, "cadence")
    bands = {**USUAL["bands"], **_table(given.get("bands", {}), "bands")}
    tables.only(bands, BANDS, "bands")
    tiers = _table(given.get("tiers", {}), "tiers")
    if len(tiers) > MOST_TIERS:
        raise Invalid("tiers: %(most)s are the most.", most=MOST_TIERS)
    told = {slugs.checked(str(slug)): _tier(str(slug), one) for slug, one in tiers.items()}
    phases = [_phase(one, n, told) for n, one in enumerate(_rows(given, "phases", MOST_PHASES, "cadence"), 1)]
    _once([phase.slug for phase in phases], "phases")
    return Cadence({band: _band(band, bands[band]) for band in BANDS}, told, tuple(phases))


def usual() -> Cadence:
    """What holds where nothing was declared."""
    return read({})


def _band(band: str, given: Any) -> Rhythm:
    if isinstance(given, Mapping):
        tables.only(given, ("times", "every_days", "counts"), f"bands.{band}")
        return _rhythm(given, f"bands.{band}")
    return Rhythm(whole({"every_days": given}, "every_days", 1, MOST_DAYS, f"bands.{band}"))


def _tier(slug: str, given: Any) -> Tier:
    where = f"tiers.{slug}"
    tables.only(given, TIER_KEYS, where)
    rhythm = None if given.get("automated") is True else _rhythm(given, where)
    return Tier(slug, titled(given, where), named_words(given.get("names", [slug]), where), rhythm)


def _rhythm(given: Mapping[str, Any], where: str) -> Rhythm:
    counts = given.get("counts", COUNTS[0])
    if counts not in COUNTS:
        raise Invalid(
            '%(where)s: "counts" is one of %(listed)s, not "%(counts)s".',
            where=where, listed=", ".join(COUNTS), counts=counts,
        )  # fmt: skip
    return Rhythm(
        whole(given, "every_days", 1, MOST_DAYS, where),
        whole({"times": 1, **given}, "times", 1, MOST_TIMES, where),
        counts,
    )


def _phase(given: Any, number: int, tiers: Mapping[str, Tier]) -> Phase:
    where = f"phases, number {number}"
    tables.only(given, PHASE_KEYS, where)
    slug = slugs.checked(tables.text(given, "slug", where))
    where = f"phases.{slug}"
    touches = tuple(_touch(one, where, tiers) for one in _rows(given, "touchpoints", MOST_OF_PHASE, where))
    outputs = tuple(_output(one, where) for one in _rows(given, "outputs", MOST_OF_PHASE, where))
    _once([one.slug for one in touches], f"{where}.touchpoints")
    _once([one.slug for one in outputs], f"{where}.outputs")
    from_day, until_day = optional_days(given, where)
    before = given.get("before_renewal_days")
    return Phase(
        slug=slug,
        title=titled(given, where),
        names=named_words(given.get("names", [slug]), where),
        owner=named_roles(given.get("owner", ["csm"]), where),
        from_day=from_day,
        until_day=until_day,
        before_renewal_days=None if before is None else whole(given, "before_renewal_days", 1, MOST_DAYS, where),
        touchpoints=touches,
        outputs=outputs,
    )  # fmt: skip


def _touch(given: Any, where: str, tiers: Mapping[str, Tier]) -> Touch:
    where = f"{where}.touchpoints"
    tables.only(given, TOUCH_KEYS, where)
    slug = slugs.checked(tables.text(given, "slug", where))
    where = f"{where}.{slug}"
    from_day, until_day = optional_days(given, where)
    of = given.get("tiers", [])
    if not isinstance(of, list) or (unknown := [one for one in of if one not in tiers]):
        raise Invalid(
            '%(where)s: tier "%(tier)s" is not declared. There are: %(listed)s.',
            where=where, tier=unknown[0] if isinstance(of, list) else of, listed=", ".join(tiers) or "none",
        )  # fmt: skip
    return Touch(
        slug, titled(given, where), asked_kinds(given.get("kinds", []), where), _rhythm(given, where),
        from_day or 0, until_day, tuple(of),
    )  # fmt: skip


def _output(given: Any, where: str) -> Output:
    where = f"{where}.outputs"
    tables.only(given, OUTPUT_KEYS, where)
    slug = slugs.checked(tables.text(given, "slug", where))
    where = f"{where}.{slug}"
    owner = named_roles(given["owner"], where) if "owner" in given else ()
    return Output(slug, titled(given, where), whole(given, "due_days", 0, MOST_DAYS * 3, where), owner)


def _table(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise Invalid("%(where)s must be a table.", where=where)
    return given


def _rows(given: Mapping[str, Any], key: str, most: int, where: str) -> Sequence[Any]:
    found = given.get(key, [])
    if not isinstance(found, list) or len(found) > most:
        raise Invalid('%(where)s: "%(key)s" is a list of at most %(most)s.', where=where, key=key, most=most)
    return found


def _once(said: Sequence[str], where: str) -> None:
    if twice := sorted({slug for slug in said if said.count(slug) > 1}):
        raise Invalid('%(where)s: "%(slug)s" is there twice.', where=where, slug=twice[0])
