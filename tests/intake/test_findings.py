"""What accounts lack is counted, listed and paged within what one may see."""

import pytest

from keepwell.health.queries import blindness
from keepwell.intake.actions import quality, sources, volumes
from keepwell.intake.queries import findings
from keepwell.intake.queries import sources as source_queries
from keepwell.kernel import errors
from keepwell.pipeline.queries import doctor
from tests import world
from tests.intake import quality_cases
from tests.intake.quality_cases import DAY
from tests.world import NOW, TESTS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> World:
    built = world.build()
    quality_cases.clean("birch")
    quality_cases.contract("elm", arr=None)
    quality.refresh(at=NOW)
    return built


def test_counts_and_lists_hold_what_may_be_seen(cast: World) -> None:
    ada, cleo = cast.scope("ada"), cast.scope("cleo")
    counted = {row.check.slug: row.accounts for row in findings.counts(seen_by=ada)}
    assert (counted["no_usage"], counted["no_arr"], counted["no_owner"]) == (3, 1, 0)
    assert {row.accounts for row in findings.counts(seen_by=cleo)} == {0}
    page = findings.failing(slug="no_arr", seen_by=ada)
    assert [(row.account, row.detail) for row in page.rows] == [("elm", "contract elm-1")]
    assert findings.failing(slug="no_arr", seen_by=cleo).total == 0
    with pytest.raises(errors.NotFound):
        findings.failing(slug="no_such", seen_by=ada)


def test_the_gravest_come_first_and_pages_join(cast: World) -> None:
    ada = cast.scope("ada")
    of_elm = findings.of_account(account_id=cast.elm.pk, seen_by=ada)
    ranks = [["high", "medium", "low"].index(view.check.severity) for view in of_elm]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    assert findings.of_account(account_id=cast.elm.pk, seen_by=cast.scope("cleo")) == ()
    whole = [(view.account, view.check.slug) for view in findings.every(seen_by=ada)]
    paged, after = [], ("", "")
    while rows := findings.page(seen_by=ada, after=after, limit=2):
        after = (rows[-1].account, rows[-1].check.slug)
        paged += [(view.account, view.check.slug) for view in rows]
    assert paged == whole == sorted(whole)


def test_an_overdue_source_is_the_doctor_s_business(cast: World) -> None:
    sources.create(slug="app", name="App", vouches=False, by=TESTS, at=NOW)
    app = source_queries.find(slug="app", seen_by=TESTS)
    sources.heard(source_id=app.source_id, at=NOW)
    volumes.declare_cadence(slug="app", hours=24, by=TESTS, at=NOW)
    quality.refresh(at=NOW)

    def said(days: int) -> tuple[bool, str]:
        [check] = [check for check in doctor.examine(at=NOW + days * DAY) if check.name == "sources"]
        return check.ok, check.found

    assert said(1) == (True, "none is overdue")
    assert said(2) == (False, "overdue: app; see keepwell quality")
    volumes.declare_cadence(slug="app", hours=0, by=TESTS, at=NOW)
    assert said(2)[0]
    with pytest.raises(errors.Invalid):
        volumes.declare_cadence(slug="app", hours=-1, by=TESTS, at=NOW)


def test_blindness_without_scores_is_nobody_s(cast: World) -> None:
    page = blindness.ranked(seen_by=cast.scope("ada"))
    assert (page.rows, page.total, page.scored, page.at_stake) == ((), 0, 0, None)
