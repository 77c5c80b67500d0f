"""A pack carries metrics, segments and departure; another instance reads what one wrote."""

from datetime import timedelta
from pathlib import Path

import pytest

from keepwell.access.models import CompanySetting
from keepwell.access.queries import settings
from keepwell.health.models import Scorecard
from keepwell.health.queries import cards
from keepwell.kernel.errors import Conflict, Forbidden, Invalid
from keepwell.metrics.actions import definitions
from keepwell.metrics.models import MetricDefinition
from keepwell.metrics.queries import catalogue, departures
from keepwell.packs import actions, loading, queries, writing
from keepwell.packs.pack import Pack
from keepwell.plays.actions import cadences
from keepwell.plays.models import CadenceDeclaration
from keepwell.segments.actions import segments
from keepwell.segments.models import Segment
from keepwell.segments.queries import segments as reads
from keepwell.signals.actions import rules
from keepwell.signals.models import Rule
from tests import world
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FILES = {
    "pack.toml": """
slug = "bureau"
title = "Bureau"
sentence = "Few large customers."
version = 3
order = ["bureau-health"]
[departure]
kind = "silence"
days = 120
""",
    "metrics/exports.toml": """
slug = "exports"
title = "Exports"
unit = "exports"
better = "up"
sentence = "Exports of the last 28 days."
unknown_when = "nothing was ever used"
[measure]
take = "count"
days = 28
events = { where = { of = "name", is = "report.exported" } }
""",
    "segments/quiet.toml": """
slug = "quiet"
title = "Quiet"
condition = { all = [{ of = "segment.signed", true = true }, { of = "metric.exports", below = 2 }] }
""",
    "segments/signed.toml": """
slug = "signed"
title = "Signed"
sentence = "Pays us."
[condition]
of = "arr"
above = 0
""",
    "scorecards/health.toml": """
slug = "bureau-health"
title = "Bureau health"
least_known_percent = 50
applies = { not = { of = "segment.quiet", true = true } }
[bands]
green = ">= 75"
red = "< 50"
[[parts]]
measure = "exports"
metric = "exports"
label = "Exports"
weight = 100
green = "> 5"
red = "< 2"
""",
    "rules/falls.toml": """
slug = "falls"
title = "Health falls"
[when]
all = [{ of = "standing.band", is = "yellow" }, { of = "standing.before", is = "green" }]
""",
}


def written(folder: Path, **changed: str) -> Path:
    """The folder of the pack, some of its files otherwise."""
    writing.write(folder, {name: changed.get(Path(name).stem, text) for name, text in FILES.items()})
    return folder


def awake() -> set[str]:
    return set(Rule.objects.filter(active=True).values_list("slug", flat=True))


def install(pack: Pack) -> tuple[queries.Difference, ...]:
    return actions.install(pack=pack, by=TESTS, at=NOW)


def test_everything_in_a_pack_comes_into_force_at_once(tmp_path: Path) -> None:
    pack = loading.load(written(tmp_path))
    assert [segment.slug for segment in pack.segments] == ["signed", "quiet"]
    changed = install(pack)
    assert {(one.kind, one.slug, one.state) for one in changed} == {
        ("metric", "exports", "new"), ("segment", "signed", "new"), ("segment", "quiet", "new"),
        ("scorecard", "bureau-health", "new"), ("rule", "falls", "new"), ("company", "pack", "new"),
        ("company", "version", "new"), ("company", "scorecards", "new"), ("company", "departure", "new"),
    }  # fmt: skip
    assert catalogue.find("exports").title == "Exports"
    assert {view.slug for view in reads.everything(seen_by=TESTS)} == {"signed", "quiet"}
    assert cards.order() == ("bureau-health",)
    assert departures.declared().days == 120
    assert settings.get("pack_applied")["version"] == 3
    assert install(pack) == ()


def test_another_version_says_what_it_changes(tmp_path: Path) -> None:
    install(loading.load(written(tmp_path)))
    newer = written(
        tmp_path,
        pack=FILES["pack.toml"].replace("version = 3", "version = 4").replace("120", "90"),
        signed=FILES["segments/signed.toml"].replace("above = 0", "above = 1000"),
    )
    lines = [line for one in install(loading.load(newer)) for line in one.lines]
    assert lines == ["condition.above: 0 → 1000", "version: 3 → 4", "departure.days: 120 → 90"]


def test_rules_of_the_pack_before_watch_no_more_and_wake_with_it(tmp_path: Path) -> None:
    actions.apply(pack="saas", by=TESTS, at=NOW)
    pack = loading.load(written(tmp_path))
    ends = [one for one in queries.differences(pack) if one.state == "ends"]
    saas = loading.find("saas")
    assert {one.slug for one in ends if one.kind == "rule"} == {rule.slug for rule in saas.rules}
    assert {one.slug for one in ends if one.kind == "playbook"} == {book.slug for book in saas.playbooks}
    install(pack)
    assert awake() == {"falls"}
    assert "falls-into-red" in {
        one.slug for one in queries.differences(loading.find("saas")) if one.state == "new"
    }
    actions.apply(pack="agency", by=TESTS, at=NOW)
    assert awake() == {rule.slug for rule in loading.find("agency").rules}


