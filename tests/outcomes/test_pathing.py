"""The path of an account: by hand before rules, rules before what came in, that before days; in three answers."""

import itertools
import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keepwell.outcomes.formulas import pathing
from keepwell.outcomes.formulas.pathing import Told
from keepwell.plays import cadence

SINCE = date(2026, 1, 1)
DAY = timedelta(days=1)
DECLARED = cadence.read(
    {
        "phases": [
            {
                "slug": "start",
                "title": "Start",
                "names": ["start", "Kick-off"],
                "from_day": 0,
                "until_day": 90,
            },
            {"slug": "use", "title": "Use", "from_day": 90},
            {"slug": "renew", "title": "Renew", "before_renewal_days": 60},
        ]
    }
)


def walked(day: date = date(2026, 12, 1), **told: Any) -> list[tuple[str, str, str, str]]:
    stays = pathing.path(Told(**{"since": SINCE, "renewal": None, "left": None, **told}), DECLARED, day=day)
    return [
        (one.phase, one.since.isoformat(), one.until.isoformat() if one.until else "", one.by)
        for one in stays
    ]


def test_where_nothing_else_is_known_days_tell_it() -> None:
    assert walked(renewal=date(2026, 12, 31)) == [
        ("start", "2026-01-01", "2026-04-01", "days"),
        ("use", "2026-04-01", "2026-11-01", "days"),
        ("renew", "2026-11-01", "", "days"),
    ]


def test_the_past_is_not_told_by_what_came_after_it() -> None:
    assert walked(day=date(2026, 2, 1), changes=((date(2026, 3, 1), "start"),), imported="use") == [
        ("start", "2026-01-01", "", "import")
    ]


def test_what_came_in_holds_from_the_day_of_its_change() -> None:
    assert walked(changes=((date(2026, 3, 1), "Kick-off"),), imported="use") == [
        ("start", "2026-01-01", "2026-03-01", "import"),
        ("use", "2026-03-01", "", "import"),
    ]


def test_what_came_in_without_a_day_is_said_to_have_none() -> None:
    stays = pathing.path(Told(SINCE, None, None, "piloting"), DECLARED, day=date(2026, 6, 1))
    assert [(one.phase, one.is_dated) for one in stays] == [
        ("start", True),
        ("use", True),
        ("piloting", False),
    ]


def test_a_hand_goes_before_rules_and_rules_before_the_rest() -> None:
    held = (("use", date(2026, 2, 1), None, True),)
    said = ((date(2026, 5, 1), date(2026, 6, 1), "renew"),)
    assert walked(said=said, held=held, order=("use",), imported="start") == [
        ("start", "2026-01-01", "2026-02-01", "import"),
        ("use", "2026-02-01", "2026-05-01", "rule"),
        ("renew", "2026-05-01", "2026-06-01", "hand"),
        ("use", "2026-06-01", "", "rule"),
    ]


def test_a_rule_that_cannot_be_told_leaves_the_phase_untold() -> None:
    held = (("use", date(2026, 2, 1), None, False),)
    assert walked(held=held, order=("use", "renew"))[-1] == ("", "2026-02-01", "", "untold")


def test_the_path_ends_when_the_customer_leaves() -> None:
    assert walked(left=date(2026, 3, 1)) == [("start", "2026-01-01", "2026-03-01", "days")]


def test_before_it_was_a_customer_only_a_hand_tells() -> None:
    said = ((date(2025, 12, 1), SINCE, "pre-sale"),)
    assert walked(said=said)[0] == ("pre-sale", "2025-12-01", "2026-01-01", "hand")


def test_what_stood_before_a_change_is_read_from_the_ledger_s_words() -> None:
    assert (pathing.before(json.dumps("start")), pathing.before("null"), pathing.before(None)) == (
        "start",
        "",
        "",
    )


DAYS = st.integers(0, 400).map(lambda n: SINCE + DAY * n)


@given(st.lists(st.tuples(DAYS, st.sampled_from(["start", "use", "", "else"])), max_size=5), DAYS, DAYS)
def test_phases_follow_each_other_without_a_gap(
    changes: list[tuple[date, str]], asked: date, later: date
) -> None:
    told = Told(SINCE, None, None, "use", changes=tuple(sorted(changes, key=lambda one: one[0])))
    stays = pathing.path(told, DECLARED, day=max(asked, later))
    assert all(before.until == after.since for before, after in itertools.pairwise(stays))
    assert all(one.since < (one.until or max(asked, later) + DAY) for one in stays)
    assert all(one.phase != after.phase for one, after in itertools.pairwise(stays))
