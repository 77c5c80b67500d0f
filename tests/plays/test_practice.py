"""How incidents are answered, as it is declared: what is refused, and when clocks run out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.errors import Invalid
from keepwell.plays import practice

FRIDAY = datetime(2026, 6, 12, 16, 0, tzinfo=UTC)
STRAIGHT = {"after_hours": 0, "tells": ["executive"]}


def test_what_is_usual_says_itself() -> None:
    usual = practice.usual()
    assert practice.read(usual.written) == usual
    assert usual.called == ("csm", "delivery_head", "tech_lead")
    assert usual.path[0].tells == ("executive",)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"path": [{"after_hours": 0, "tells": ["pm"]}]}, "path, step 1: an escalation never goes through the PM"),
        ({"path": [STRAIGHT, {"after_hours": 4, "tells": ["pm"]}]}, "path, step 2: an escalation never goes"),
        ({"stand_ins": {"executive": ["pm"]}}, "stand_ins.executive: an escalation never goes through the PM"),
        ({"stand_ins": {"pm": ["executive"]}}, "stand_ins.pm: an escalation never goes through the PM"),
        ({"path": [{"after_hours": 0, "tells": ["leader"]}]}, "straight to the executive"),
        ({"path": [STRAIGHT, STRAIGHT]}, '"after_hours" must be more than in the step before'),
        ({"path": []}, "path: state 1 to 10 steps"),
        ({"called": ["boss"]}, 'called: role "boss" is not known'),
        ({"clocks": {"lunch": {}}}, 'clocks: "lunch" is not known. Allowed: call, cause, plan.'),
        ({"clocks": {"call": {"length": 1, "unit": "years"}}}, 'clocks.call: unit "years" is not known'),
        ({"clocks": {"call": {"length": 0, "unit": "hours", "counts": "working"}}}, '"length" must be a whole number'),
        ({"causes": {}}, "causes: state 1 to 40 causes"),
        ({"causes": {"Über uns": "x"}}, "is no slug"),
        ({"reopen_days": 91}, '"reopen_days" must be a whole number from 0 to 90'),
        ({"pathways": []}, 'incidents: "pathways" is not known'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_place(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        practice.read(said)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("length", "unit", "counts", "due"),
    [
        (24, "hours", "calendar", datetime(2026, 6, 13, 16, 0, tzinfo=UTC)),
        (24, "hours", "working", datetime(2026, 6, 16, 16, 0, tzinfo=UTC)),  # Monday is a holiday
        (1, "weeks", "calendar", datetime(2026, 6, 19, 16, 0, tzinfo=UTC)),
        (1, "weeks", "working", datetime(2026, 6, 22, 16, 0, tzinfo=UTC)),
        (2, "weeks", "working", datetime(2026, 6, 29, 16, 0, tzinfo=UTC)),
        (2, "days", "working", datetime(2026, 6, 17, 16, 0, tzinfo=UTC)),
    ],
)
def test_clocks_run_in_the_company_s_time_or_in_the_calendar_s(
    length: int, unit: str, counts: str, due: datetime
) -> None:
    calendar = WorkCalendar(holidays=frozenset({date(2026, 6, 15)}), time_zone="Europe/Berlin")
    assert practice.Clock(length, unit, counts).due(FRIDAY, calendar) == due
