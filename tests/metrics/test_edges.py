"""The edges of windows and the rules of not knowing, one by one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.metrics.told import Business, Contract, Told, Usage, answer

DAY = date(2024, 2, 29)
NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def days_ago(days: int, *, late: int = 0) -> tuple[datetime, datetime]:
    at = NOON - timedelta(days=days)
    return at, at + timedelta(days=late)


def used(days: int, person: str = "ada", feature: str = "export") -> Usage:
    return Usage(1, person, feature, *days_ago(days))


def said(name: str, days: int, value: float | None = None, **more: str) -> Business:
    event_id = more.get("id", f"{name} {days}")
    return Business(
        1, event_id, more.get("person", ""), name, more.get("feature", ""), value, *days_ago(days)
    )


def value(told: Told, metric: str, day: date = DAY) -> float | None:
    return answer(told, metric, day)[0]


def test_a_window_of_28_days_holds_the_day_27_days_ago_and_not_the_28th() -> None:
    assert value(Told([used(27)]), "active_people") == 1
    assert value(Told([used(28)]), "active_people") == 0


def test_a_window_over_a_leap_day_counts_the_leap_day() -> None:
    march = date(2024, 3, 27)
    assert value(Told([used(0)]), "active_days", march) == 1
    assert value(Told([used(0)]), "active_days", march + timedelta(days=1)) == 0


def test_the_last_microsecond_of_a_day_belongs_to_it() -> None:
    at = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
    told = Told([Usage(1, "ada", "export", at, at)], [said("account.created", 50)])
    assert value(told, "active_days", DAY) == 1
    assert value(told, "active_days", DAY - timedelta(days=1)) is None


def test_a_late_event_counts_on_its_own_day_for_whoever_knows_it() -> None:
    told = Told([used(10)], [Business(1, "t", "", "touchpoint.held", "", None, *days_ago(5, late=3))])
    known = NOON - timedelta(days=2)
    assert answer(told, "days_since_touchpoint", DAY, known_by=known)[0] is None
    assert answer(told, "days_since_touchpoint", DAY, known_by=known + timedelta(microseconds=1))[0] == 5


def test_the_same_event_twice_counts_once() -> None:
    escalated = said("ticket.escalated", 3)
    assert value(Told([], [escalated, escalated, escalated]), "escalations_per_month") == pytest.approx(1 / 3)


def test_people_are_unknown_until_anybody_is_named_and_zero_once_silent() -> None:
    assert answer(Told([used(3, person="")]), "active_people", DAY) == (
        None,
        "No usage event of the account ever named a person",
    )
    assert value(Told([used(3, person=""), used(400)]), "active_people") == 0


def test_an_account_that_never_used_the_product_has_no_active_days_not_zero() -> None:
    told = Told([], [said("account.created", 400)])
    assert answer(told, "active_days", DAY) == (None, "The account never had a usage event")


def test_adoption_without_declared_features_is_unknown_and_says_so() -> None:
    told = Told([used(3)])
    assert answer(told, "core_feature_adoption", DAY, parameters={}) == (
        None,
        "No core feature is declared",
    )
    assert answer(Told([], [said("account.created", 9)]), "core_feature_adoption", DAY) == (
        None,
        "No usage is known",
    )


def test_adoption_is_the_share_of_declared_features_used_within_90_days() -> None:
    told = Told([used(1), used(1, person="ben"), used(89, feature="share"), used(90, feature="report")])
    assert value(told, "core_feature_adoption") == pytest.approx(200 / 3)


def contract(days: int, seats: int | None, start: date, end: date | None, key: str = "c") -> Contract:
    return Contract(1, key, *days_ago(days), seats, start, end)


def test_a_contract_is_active_from_its_start_to_the_day_before_its_end() -> None:
    ends_today = Told([used(9)], [], [contract(50, 4, date(2024, 1, 1), DAY)])
    assert answer(ends_today, "seat_utilisation", DAY) == (None, "No active contract states its seats")
    assert value(ends_today, "seat_utilisation", DAY - timedelta(days=1)) == 25
    begins_today = Told([used(9)], [], [contract(50, 4, DAY, None)])
    assert value(begins_today, "seat_utilisation") == 25
    assert value(begins_today, "seat_utilisation", DAY - timedelta(days=1)) is None


def test_the_last_word_on_a_contract_holds_from_when_it_happened() -> None:
    told = Told(
        [used(0), used(20)],
        [],
        [contract(50, 4, date(2024, 1, 1), None), contract(5, 10, date(2024, 1, 1), None)],
    )
    assert value(told, "seat_utilisation") == 10
    assert value(told, "seat_utilisation", DAY - timedelta(days=6)) == 25


def test_seats_of_several_contracts_add_up_and_a_silent_one_adds_nothing() -> None:
    told = Told(
        [used(0)],
        [],
        [
            contract(50, 4, date(2024, 1, 1), None, "a"),
            contract(50, 1, date(2024, 1, 1), None, "b"),
            contract(50, None, date(2024, 1, 1), None, "c"),
        ],
    )
    assert value(told, "seat_utilisation") == 20


def test_no_seat_at_all_is_unknown_rather_than_infinite() -> None:
    told = Told([used(0)], [], [contract(50, 0, date(2024, 1, 1), None)])
    assert value(told, "seat_utilisation") is None


def test_no_escalations_is_zero_only_once_any_ticket_of_anybody_is_known() -> None:
    quiet = [said("account.created", 400)]
    elsewhere = Business(2, "t", "", "ticket.opened", "", None, *days_ago(10))
    assert value(Told([], quiet), "escalations_per_month") is None
    assert value(Told([], [*quiet, elsewhere]), "escalations_per_month") == 0
    assert value(Told([], [*quiet, elsewhere]), "escalations_per_month", DAY - timedelta(days=11)) is None


def test_escalations_of_90_days_are_divided_by_three() -> None:
    told = Told([], [said("ticket.escalated", days) for days in (0, 40, 89, 90)])
    assert value(told, "escalations_per_month") == 1


def answered(score: float, days: int, person: str = "", **more: str) -> Business:
    return said("survey.answered", days, score, person=person, feature="nps", **more)


def test_nps_takes_the_last_answer_of_each_person() -> None:
    told = Told([], [answered(0, 50, "ada"), answered(10, 40, "ada"), answered(8, 30, "ben")])
    assert value(told, "latest_nps") == 50


def test_nps_edges_are_nine_for_promoters_and_six_for_detractors() -> None:
    scores = [(9, "a"), (8, "b"), (7, "c"), (6, "d"), (10, "e")]
    told = Told([], [answered(score, 1, person) for score, person in scores])
    assert value(told, "latest_nps") == 20


def test_answers_without_a_person_are_a_person_each() -> None:
    told = Told([], [answered(9, 1, id="x"), answered(9, 2, id="y"), answered(0, 3, id="z")])
    assert value(told, "latest_nps") == pytest.approx(100 / 3)


def test_an_answer_older_than_a_year_and_a_csat_answer_say_nothing_about_nps() -> None:
    old = answered(10, 365, "ada")
    csat = said("survey.answered", 1, 5, feature="csat")
    assert value(Told([], [old, csat]), "latest_nps") is None
    assert value(Told([], [old, csat]), "latest_nps", DAY - timedelta(days=1)) == 100


def test_days_since_count_whole_days_and_are_zero_on_the_day() -> None:
    told = Told([], [said("account.created", 99), said("touchpoint.held", 40), said("touchpoint.held", 0)])
    assert value(told, "days_since_touchpoint") == 0
    assert value(told, "days_since_touchpoint", DAY - timedelta(days=1)) == 39
    assert value(told, "days_since_touchpoint", DAY - timedelta(days=41)) is None


def test_attendance_is_the_mean_over_reviews_and_a_review_without_a_word_is_none() -> None:
    told = Told([], [said("review.held", days, v) for days, v in ((1, 1.0), (2, 1.0), (3, 0.0), (4, None))])
    assert value(told, "executive_attendance") == pytest.approx(200 / 3)
    assert value(Told([], [said("review.held", 4)]), "executive_attendance") is None
