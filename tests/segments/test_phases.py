"""Phases by rule: the first that holds, told by hand instead, asked for by conditions; with history and reasons."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from keepwell.access.actions import tokens
from keepwell.health.queries import book
from keepwell.health.queries.sheet.question import Question
from keepwell.kernel.errors import Conflict, Forbidden, Invalid
from keepwell.ledger.actions import accounts, relay
from keepwell.metrics.actions import values
from keepwell.metrics.conditions import judging
from keepwell.metrics.conditions.operators import OPERATORS
from keepwell.metrics.conditions.tree import Leaf
from keepwell.metrics.conditions.vocabulary import Subject
from keepwell.segments.actions import memberships, phases, segments
from keepwell.segments.formulas import phasing
from keepwell.segments.models import Membership
from keepwell.segments.queries import phases as reads
from keepwell.segments.queries import segments as found
from keepwell.segments.queries import vocabulary
from tests import world
from tests.metrics.happenings import happen, uses
from tests.world import NOW, TESTS, TODAY, World

DAY = timedelta(days=1)
PHASE = Subject("phase", "Phase", "text")
RULES = {slug: Leaf(Subject(slug, slug, "truth"), OPERATORS["true"], value=True) for slug in ("a", "b", "c")}
ANSWERS = st.sampled_from([True, False, None])
ASKED = st.sampled_from(
    [("is", "b"), ("is_not", "b"), ("in", ("a", "d")), ("not_in", ("a",)), ("known", True)]
)


@given(ANSWERS, ANSWERS, ANSWERS, st.sampled_from([None, "b", "d"]), st.sampled_from([None, "d"]), ASKED)
def test_the_first_rule_that_holds_is_the_phase_unless_somebody_said_another(
    a: Any, b: Any, c: Any, by_hand: Any, imported: Any, asked: tuple[str, Any]
) -> None:
    name, value = asked
    leaf = Leaf(PHASE, None if name == "known" else OPERATORS[name], value)
    row = {"a": a, "b": b, "c": c, "phase.by_hand": by_hand, "phase": imported}
    answer = judging.judge(phasing.asked(leaf, RULES), row, as_of=date(2026, 1, 1)).holds
    worlds = [(w, _phase(dict(zip("abc", w, strict=True)), by_hand, imported)) for w in _worlds(a, b, c)]
    said = {None if p is None and name != "known" else _holds(leaf, p) for _, p in worlds}
    if answer is not None:
        assert said == {answer}
    elif None not in (a, b, c):
        assert said == {None}


def _worlds(*answers: bool | None) -> list[tuple[bool, ...]]:
    return list(itertools.product(*([True, False] if one is None else [one] for one in answers)))


def _phase(rules: dict[str, bool], by_hand: str | None, imported: str | None) -> str | None:
    return by_hand or next((slug for slug, holds in rules.items() if holds), imported)


def _holds(leaf: Leaf, phase: str | None) -> bool:
    if leaf.operator is None:
        return phase is not None
    return leaf.operator.holds(phase, leaf.value, date(2026, 1, 1))


@pytest.fixture
def cast() -> World:
    return world.build()


def say(slug: str, condition: dict[str, Any]) -> None:
    segments.save(slug=slug, title=slug.title(), condition=condition, by=TESTS, at=NOW)


def refresh(since: dict[int, date] | None = None) -> None:
    values.refresh(since_by_account=since, as_of=TODAY)
    memberships.refresh(since_by_account=since, as_of=TODAY)


def declared(cast: World) -> None:
    """Birch uses the product, Willow did, Elm and Ash never."""
    happen(*(uses("birch", ago) for ago in range(1, 9)), *(uses("willow", ago) for ago in (50, 49, 48)))
    say("adoption", {"of": "metric.active_days", "at_least": 3})
    say("asleep", {"of": "metric.active_days", "known": True})
    say("grown", {"all": [{"of": "phase", "is": "adoption"}, {"of": "name", "known": True}]})
    phases.declare(slugs=["adoption", "asleep"], by=TESTS, at=NOW)
    refresh()


def members(slug: str) -> set[str]:
    return {row.key for row in found.members(slug=slug, seen_by=TESTS)}


def history(cast: World, name: str) -> list[tuple[str, str]]:
    account = getattr(cast, name)
    return [(row.phase, row.by) for row in reads.history(account_id=account.pk, seen_by=TESTS)]


@pytest.mark.django_db
def test_phases_follow_rules_with_their_history_and_conditions_ask_for_them(cast: World) -> None:
    declared(cast)
    assert members("grown") == {"birch"}
    assert [phase for phase, _ in history(cast, "willow")] == ["asleep", "adoption", "asleep", "unknown"]
    now = reads.now(account_id=cast.birch.pk, seen_by=TESTS)
    assert now is not None
    assert (now.title, now.by, now.because) == ("Adoption", "rule", ("Active days 3 days (at least 3 days)",))
    assert {row.phase: row.accounts for row in reads.counts(seen_by=TESTS)} == {
        "adoption": 1, "asleep": 1, "unknown": 2,
    }  # fmt: skip
    assert reads.history(account_id=cast.birch.pk, seen_by=cast.scope("cleo")) == ()


@pytest.mark.django_db
def test_the_list_of_accounts_shows_filters_and_groups_by_the_phase_of_the_rules(cast: World) -> None:
    declared(cast)
    phases.override(account="elm", phase="adoption", reason="their pilot", by=cast.scope("ada"), at=NOW)
    rows = book.page(seen_by=TESTS, asked=Question(columns=("phase",), group="phase")).rows
    ruled = {"birch": "adoption", "elm": "adoption", "willow": "asleep", "ash": None}
    assert {row.key: row.more["phase"] for row in rows} == ruled
    assert {row.key: row.group for row in rows} == ruled
    condition = vocabulary.read({"of": "phase", "is": "adoption"})
    adopting = book.page(seen_by=TESTS, asked=Question(condition=condition))
    assert {row.key for row in adopting.rows} == {"birch", "elm"}


@pytest.mark.django_db
def test_ada_says_another_phase_and_why_and_the_rules_say_it_again(cast: World) -> None:
    declared(cast)
    ada = cast.scope("ada")
    with pytest.raises(Invalid, match="Say why"):
        phases.override(account="willow", phase="adoption", reason=" ", by=ada, at=NOW)
    with pytest.raises(Invalid, match=r'"won" is no phase\. Use one of adoption, asleep'):
        phases.override(account="willow", phase="won", reason="they said", by=ada, at=NOW)
    phases.override(account="willow", phase="adoption", reason="their pilot restarts", by=ada, at=NOW)
    with pytest.raises(Conflict, match="by hand already"):
        phases.override(account="willow", phase="asleep", reason="no", by=ada, at=NOW)
    relay.all_waiting(at=NOW)
    refresh({cast.willow.pk: TODAY})
    assert members("grown") == {"birch", "willow"}
    now = reads.now(account_id=cast.willow.pk, seen_by=TESTS)
    assert now is not None
    assert (now.by, now.who, now.because) == ("hand", "Ada", ("their pilot restarts",))
    step = list(
        Membership.objects.order_by("segment", "account", "since").values_list("segment", "state", "since")
    )
    Membership.objects.all().delete()
    refresh()
    assert step == list(
        Membership.objects.order_by("segment", "account", "since").values_list("segment", "state", "since")
    )
    phases.end(account="willow", by=ada, at=NOW)
    refresh({cast.willow.pk: TODAY})
    assert members("grown") == {"birch"}


@pytest.mark.django_db
def test_without_rules_the_phase_is_what_came_in(cast: World) -> None:
    rows = [{"key": "elm", "phase": "pilot"}]
    accounts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    say("piloting", {"of": "phase", "is": "pilot"})
    happen(uses("elm", 1))
    refresh()
    assert members("piloting") == {"elm"}
    assert reads.now(account_id=cast.elm.pk, seen_by=TESTS) is None


@pytest.mark.django_db
def test_a_phase_cannot_rest_on_the_phase_nor_be_retired(cast: World) -> None:
    declared(cast)
    with pytest.raises(Invalid, match="cannot rest on itself"):
        phases.declare(slugs=["grown"], by=TESTS, at=NOW)
    assert reads.declared() == ("adoption", "asleep")
    with pytest.raises(Invalid, match="cannot rest on itself"):
        say("asleep", {"of": "phase", "is": "adoption"})
    with pytest.raises(Invalid, match="The order of phases"):
        segments.retire(slug="asleep", by=TESTS, at=NOW)
    with pytest.raises(Forbidden):
        phases.declare(slugs=[], by=cast.scope("ada"), at=NOW)
    with pytest.raises(Invalid, match='no segment "none"'):
        phases.declare(slugs=["none"], by=TESTS, at=NOW)


@pytest.mark.django_db
def test_phases_over_the_api(cast: World) -> None:
    declared(cast)

    def client(name: str) -> Client:
        token = tokens.create(user=getattr(cast, name), name="tests", by=TESTS, at=NOW, may_write=True)
        return Client(headers={"Authorization": f"Bearer {token}"})

    root, ada, cleo = client("root"), client("ada"), client("cleo")
    said = root.put("/api/v1/phases", {"phases": ["asleep"]}, content_type="application/json").json()
    assert [row["phase"] for row in said] == ["asleep", "unknown"]
    assert ada.put("/api/v1/phases", {"phases": []}, content_type="application/json").status_code == 403
    told = {"phase": "asleep", "reason": "on leave"}
    made = ada.post("/api/v1/phases/birch", told, content_type="application/json")
    assert (made.status_code, made.json()[0]["who"], made.json()[0]["by"]) == (201, "Ada", "hand")
    assert cleo.get("/api/v1/phases/birch").status_code == 404
    assert ada.delete("/api/v1/phases/birch").status_code == 204
