"""However facts arrive, the stored rows are those of a rebuild."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from keepwell.health.models import Path, Score, Tally
from keepwell.kernel import errors
from keepwell.ledger.actions import (
    contracts,
    events,
    identity,
    mergers,
    people,
    surveys,
    tickets,
    touchpoints,
)
from keepwell.ledger.event import Event
from keepwell.ledger.models import Reorganisation
from keepwell.metrics.actions import settings as metric_settings
from keepwell.metrics.models import MetricValue
from keepwell.outcomes.models import Stay
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance, rebuild
from tests import world
from tests.world import NOW, TESTS

ACCOUNTS = ("birch", "willow", "elm", "ash")
MOMENTS = st.datetimes(  # Hypothesis wants bounds without a zone
    min_value=datetime(2025, 12, 1),  # noqa: DTZ001
    max_value=datetime(2026, 6, 20),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def usage(n: int, account: str, at: datetime, person: str, vouched: bool) -> Event:
    return Event(
        id=f"u{n}",
        account=account,
        name="report.exported",
        feature=f"f{n % 4}",
        at=at,
        person=person,
        source="t",
        vouched=vouched,
    )


FACTS = st.tuples(
    st.sampled_from(
        ["usage", "ticket", "nps", "touch", "contract", "person", "alias", "link", "merge", "unmerge"]
    ),
    st.sampled_from(ACCOUNTS),
    MOMENTS,
    st.integers(0, 3),
    st.booleans(),
)


def tell(n: int, fact: tuple[str, str, datetime, int, bool], at: datetime) -> None:
    kind, account, moment, digit, flag = fact
    row: dict[str, Any] = {"key": f"{kind}{n % 9}", "account": account}
    given: dict[str, Any] = {"source": "t", "by": TESTS, "at": at, "vouched": flag}
    match kind:
        case "usage":
            person = f"p{digit}" if digit else f"visitor{n % 2}"
            named = account if flag else (f"raw{n % 2}" if n % 5 == 0 else "")
            events.append(events=[usage(n, named, moment, person, flag)], received_at=at)
        case "ticket":
            tickets.upsert(rows=[row | {"opened_at": moment, "escalated": flag}], **given)
        case "nps":
            surveys.upsert(rows=[row | {"kind": "nps", "score": digit * 3.0, "answered_at": moment}], **given)
        case "touch":
            touchpoints.upsert(
                rows=[row | {"kind": "review", "held_at": moment, "executive_attended": flag}], **given
            )
        case "contract":
            contracts.upsert(
                rows=[row | {"seats": digit * 5, "arr": 100, "start_date": moment.date()}], **given
            )
        case "person":
            people.upsert(rows=[row | {"key": f"p{digit}"}], **given)
        case "alias":
            key = f"p{n % 4}" if flag else f"visitor{n % 2}"
            identity.alias(aliases=[identity.Alias(key, f"p{digit}", firm=n % 3 > 0)], source="t", at=at)
        case "merge":
            with suppress(errors.Refused):
                mergers.merge(source=account, target=ACCOUNTS[digit], by=TESTS, at=at)
        case "unmerge":
            with suppress(errors.Refused):
                number = Reorganisation.objects.filter(undone_at=None).values_list("pk", flat=True).last()
                mergers.undo(number=number or 0, by=TESTS, at=at)
        case "link" if flag:
            identity.link(key=f"raw{n % 2}", account=account, by=TESTS, at=at)
        case "link":
            with suppress(errors.NotFound):
                identity.unlink(key=f"raw{n % 2}", by=TESTS, at=at)


def stored() -> tuple[list[Any], ...]:
    values = MetricValue.objects.order_by("account", "as_of", "metric").values_list(
        "account", "as_of", "metric", "value", "reason"
    )
    scores = Score.objects.order_by("account", "as_of").values_list(
        "account", "as_of", "points", "band", "parts", "known_weight", "low", "high"
    )
    paths = Path.objects.order_by("account_id").values_list()
    tallies = Tally.objects.order_by("owners", "facet", "day", "a", "b").values_list(
        "owners", "facet", "day", "a", "b", "accounts", "unpriced", "cents"
    )
    stays = Stay.objects.order_by("account", "since").values_list(
        "account", "phase", "since", "until", "is_dated", "after", "came"
    )
    return list(values), list(scores), list(paths), list(tallies), list(stays)


@pytest.mark.django_db
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a world takes minutes
)
@given(steps=st.lists(st.tuples(st.lists(FACTS, max_size=5), st.integers(0, 40)), min_size=1, max_size=5))
def test_increments_give_the_rows_of_a_rebuild(
    steps: list[tuple[list[tuple[str, str, datetime, int, bool]], int]],
    settings: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from django.db import transaction

    settings.KEEPWELL_DATA = tmp_path_factory.mktemp("lake")
    with transaction.atomic():
        world.build(at=NOW, since=date(2025, 12, 1))
        packs.apply(pack="saas", by=TESTS, at=NOW)
        metric_settings.save(
            metric="core_feature_adoption", parameters={"features": ["f0", "f1", "f2"]}, by=TESTS, at=NOW
        )
        at, n = NOW, 0
        for facts, hours in steps:
            at += timedelta(hours=hours)
            for fact in facts:
                tell(n, fact, at)
                n += 1
            advance(at=at)
        incremental = stored()
        MetricValue.objects.all().delete()
        rebuild(at=at)
        rebuilt = stored()
        for kind in range(5):
            assert set(map(repr, incremental[kind])) ^ set(map(repr, rebuilt[kind])) == set()
        assert incremental == rebuilt
        assert len(incremental[1]) >= 4
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_new_day_moves_every_window() -> None:
    cast = world.build()
    packs.apply(pack="saas", by=TESTS, at=NOW)
    events.append(events=[usage(1, "birch", NOW - timedelta(days=27), "p1", False)], received_at=NOW)
    advance(at=NOW)

    def active() -> float | None:
        return MetricValue.objects.filter(account=cast.birch, metric="active_people").latest("as_of").value

    assert active() == 1
    advance(at=NOW + timedelta(days=1))
    assert active() == 0