def test_a_rule_that_a_company_made_itself_stays_awake(tmp_path: Path) -> None:
    actions.apply(pack="saas", by=TESTS, at=NOW)
    definition = loading.find("saas").rules[0].definition
    rules.put(slug="our-own", title="Ours", definition=definition, by=TESTS, at=NOW)
    install(loading.load(written(tmp_path)))
    assert awake() == {"falls", "our-own"}


def test_what_one_instance_wrote_another_reads_the_same(tmp_path: Path) -> None:
    install(loading.load(written(tmp_path / "first")))
    segments.save(
        slug="late", title='Says "late"', sentence="Über 30 Tage",
        condition={"not": {"of": "renewal_date", "within_days": 30}}, by=TESTS, at=NOW,
    )  # fmt: skip
    rhythms = {
        "bands": {"red": 5, "yellow": 20, "green": 60},
        "tiers": {"top": {"title": "Top", "every_days": 14}},
    }
    cadences.declare(definition=rhythms, by=TESTS, at=NOW)
    said = writing.files(slug="ours", title="Ours", sentence="As we work.", version=5, seen_by=TESTS)
    writing.write(tmp_path / "second", said)
    assert "every_days = 14" in said["cadence.toml"]
    again = loading.load(tmp_path / "second")
    assert (again.slug, again.version, again.departure) == ("ours", 5, departures.declared())
    same = {(one.kind, one.slug) for one in queries.differences(again) if one.state == "same"}
    assert same == {
        ("metric", "exports"), ("segment", "signed"), ("segment", "quiet"), ("segment", "late"),
        ("scorecard", "bureau-health"), ("rule", "falls"), ("company", "scorecards"), ("company", "departure"),
        ("company", "cadence"),
    }  # fmt: skip
    _forget_everything()
    install(again)
    assert writing.files(slug="ours", title="Ours", sentence="As we work.", version=5, seen_by=TESTS) == said


def _forget_everything() -> None:
    """As on an instance where nobody said anything yet."""
    Scorecard.objects.update(published=None)
    Rule.objects.update(published=None)
    for model in (Scorecard, MetricDefinition, Segment, Rule, CompanySetting, CadenceDeclaration):
        model.objects.all().delete()


def test_what_is_built_in_survives_being_written(tmp_path: Path) -> None:
    """Every form of measure that Keepwell brings is carried as if a company had defined it."""
    install(loading.load(written(tmp_path / "first")))
    brought = [metric for metric in catalogue.all_metrics() if metric.builtin and not metric.parameters]
    for metric in brought:
        said = {
            **catalogue.definition(metric.slug).definition,
            "slug": f"my_{metric.slug}",
            "group": "custom",
        }
        definitions.save(definition=said, by=TESTS, at=NOW)
    writing.write(
        tmp_path / "second", writing.files(slug="ours", title="Ours", sentence="All.", seen_by=TESTS)
    )
    found = {metric.slug: metric.measure for metric in loading.load(tmp_path / "second").metrics}
    assert found == {f"my_{metric.slug}": metric.measure for metric in brought} | {
        "exports": catalogue.find("exports").measure
    }


@pytest.mark.parametrize(
    ("stem", "before", "after", "complaint"),
    [
        ("exports", 'slug = "exports"', 'slug = "active_days"', "a metric that Keepwell brings"),
        ("exports", 'take = "count"', 'take = "cuont"', "metrics/exports.toml"),
        ("signed", 'of = "arr"', 'of = "ar"', 'segments/signed.toml: the condition: "ar" is nothing'),
        ("signed", 'of = "arr"\nabove = 0', 'of = "segment.quiet"\ntrue = true', "one cannot rest on itself"),
        ("signed", "[condition]", "[condiction]", '"condiction" is not known'),
        ("health", 'metric = "exports"', 'metric = "imports"', '"imports" is no metric'),
        ("health", "segment.quiet", "segment.loud", '"segment.loud" is nothing that can be asked'),
        ("pack", "version = 3", "version = 0.5", '"version" must be a whole number'),
        ("pack", "days = 120", "days = 1", "from 7 to 730"),
    ],
)
def test_a_wrong_file_is_refused_by_name(
    tmp_path: Path, stem: str, before: str, after: str, complaint: str
) -> None:
    text = next(text for name, text in FILES.items() if Path(name).stem == stem)
    assert before in text
    with pytest.raises(Invalid) as refused:
        loading.load(written(tmp_path, **{stem: text.replace(before, after, 1)}))
    assert complaint in str(refused.value)
    assert not Segment.objects.exists()


def test_only_a_pack_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Conflict, match="holds something else than a pack"):
        writing.write(tmp_path, FILES)
    folder = written(tmp_path / "pack")
    (folder / "segments" / "notes.txt").write_text("mine")
    writing.write(folder, {"pack.toml": FILES["pack.toml"]})
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["notes.txt", "pack.toml"]


def test_nothing_to_write_and_nobody_to_write_it() -> None:
    with pytest.raises(Invalid, match="No scorecard is published yet"):
        writing.files(slug="ours", title="Ours", sentence="All.", seen_by=TESTS)
    with pytest.raises(Forbidden):
        writing.files(slug="ours", title="Ours", sentence="All.", seen_by=world.build().scope("ada"))
