"""What a metric is, and every metric that Keepwell brings: declared in `builtin/*.toml`, a file for each group.

Pages, API, scorecards and contract tests are made from what is declared. What a company defines stands in rows beside it:
`metrics.queries.catalogue` has both.
"""

import tomllib
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal, get_args

from keepwell.kernel import slugs, speech, tables
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.metrics import apart, declaring, measures, wording
from keepwell.metrics.apart import OWN, Per, Rollup
from keepwell.metrics.measures import Measure

Group = Literal[
    "usage", "adoption", "relationship", "service", "voice", "value", "delivery", "commercial", "custom"
]
GROUPS: tuple[str, ...] = get_args(Group)
TEXTS = ("slug", "title", "unit", "sentence", "unknown_when")
SPOKEN = ("title", "sentence", "unknown_when")  # those of what Keepwell brings are translated
KEYS = (*TEXTS, "better", "group", "kept", "parameters", "measure", "per", "rollup")


@dataclass(frozen=True)
class Metric:
    """One number about an account on a day.

    `sentence` says what it is, `unknown_when` when there is no answer; `parameters` are the settings it
    may have. `group` is where it stands in lists, `builtin` whether Keepwell brings it; `kept`, whether its history is
    stored, which else is computed when somebody asks for it. `per` tells it apart, by product for example; `rollup` says
    how an account with others below it answers from them. `base` is the metric that it is a part of, empty for a whole one.
    """

    slug: str
    title: str
    unit: str
    better: Literal["up", "down"]
    sentence: str
    unknown_when: str
    measure: Measure
    parameters: tuple[str, ...] = ()
    group: Group = "custom"
    builtin: bool = False
    kept: bool = True
    per: Per | None = None
    rollup: Rollup | None = None
    base: str = ""

    @property
    def window_days(self) -> int | None:
        """How many whole days, the asked day included, the metric looks back; None: as far as anything is
        known.
        """
        return measures.window_days(self.measure)

    @property
    def reason(self) -> str:
        """What an unknown answer says."""
        said = self.unknown_when[0].upper() + self.unknown_when[1:]
        return speech.later(said) if self.builtin else said

    @property
    def words(self) -> str:
        """What is computed, in words."""
        said = wording.words(self.measure)
        if self.rollup is None:
            return said
        return speech.told("%(said)s; %(rollup)s.", said=said.removesuffix("."), rollup=self.rollup.words)

    @property
    def whole(self) -> str:
        """The slug of the metric that was declared."""
        return self.slug.partition(":")[0]

    @property
    def own(self) -> "Metric":
        """What is known of an account itself, whatever stands below it."""
        return (
            self
            if self.rollup is None
            else replace(self, slug=f"{self.slug}:{OWN}", rollup=None, base=self.slug)
        )

    @property
    def parts(self) -> tuple["Metric", ...]:
        """The same of each value by which it is told apart."""
        return () if self.per is None else tuple(_part(self, self.per, value) for value in self.per.among)


def _part(metric: Metric, per: Per, value: str) -> Metric:
    return replace(
        metric,
        slug=f"{metric.slug}:{value}",
        title=speech.later("%(title)s · %(value)s", title=metric.title, value=value),
        sentence=speech.later(
            "%(sentence)s Only where the %(property)s is %(value)s.",
            sentence=metric.sentence,
            property=per.title,
            value=value,
        ),
        measure=measures.narrowed(metric.measure, per.only(value)),
        per=None,
        base=metric.slug,
    )


def read(given: Any, where: str = "the metric", *, builtin: bool = False) -> Metric:
    """The metric that a table states; refuses with the place and what is allowed there."""
    tables.only(given, KEYS, where)
    texts = {name: tables.text(given, name, where).strip() for name in TEXTS}
    if builtin:
        texts |= {name: speech.later(texts[name]) for name in SPOKEN}
    better, group = given.get("better", "up"), given.get("group", "custom")
    if better not in ("up", "down"):
        raise Invalid('%(where)s: "better" is up or down, not %(better)s.', where=where, better=repr(better))
    if group not in GROUPS:
        raise Invalid(
            '%(where)s: "group" is one of %(listed)s, not %(group)s.',
            where=where,
            listed=", ".join(GROUPS),
            group=repr(group),
        )
    slugs.checked(texts["slug"])
    return Metric(
        **texts,
        better=better,
        group=group,
        builtin=builtin,
        kept=bool(given.get("kept", not builtin)),
        parameters=tuple(given.get("parameters", ())) if builtin else (),
        measure=(measure := declaring.read(given.get("measure"), f"{where}: measure")),
        per=apart.read_per(given.get("per"), measure, where),
        rollup=apart.read_rollup(given.get("rollup"), where),
    )


def written(metric: Metric) -> dict[str, Any]:
    """The same as a table, as `read` takes it."""
    texts = {name: getattr(metric, name) for name in TEXTS}
    said = texts | {
        "better": metric.better,
        "group": metric.group,
        "kept": metric.kept,
        "measure": declaring.written(metric.measure),
    }
    more = {"per": metric.per, "rollup": metric.rollup}
    return said | {name: declared.written for name, declared in more.items() if declared is not None}


def _shipped() -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for group in GROUPS[:-1]:
        text = resources.files("keepwell.metrics").joinpath(f"builtin/{group}.toml").read_text("utf-8")
        for given in tomllib.loads(text)["metric"]:
            metric = read(given | {"group": group}, f"{group}.toml", builtin=True)
            found[metric.slug] = metric
    return found


METRICS: dict[str, Metric] = _shipped()


def find(slug: str) -> Metric:
    """The built-in metric of this slug."""
    try:
        return METRICS[slug]
    except KeyError:
        raise NotFound(
            '"%(slug)s" is no metric. Known: %(listed)s.', slug=slug, listed=", ".join(METRICS)
        ) from None
