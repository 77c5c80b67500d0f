"""Whom one may ask: reasons, what speaks against it, and that a bar always wins. Pure."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keepwell.outcomes.formulas import advocating
from keepwell.outcomes.formulas.advocating import Asking, Candidate

DAY = date(2026, 6, 15)


def candidate(**more: Any) -> Candidate:
    usual: dict[str, Any] = {
        "band": "green", "stance": "champion", "nps": 10.0, "outcomes": 1, "incidents": 0, "renewal": None, "asked": (),
        "account_asked_on": None,
    }  # fmt: skip
    return Candidate(**{**usual, **more})


def test_a_healthy_champion_is_suggested_and_a_promoter_of_an_unhealthy_account_is_not() -> None:
    assert advocating.is_suggested(advocating.reasons(candidate(), day=DAY))
    assert advocating.is_suggested(advocating.reasons(candidate(stance=""), day=DAY))
    assert not advocating.is_suggested(advocating.reasons(candidate(band="yellow"), day=DAY))
    assert not advocating.is_suggested(advocating.reasons(candidate(stance="", nps=8.0), day=DAY))
    assert not advocating.is_suggested(advocating.reasons(candidate(stance="", nps=None), day=DAY))


def test_the_rest_ends_after_its_days() -> None:
    asked = DAY - timedelta(days=179)
    assert advocating.bars(candidate(account_asked_on=asked), day=DAY, rest_days=180) == ("rests",)
    assert (
        advocating.bars(candidate(account_asked_on=asked), day=DAY + timedelta(days=1), rest_days=180) == ()
    )
    assert advocating.bars(candidate(account_asked_on=DAY), day=DAY, rest_days=0) == ()


def test_what_somebody_answered_is_respected() -> None:
    old = DAY - timedelta(days=900)
    for answer, again, bar in (
        ("never", None, ("never",)),
        ("later", DAY + timedelta(days=1), ("later",)),
        ("later", DAY, ()),
        ("", None, ("waits",)),
        ("no", None, ()),
        ("yes", None, ()),
    ):
        one = candidate(asked=(Asking(old, answer, again, False),), account_asked_on=old)
        assert advocating.bars(one, day=DAY, rest_days=180) == bar, answer
    assert advocating.bars(candidate(incidents=1), day=DAY, rest_days=180) == ("incident",)


@given(st.booleans(), st.booleans(), st.integers(0, 3), st.integers(-30, 400))
def test_more_that_speaks_for_it_never_lowers_the_order(
    champion: bool, promoter: bool, outcomes: int, renews: int
) -> None:
    some = candidate(
        stance="champion" if champion else "", nps=9.0 if promoter else 3.0, outcomes=outcomes,
        renewal=DAY + timedelta(days=renews),
    )  # fmt: skip
    best = candidate(renewal=DAY + timedelta(days=renews))
    found, more = (advocating.points(advocating.reasons(one, day=DAY)) for one in (some, best))
    assert found <= more


def test_who_gave_just_that_within_the_year_is_not_asked_for_it_again() -> None:
    asked = (Asking(DAY - timedelta(days=300), "yes", None, True, "logo"),)
    one = candidate(asked=asked)
    assert advocating.bars(one, day=DAY, rest_days=180, kind="logo") == ("gave",)
    assert advocating.bars(one, day=DAY, rest_days=180, kind="review") == ()
    assert advocating.bars(one, day=DAY + timedelta(days=65), rest_days=180, kind="logo") == ()
    assert advocating.bars(candidate(band="yellow"), day=DAY, rest_days=180) == ("health",)


def test_a_confirmed_value_speaks_for_a_year_and_most_for_a_case_study() -> None:
    without, found = (
        advocating.reasons(candidate(), day=DAY),
        advocating.reasons(candidate(value_on=DAY), day=DAY),
    )
    assert set(found) - set(without) == {"value"}
    gain = {
        kind: advocating.points(found, kind=kind) - advocating.points(without, kind=kind)
        for kind in ("", "case_study", "logo")
    }
    assert gain["case_study"] > gain[""] == gain["logo"] > 0
    assert "value" not in advocating.reasons(candidate(value_on=DAY), day=DAY + timedelta(days=365))
    assert "value" not in advocating.reasons(candidate(value_on=DAY), day=DAY - timedelta(days=1))
