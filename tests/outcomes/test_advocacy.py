"""Who can be asked for what, who was asked when, what came of it; nobody is over-asked; customers that are alike."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.access.actions import settings as company
from keepwell.health.models import Proof, Score, Scorecard, ScorecardVersion, Standing
from keepwell.health.queries import portfolio
from keepwell.intake.actions import records
from keepwell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from keepwell.ledger.models import Account
from keepwell.ledger.queries import accounts, people
from keepwell.outcomes import models, quarters
from keepwell.outcomes.actions import advocacy as deeds
from keepwell.outcomes.actions import value_statements
from keepwell.outcomes.queries import advocacy, advocates, alike
from keepwell.outcomes.queries.advocates import Stood
from tests import world as cast
from tests.outcomes import value as worth
from tests.world import NOW, TESTS, TODAY, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    """Birch and Elm are healthy, each with a champion; Birch's finance is a promoter, Elm's is none."""
    found = cast.build()
    put(
        "people",
        {"key": "bea", "name": "Bea", "account": "birch", "stance": "champion"},
        {"key": "bob", "name": "Bob", "account": "birch"},
        {"key": "eva", "name": "Eva", "account": "elm", "stance": "champion"},
        {"key": "eli", "name": "Eli", "account": "elm"},
        {"key": "wim", "name": "Wim", "account": "willow", "stance": "champion"},
    )
    for person, account, score in (("bob", "birch", 10), ("eli", "elm", 7)):
        row = {"key": f"s-{person}", "account": account, "person": person, "kind": "nps", "score": score}
        put("surveys", {**row, "answered_at": (NOW - DAY * 3).isoformat()})
    for key, band in (("birch", "green"), ("elm", "green"), ("willow", "red")):
        stands(Account.objects.get(key=key), band)
    return found


def stands(account: Account, band: str) -> None:
    """An account that was judged so today."""
    card = Scorecard.objects.get_or_create(slug="card", defaults={"title": "Card"})[0]
    told: dict[str, Any] = {"definition": {}, "created_at": NOW, "changed_at": NOW}
    version = ScorecardVersion.objects.get_or_create(scorecard=card, number=1, defaults=told)[0]
    score = Score.objects.create(
        account=account, version=version, as_of=TODAY, band=band, points=50, parts=[], known_weight=100, low=50, high=50,
        batch=0, computed_at=NOW,
    )  # fmt: skip
    Standing.objects.create(account=account, band=band, since=NOW, score=score)


def put(kind: str, *rows: dict[str, Any]) -> None:
    told = records.put(kind=kind, rows=list(rows), source="tests", by=TESTS, at=NOW)
    assert {one.outcome for one in told} == {"created"}, told


def whose(scope: Any = TESTS) -> Any:
    return {"of": portfolio.whose("all", seen_by=scope), "seen_by": scope}


def suggested(day: date = TODAY, **more: Any) -> list[str]:
    return [one.person for one in advocates.of_book(day=day, **whose(), **more)]


def asked(person: str = "bea", account: str = "birch", *, on: date = TODAY, **more: Any) -> int:
    told: dict[str, Any] = {"kind": "reference", "by": TESTS, "at": NOW, **more}
    return deeds.ask(account=account, person=person, on=on, **told)


def test_healthy_champions_and_promoters_are_suggested_with_reasons(world: World) -> None:
    found = {one.person: one for one in advocates.of_book(day=TODAY, **whose())}
    assert set(found) == {"bea", "bob", "eva"}
    assert found["bob"].reasons == ("green", "promoter", "rested")
    assert found["bea"].reasons == ("green", "champion", "rested")
    assert found["bob"].points > found["eva"].points
    assert advocates.of_book(day=TODAY, **whose(world.scope("cleo"))) == ()


def test_who_was_asked_rests_and_with_it_the_account(world: World) -> None:
    number = asked(on=TODAY - DAY * 10)
    assert suggested() == ["eva"]
    barred = {one.person: one.bars for one in advocates.of_book(day=TODAY, also_barred=True, **whose())}
    assert barred == {"eva": (), "bea": ("rests", "waits"), "bob": ("rests",)}
    with pytest.raises(deeds.Rests, match="not answered"):
        asked()
    with pytest.raises(deeds.Rests, match="rests for 180 days"):
        asked("bob")
    with pytest.raises(deeds.Rests):
        asked("bob", anyway=True)
    asked("bob", anyway=True, note="They offered it themselves.")
    deeds.answer(ask_id=number, answer="yes", on=TODAY, by=TESTS, at=NOW)
    deeds.rest(days=5, by=TESTS, at=NOW)
    assert advocacy.rest_days() == 5
    assert "bea" in suggested(day=TODAY + DAY * 5)
    with pytest.raises(Forbidden):
        deeds.rest(days=5, by=world.scope("ada"), at=NOW)
    with pytest.raises(Invalid):
        deeds.rest(days=-1, by=TESTS, at=NOW)


def test_never_means_never(world: World) -> None:
    number = asked(on=TODAY - DAY * 400)
    deeds.answer(ask_id=number, answer="never", on=TODAY - DAY * 399, by=TESTS, at=NOW)
    assert "bea" not in suggested()
    with pytest.raises(deeds.Rests, match="does not want"):
        asked(anyway=True, note="Please")
    assert "bob" in suggested()


def test_later_is_a_day(world: World) -> None:
    number = asked(on=TODAY - DAY * 200)
    told: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW, "on": TODAY - DAY * 199}
    with pytest.raises(Invalid, match="later"):
        deeds.answer(answer="no", again_on=TODAY, **told)
    deeds.answer(answer="later", again_on=TODAY + DAY * 30, **told)
    assert "bea" not in suggested()
    with pytest.raises(deeds.Rests, match="from"):
        asked()
    assert "bea" in suggested(day=TODAY + DAY * 30)


def test_something_comes_of_a_yes_alone_and_everything_is_taken_back_in_turn(world: World) -> None:
    number = asked(on=TODAY - DAY, for_whom="Oak", kind="case_study")
    told: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW, "on": TODAY}
    with pytest.raises(Conflict, match="before they said yes"):
        deeds.note_outcome(text="A story", **told)
    deeds.answer(answer="yes", note="Gladly", **told)
    with pytest.raises(Conflict, match="noted already"):
        deeds.answer(answer="no", **told)
    with pytest.raises(Invalid, match="no address"):
        deeds.note_outcome(text="A story", link="ftp://x", **told)
    deeds.note_outcome(text="A story", link="https://stories.test/1", **told)
    with pytest.raises(Conflict):
        deeds.note_outcome(text="Another", **told)
    (one,) = advocacy.asks(**whose(), state="came")
    assert (one.answer, one.outcome, one.link, one.person_name) == (
        "yes",
        "A story",
        "https://stories.test/1",
        "Bea",
    )
    back: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW}
    assert [deeds.take_back(**back) for _ in range(3)] == ["outcome", "answer", "ask"]
    assert not models.AdvocateAsk.objects.exists()
    with pytest.raises(NotFound):
        deeds.take_back(**back)
    relay.all_waiting(at=NOW)
    told_names = frames.events(until=NOW + DAY, accounts=[world.birch.pk], kind="fact").to_native().collect()
    assert {"advocacy.asked", "advocacy.answered", "advocacy.came", "advocacy.withdrawn"} <= set(
        told_names["name"]
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "song"}, "not known"),
        ({"person": "eva"}, "has nobody"),
        ({"on": TODAY + DAY}, "to come"),
    ],
)
def test_an_ask_that_makes_no_sense_is_refused(world: World, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        asked(**wrong)
    assert not models.AdvocateAsk.objects.exists()


def test_cleo_finds_nothing_of_it(world: World) -> None:
    number, cleo = asked(), world.scope("cleo")
    assert advocacy.asks(**whose(cleo)) == ()
    for deed in (
        lambda: advocacy.find(ask_id=number, seen_by=cleo),
        lambda: asked("eva", "elm", by=cleo),
        lambda: deeds.answer(ask_id=number, answer="yes", on=TODAY, by=cleo, at=NOW),
        lambda: deeds.take_back(ask_id=number, by=cleo, at=NOW),
        lambda: alike.find(account="birch", day=TODAY, **whose(cleo)),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_similar_customer_is_found_with_what_it_did_for_us(world: World) -> None:
    Account.objects.filter(key__in=("birch", "willow")).update(
        industry="Logistics", tier="mid", arr_reporting=100
    )
    Account.objects.filter(key="elm").update(industry="Health", tier="mid", arr_reporting=900)
    number = asked(on=TODAY - DAY)
    deeds.answer(ask_id=number, answer="yes", on=TODAY, by=TESTS, at=NOW)
    deeds.note_outcome(ask_id=number, text="A call with Oak", on=TODAY, by=TESTS, at=NOW)
    first, second = alike.find(account="willow", day=TODAY, **whose())
    assert (first.account, first.alike, first.stories[0].outcome) == (
        "birch", ("industry", "tier", "size"), "A call with Oak",
    )  # fmt: skip
    assert (second.account, second.alike, [one.person for one in second.suggestions]) == (
        "elm",
        ("tier",),
        ["eva"],
    )
    assert advocacy.rest_days() == 180
    company.put(key=advocacy.KEY, value="odd", by=TESTS, at=NOW)
    assert advocacy.rest_days() == 180


def test_confirmed_value_ranks_and_says_how_much(world: World) -> None:
    before = {one.person: one for one in advocates.of_book(day=TODAY, **whose())}
    value("elm")
    assert next(one for one in advocates.of_book(day=TODAY, **whose()) if one.person == "eva").value is None
    company.put(key="reporting_currency", value="EUR", by=TESTS, at=NOW)
    found = {one.person: one for one in advocates.of_book(day=TODAY, **whose())}
    assert "value" in found["eva"].reasons
    assert found["eva"].points > before["eva"].points
    assert found["eva"].value_on == date(2026, 4, 20)
    assert found["eva"].value is not None
    assert (found["eva"].value.amount, found["eva"].value.currency) == (9360, "EUR")
    assert found["bea"].value is None
    assert "value" not in found["bea"].reasons
    late = {one.person: one for one in advocates.of_book(day=date(2027, 4, 20), **whose())}
    assert "value" not in late["eva"].reasons, "a year later it speaks for nobody"


def value(key: str) -> None:
    """Fran of the account confirmed the value of a quarter."""
    told: dict[str, Any] = {"account": key, "by": TESTS, "at": NOW}
    put("people", {"key": "dora", "name": "Dora", "account": key})
    worth.model(account=key)
    (first,) = value_statements.count(quarter=quarters.read("2026-Q1"), **told)
    value_statements.confirm(statement=first, who="Fran", on=date(2026, 4, 20), words="Yes.", **told)


def test_whether_the_card_is_proven_is_said(world: World) -> None:
    def proofs_said() -> set[str]:
        return {one.proof for one in advocates.of_book(day=TODAY, **whose(world.scope("ada")))}

    assert proofs_said() == {""}
    version = ScorecardVersion.objects.get()
    told: dict[str, Any] = {"version": version, "departure": {}, "horizon_days": 90, "step_days": 7}
    Proof.objects.create(asked_at=NOW - DAY, state="done", figures={"verdict": "weak"}, **told)
    assert proofs_said() == {"weak"}
    Proof.objects.create(asked_at=NOW, state="done", figures={"verdict": "proven"}, **told)
    Proof.objects.create(asked_at=NOW, state="running", **told)
    assert proofs_said() == {"proven"}
    version.definition = {"changed": "since"}
    version.save()
    assert proofs_said() == {""}, "what was proven is not what is in force"


def test_a_kind_weighs_what_fits_it_and_leaves_out_who_gave_it(world: World) -> None:
    def points(kind: str) -> dict[str, int]:
        return {one.person: one.points for one in advocates.of_book(day=TODAY, kind=kind, **whose())}

    assert points("speaking")["bea"] > points("")["bea"]
    assert points("review")["bob"] > points("")["bob"]
    deeds.rest(days=0, by=TESTS, at=NOW)
    number = asked(on=TODAY - DAY * 5, kind="case_study")
    told: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW, "on": TODAY}
    deeds.answer(answer="yes", **told)
    deeds.note_outcome(text="A story", **told)
    assert "bea" not in points("case_study")
    assert "bea" in points("reference")
    with pytest.raises(Invalid, match="not known"):
        points("song")


def test_a_book_is_searched_and_read_in_parts(world: World) -> None:
    assert [one.person for one in advocates.of_book(day=TODAY, search="elm", **whose())] == ["eva"]
    asked(for_whom="Quokka", on=TODAY - DAY)
    asked("eva", "elm", kind="logo")
    assert [one.person for one in advocacy.asks(search="quokka", **whose())] == ["bea"]
    assert [one.person for one in advocacy.asks(limit=1, **whose())] == ["eva"]
    assert [one.person for one in advocacy.asks(offset=1, limit=1, **whose())] == ["bea"]
    assert [one.person for one in advocacy.each(kind="logo", **whose())] == ["eva"]
    assert advocacy.tally(**whose()) == {"open": 2, "yes": 0, "later": 0, "no": 0, "never": 0, "came": 0}


def test_the_asks_of_an_account_are_told_as_of_a_day_and_as_known_then(world: World) -> None:
    number = asked(on=TODAY - DAY * 9)
    told: dict[str, Any] = {"ask_id": number, "by": TESTS, "at": NOW}
    deeds.answer(answer="yes", on=TODAY - DAY * 6, **told)
    deeds.note_outcome(text="A call", on=TODAY - DAY * 3, **told)

    def stood(ago: int, **more: Any) -> list[tuple[str, str]]:
        found = advocacy.of_account(account="birch", seen_by=TESTS, day=TODAY - DAY * ago, **more)
        return [(one.answer, one.outcome) for one in found]

    assert [stood(ago) for ago in (10, 8, 5, 2)] == [[], [("", "")], [("yes", "")], [("yes", "A call")]]
    assert stood(2, known_by=NOW - DAY * 2) == [], "nobody had noted it by then"
    with pytest.raises(NotFound):
        advocacy.of_account(account="birch", seen_by=world.scope("cleo"), day=TODAY)


def test_at_one_account_everybody_who_likes_us_stands_with_why_not_now(world: World) -> None:
    def at(key: str, band: str) -> dict[str, tuple[str, ...]]:
        account = accounts.find(key=key, seen_by=TESTS)
        stood = Stood(
            account, band, "", "", 0, False, False, people.of_account(account_id=account.id, seen_by=TESTS)
        )
        return {one.person: one.bars for one in advocates.at_account(stood=stood, seen_by=TESTS, day=TODAY)}

    assert at("birch", "green") == {"bob": (), "bea": ()}
    assert at("willow", "red") == {"wim": ("health",)}
    asked()
    assert at("birch", "green") == {"bea": ("rests", "waits"), "bob": ("rests",)}
