"""Which rules hold of an account, when each is due, which of them wins."""

from datetime import date, timedelta
from typing import Any

import pytest

from keepwell.kernel.calendars import WorkCalendar
from keepwell.kernel.errors import Invalid
from keepwell.packs import loading
from keepwell.plays import cadence
from keepwell.plays.cadence import Rhythm
from keepwell.plays.formulas import keeping
from keepwell.plays.formulas.keeping import Situation

DAY = date(2026, 6, 15)  # a Monday
WEEKDAYS = WorkCalendar()
AGENCY = loading.load(loading.SHIPPED / "agency").cadence
SAAS = loading.load(loading.SHIPPED / "saas").cadence


def at(day: date = DAY, **more: Any) -> Situation:
    usual = {
        "band": "green", "tier": "", "phase": "", "phase_since": None, "since": None, "renewal": None, "touched": True,
    }  # fmt: skip
    return Situation(day=day, **{**usual, **more})


def ago(*days: int, kind: str = "call") -> list[tuple[date, str]]:
    return [(DAY - timedelta(days=back), kind) for back in sorted(days, reverse=True)]


def judged(said: Any, situation: Situation, touches: Any) -> tuple[keeping.Verdict, ...]:
    return keeping.verdicts(
        keeping.duties(said, situation), touches=touches, day=situation.day, calendar=WEEKDAYS
    )


def stands(said: Any, situation: Situation, touches: Any) -> str:
    return keeping.state(judged(said, situation, touches), situation, automated=False)


@pytest.mark.parametrize(("band", "days"), [("red", 7), ("yellow", 30), ("green", 91)])
def test_a_band_asks_for_its_rhythm_to_the_day(band: str, days: int) -> None:
    assert stands(cadence.usual(), at(band=band), ago(days)) == "kept"
    assert stands(cadence.usual(), at(band=band), ago(days + 1)) == "late"


def test_nobody_knows_where_nobody_ever_spoke_or_nothing_is_asked() -> None:
    assert stands(cadence.usual(), at(touched=False), []) == "unknown"
    assert stands(cadence.usual(), at(band="unknown"), ago(400)) == "unknown"


def test_the_tightest_of_several_rules_wins_and_says_so() -> None:
    told = judged(SAAS, at(band="green", tier="Enterprise"), ago(20))
    first, other = told
    assert (first.duty.origin, first.kept, first.wins) == ("tier", False, True)
    assert (other.duty.origin, other.kept, other.wins) == ("band", True, False)
    assert stands(SAAS, at(band="green", tier="Enterprise"), ago(20)) == "late"
    red = judged(SAAS, at(band="red", tier="enterprise"), ago(5))
    assert [one.duty.origin for one in red if one.wins] == ["band"]


def test_who_keeps_the_winning_rule_keeps_every_other_that_asks_for_the_same() -> None:
    for back in range(120):
        for band in ("red", "yellow", "green"):
            told = judged(SAAS, at(band=band, tier="mid", phase="onboarding"), ago(back))
            winning = {one.duty.kinds: one for one in told if one.wins}
            assert all(one.kept for one in told if winning[one.duty.kinds].kept)


def test_rules_for_other_conversations_stand_beside_each_other() -> None:
    situation = at(band="green", tier="high", phase="growth", phase_since=DAY - timedelta(days=200))
    assert stands(SAAS, situation, ago(3)) == "late"
    assert stands(SAAS, situation, sorted(ago(3) + ago(60, kind="review"))) == "kept"
    broken = [one for one in judged(SAAS, situation, ago(3)) if one.wins and not one.kept]
    assert [one.duty.slug for one in broken] == ["growth.business-review"]


def test_a_tier_that_programmes_look_after_is_asked_for_nothing() -> None:
    situation = at(band="red", tier="tech-touch", phase="growth")
    assert keeping.duties(SAAS, situation) == ()
    assert keeping.state((), situation, automated=True) == "unasked"


def test_daily_counts_working_days() -> None:
    kickoff = at(phase="kickoff", phase_since=DAY - timedelta(days=4))
    friday = [(DAY - timedelta(days=3), "meeting")]
    assert stands(AGENCY, kickoff, friday) == "kept"  # nobody meets on Sunday
    tuesday = at(DAY + timedelta(days=1), phase="kickoff", phase_since=DAY - timedelta(days=4))
    assert stands(AGENCY, tuesday, friday) == "late"


def test_twice_a_week_wants_two() -> None:
    since = DAY - timedelta(days=20)
    early = at(phase="post-launch", phase_since=since)
    assert stands(AGENCY, early, ago(6, 2)) == "kept"
    assert stands(AGENCY, early, ago(9, 2)) == "late"


