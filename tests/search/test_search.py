"""Anything is found by a few letters of its name, by whoever may see it, and by nobody else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.kernel.errors import Invalid
from keepwell.ledger.actions import accounts, people
from keepwell.ledger.models import Account, Stakeholder
from keepwell.outcomes.actions import advocacy
from keepwell.outcomes.actions import journeys as frictions
from keepwell.plays.actions import tasks
from keepwell.plays.models import Task
from keepwell.search.actions import index
from keepwell.search.formulas import marks
from keepwell.search.models import Due, Entry
from keepwell.search.queries import search
from tests import world
from tests.world import NOW, TESTS, World

TOLD: dict[str, Any] = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
NAMES = (
    "Ångström Werke",
    "🚀 Nimbus Labs",
    "ענבלון דרום",
    "شركة مرجان الوادي",
    "东京电力 集团",
    "Łódź Freight",
    "Willowbrook",
)


@pytest.fixture
def cast(db: None) -> World:
    made = world.build()
    accounts.upsert(rows=[{"key": f"n{n}", "name": name} for n, name in enumerate(NAMES)], **TOLD)
    people.upsert(
        rows=[
            {"key": "p1", "name": "Grace Hopper", "email": "grace.hopper@willow.test", "account": "willow"},
            {"key": "p2", "name": "Grażyna Öztürk", "account": "n0", "title": "Chief of staff"},
        ],
        **TOLD,
    )
    index.catch_up()
    return made


def found(text: str, cast: World, who: str = "root", **more: Any) -> list[str]:
    return [one.title for one in search.answers(text, seen_by=cast.scope(who), **more)]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("willow", "Willow"), ("WILL", "Willow"), ("angstr", "Ångström Werke"), ("Angström wer", "Ångström Werke"),
        ("werke ang", "Ångström Werke"), ("🚀", "🚀 Nimbus Labs"), ("nimb", "🚀 Nimbus Labs"), ("דרום", "ענבלון דרום"),
        ("مرجان", "شركة مرجان الوادي"), ("电力", "东京电力 集团"), ("东京", "东京电力 集团"), ("lodz", "Łódź Freight"),
        ("wi", "Willow"), ("e", "Elm"), ("wilow", "Willow"), ("angstorm", "Ångström Werke"), ("nimbsu lab", "🚀 Nimbus Labs"),
        ("gracehop", ""), ("grace hop", "Grace Hopper"), ("hoper", "Grace Hopper"),
        ("grace.hopper@willow.test", "Grace Hopper"),
        ("ozturk", "Grażyna Öztürk"), ("chief", "Grażyna Öztürk"), ("active peop", "Active people"), ("zzzzzz", ""), ("", ""),
        ("%_'\"\\", ""), ("n3", "شركة مرجان الوادي"),
    ],
)  # fmt: skip
def test_what_is_typed_finds(cast: World, typed: str, title: str) -> None:
    assert found(typed, cast)[:1] == ([title] if title else [])


def test_nobody_finds_what_is_not_theirs(cast: World) -> None:
    assert "Willow" in found("willow", cast, "ada")
    assert "Willow" in found("willow", cast, "ben"), "of the same team"
    for typed in ("willow", "wilow", "wi", "grace", "grace.hopper@willow.test"):
        assert found(typed, cast, "cleo", kind="account") == []
        assert found(typed, cast, "cleo", kind="person") == []
    assert found("nimbus", cast, "ada") == [], "nobody's account"


def test_one_s_own_come_first_and_what_was_opened_lately_before(cast: World) -> None:
    for number in range(4):
        accounts.upsert(rows=[{"key": f"birch{number}", "name": f"Birch {number}"}], **TOLD)
    index.catch_up()
    mine = Account.objects.get(key="birch2")
    accounts.assign(account=mine, user=cast.root, role="csm", by=TESTS, at=NOW)
    assert found("birch", cast, own=cast.root.pk)[:2] == ["Birch", "Birch 2"], (
        "what is called so exactly stays first"
    )
    assert found("birc", cast, own=cast.root.pk)[0] == "Birch 2"
    assert found("birc", cast, own=cast.root.pk, recent=["birch3"])[0] == "Birch 3"


def test_one_kind_alone(cast: World) -> None:
    assert found("willow", cast, kind="person") == []
    assert found("grace", cast, kind="person") == ["Grace Hopper"]
    with pytest.raises(Invalid, match="account"):
        found("grace", cast, kind="unicorn")


def test_the_index_follows_what_is_written(cast: World) -> None:
    accounts.upsert(rows=[{"key": "willow", "name": "Weeping Willow"}], **TOLD)
    people.upsert(rows=[{"key": "p1", "name": "Grace Brewster Hopper"}], **TOLD)
    assert index.catch_up() == 2
    assert found("weeping", cast) == ["Weeping Willow"]
    assert found("brewster", cast) == ["Grace Brewster Hopper"]
    accounts.upsert(rows=[{"key": "willow", "name": "Weeping Willow"}], **TOLD)
    assert index.catch_up() == 0, "nothing that is searched for has changed"
    Account.objects.filter(key="n1").delete()
    index.catch_up()
    assert found("nimbus", cast) == []


def test_tasks_are_found_until_they_are_done(cast: World) -> None:
    Task.objects.create(account=cast.elm, title="Call the sponsor", due_at=NOW, created_at=NOW)
    index.catch_up()
    assert found("sponsor", cast, "ada") == ["Call the sponsor"]
    assert found("sponsor", cast, "cleo") == []
    tasks.complete(task_id=Task.objects.get().pk, by=cast.scope("ada"), at=NOW)
    index.catch_up()
    assert found("sponsor", cast, "ada") == []


WRITES = st.lists(
    st.tuples(
        st.sampled_from(["account", "person", "remove", "look"]), st.integers(0, 3), st.sampled_from(NAMES)
    ),
    max_size=12,
)


def rows() -> list[tuple[Any, ...]]:
    return sorted(
        Entry.objects.values_list(
            "kind", "number", "account", "key", "title", "also", "weight", "lead", "marks"
        )
    )


@settings(max_examples=15, deadline=None)
@given(writes=WRITES)
@pytest.mark.django_db
def test_following_gives_the_rows_of_a_rebuild(writes: list[tuple[str, int, str]]) -> None:
    Account.objects.all().delete()
    for what, number, name in writes:
        if what == "account":
            accounts.upsert(rows=[{"key": f"k{number}", "name": name}], **TOLD)
        elif what == "person":
            people.upsert(rows=[{"key": f"p{number}", "name": name, "account": f"k{number % 2}"}], **TOLD)
        elif what == "remove":
            Account.objects.filter(key=f"k{number}").delete()
        else:
            index.catch_up()
    index.catch_up()
    followed = rows()
    index.rebuild()
    assert rows() == followed
    assert not Due.objects.exists()


@given(
    st.text(alphabet="abcd", min_size=5, max_size=9),
    st.integers(0, 3),
    st.sampled_from("wtmd"),
    st.sampled_from("abcd"),
)
def test_one_slip_among_the_first_letters_has_a_mark_in_common(
    word: str, place: int, slip: str, sign: str
) -> None:
    wrong = {
        "w": word[:place] + sign + word[place + 1 :],
        "t": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        "m": word[:place] + word[place + 1 :],
        "d": word[:place] + sign + word[place:],
    }[slip]
    if len(wrong) >= marks.HEAD:
        assert set(marks.loosely(wrong)) & set(marks.of_words((word,)))


def test_a_search_asks_the_same_few_queries_whatever_there_is(cast: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            found("birch", cast, "ada", own=cast.ada.pk)
        return len(captured)

    before = asked()
    many = [{"key": f"b{number}", "name": f"Birch {number}"} for number in range(80)]
    accounts.upsert(rows=many, **TOLD)
    index.catch_up()
    assert asked() <= before <= 10


def test_people_of_no_account_are_found_by_who_sees_everything_until_they_belong_to_one(cast: World) -> None:
    people.upsert(rows=[{"key": "p9", "name": "Hedy Lamarr", "email": "hedy@nowhere.test"}], **TOLD)
    index.catch_up()
    (one,) = search.answers("lamarr", seen_by=cast.scope("root"))
    assert (one.kind, one.key, one.hint) == ("unplaced", "p9", "hedy@nowhere.test")
    assert found("hedy@nowhere", cast) == ["Hedy Lamarr"]
    assert found("lamarr", cast, "ada") == []
    people.upsert(rows=[{"key": "p9", "account": "willow"}], **TOLD)
    index.catch_up()
    assert [one.kind for one in search.answers("lamarr", seen_by=cast.scope("ada"))] == ["person"]
    assert found("lamarr", cast, kind="unplaced") == []
    Stakeholder.objects.all().delete()
    index.catch_up()
    kinds = {one.kind for one in search.answers("hopper", seen_by=cast.scope("root"))}
    assert kinds == {"unplaced"}, "nobody belongs anywhere now"
    before = sorted(Entry.objects.values_list("kind", "number"))
    index.rebuild()
    assert sorted(Entry.objects.values_list("kind", "number")) == before


def test_asks_and_frictions_are_found_by_whom_for_whom_and_what_came(cast: World) -> None:
    number = advocacy.ask(
        account="willow",
        person="p1",
        kind="reference",
        on=NOW.date(),
        for_whom="Quokka Ltd",
        by=TESTS,
        at=NOW,
    )
    frictions.note(account="willow", text="The migration was rough", on=NOW.date(), by=TESTS, at=NOW)
    index.catch_up()
    assert found("quokka", cast, "ada") == ["Grace Hopper · Quokka Ltd"]
    assert found("rough migration", cast, "ada") == ["The migration was rough"]
    assert found("quokka", cast, "cleo") == found("rough", cast, "cleo") == []
    told: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW, "on": NOW.date()}
    advocacy.answer(answer="yes", **told)
    advocacy.note_outcome(text="A call about turbines", **told)
    people.upsert(rows=[{"key": "p1", "name": "Grace Brewster"}], **TOLD)
    index.catch_up()
    assert found("turbines", cast, "ada") == ["Grace Brewster · Quokka Ltd"]
    for _ in range(3):
        advocacy.take_back(ask_id=number, by=TESTS, at=NOW)
    index.catch_up()
    assert found("quokka", cast, "ada") == []