def test_twice_weekly_tapers_to_weekly() -> None:
    later = at(phase="post-launch", phase_since=DAY - timedelta(days=45))
    assert [one.slug for one in keeping.duties(AGENCY, later) if one.origin == "phase"] == [
        "post-launch.weekly"
    ]
    assert stands(AGENCY, later, ago(6)) == "kept"


def test_a_phase_begins_to_ask_when_it_begins() -> None:
    fresh = at(phase="build", phase_since=DAY - timedelta(days=3), band="none")
    assert stands(AGENCY, fresh, ago(20)) == "kept"
    assert (
        stands(AGENCY, at(phase="build", phase_since=DAY - timedelta(days=8), band="none"), ago(20)) == "late"
    )


@pytest.mark.parametrize(
    ("since", "renewal", "slug"),
    [
        (30, 335, "onboarding"),
        (200, 200, "adoption"),
        (500, 200, "growth"),
        (500, 90, "renewal"),
        (500, -3, "growth"),
    ],
)
def test_without_a_phase_of_its_own_days_tell_it(since: int, renewal: int, slug: str) -> None:
    situation = at(since=DAY - timedelta(days=since), renewal=DAY + timedelta(days=renewal))
    here = keeping.within(SAAS, situation)
    assert here is not None
    assert here.phase.slug == slug


def test_outputs_are_due_by_the_day_on_which_the_phase_began() -> None:
    situation = at(phase="go-live", phase_since=DAY - timedelta(days=2))
    due = {one.output.slug: one.due for one in keeping.outputs(AGENCY, situation)}
    assert due["launch-checklist"] == DAY - timedelta(days=2)
    assert due["day-7-retro"] == DAY + timedelta(days=5)
    unknown = keeping.outputs(AGENCY, at(phase="go-live"))
    assert {one.due for one in unknown} == {None}


def test_every_output_that_the_practice_names_is_declared() -> None:
    named = {output.slug for phase in AGENCY.phases for output in phase.outputs}
    assert named >= {
        "success-criteria", "success-plan", "raci", "score-baseline", "risk-log", "score-update", "drift-alerts",
        "cutover-plan", "launch-checklist", "escalation-path", "day-7-retro", "training", "documentation",
        "first-week-support", "adoption-metrics", "early-wins", "first-review", "business-review",
        "expansion-pipeline", "renewal-case", "next-term",
    }  # fmt: skip


def test_spells_are_told_latest_first() -> None:
    days = {DAY + timedelta(days=7 * n): how for n, how in enumerate(("late", "late", "kept", "late"))}
    assert keeping.spells(days) == (  # type: ignore[arg-type] # states are words
        (DAY + timedelta(days=21), None),
        (DAY, DAY + timedelta(days=14)),
    )


@pytest.mark.parametrize("pack", [AGENCY, SAAS, cadence.usual()])
def test_what_is_declared_says_itself(pack: cadence.Cadence) -> None:
    assert cadence.read(pack.written) == pack


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"bands": {"pink": 7}}, 'bands: "pink" is not known'),
        ({"bands": {"red": 0}}, 'bands.red: "every_days" must be a whole number from 1 to 400, not 0'),
        ({"tiers": {"high": {"title": "High"}}}, 'tiers.high: "every_days" must be a whole number'),
        ({"phases": [{"slug": "a", "title": "A", "owner": ["boss"]}]}, 'phases.a: role "boss" is not known'),
        (
            {"phases": [{"slug": "a", "title": "A", "touchpoints": [
                {"slug": "x", "title": "X", "every_days": 7, "kinds": ["fax"]}]}]},
            'phases.a.touchpoints.x: kind "fax" is not known',
        ),
        (
            {"phases": [{"slug": "a", "title": "A", "touchpoints": [
                {"slug": "x", "title": "X", "every_days": 7, "tiers": ["gold"]}]}]},
            'tier "gold" is not declared. There are: none.',
        ),
        ({"phases": [{"slug": "a", "title": "A"}, {"slug": "a", "title": "B"}]}, 'phases: "a" is there twice'),
        ({"rhythms": {}}, 'cadence: "rhythms" is not known. Allowed: bands, tiers, phases.'),
        (
            {"phases": [{"slug": "a", "title": "A", "outputs": [{"slug": "o", "title": "O"}]}]},
            'phases.a.outputs.o: "due_days" must be a whole number',
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_place(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        cadence.read(said)
    assert words in str(refused.value)


def test_a_rhythm_in_working_days_goes_over_the_week_end() -> None:
    friday = date(2026, 6, 12)
    assert keeping.after(friday, Rhythm(1, counts="working"), WEEKDAYS) == DAY
    assert keeping.after(friday, Rhythm(1), WEEKDAYS) == date(2026, 6, 13)
