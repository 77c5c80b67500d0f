"""Segments side by side: a column each, from what is stored, for whoever may see it."""

import csv
from datetime import timedelta

import pytest
from django.test import Client

from keepwell.access.actions import tokens
from keepwell.health.models import Path
from keepwell.health.queries import beside
from keepwell.kernel.errors import Invalid, NotFound
from keepwell.ledger.actions import contracts
from keepwell.pipeline.actions import advance
from keepwell.segments.actions import segments
from keepwell.segments.models import Membership
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html, text
from tests.world import NOW, TESTS, TODAY, World

ALL, LARGE = "everybody", "large"


@pytest.fixture
def two(lived: World) -> World:
    """Everybody, and those worth more than 20,000."""
    rows = [
        {"key": f"c-{key}", "account": key, "arr": arr, "currency": "USD", "start_date": TODAY - timedelta(days=300),
         "end_date": TODAY + timedelta(days=days)}
        for key, arr, days in (("willow", 12_000, 40), ("birch", 48_000, 140))
    ]  # fmt: skip
    contracts.upsert(rows=rows, source="tests", by=TESTS, at=NOW, vouched=True)
    segments.save(slug=ALL, title="Everybody", condition={"of": "former", "true": False}, by=TESTS, at=NOW)
    segments.save(slug=LARGE, title="Large", condition={"of": "arr", "above": 20_000}, by=TESTS, at=NOW)
    advance(at=NOW + timedelta(minutes=5))
    return lived


def sides(world: World, name: str) -> dict[str, beside.Side]:
    found = beside.of((ALL, LARGE), seen_by=world.scope(name))
    return {side.segment.slug: side for side in found.sides}


def test_each_column_tells_its_own_members(two: World) -> None:
    told = sides(two, "root")
    for slug, side in told.items():
        inside = Membership.objects.filter(segment__slug=slug, state="member", until=None)
        paths = Path.objects.filter(account_id__in=inside.values("account"))
        assert side.present.accounts == sum(path.bands[-1] not in "-x" for path in paths)
        now = side.bands[max(side.bands)]
        assert now.get("red", 0) == sum(path.bands[-1] == "r" for path in paths)
        assert (
            sum(now.values()) == sum(held.accounts for held in side.worth.values()) == side.present.accounts
        )
        assert sum(held.accounts for held in side.renewals.values()) == side.present.accounts
    assert told[LARGE].present.accounts < told[ALL].present.accounts
    assert told[LARGE].present.arr != told[ALL].present.arr


def test_who_left_since_takes_the_arr_along(two: World) -> None:
    since = min(sides(two, "root")[ALL].bands)
    whole = Membership.objects.filter(segment__slug=ALL)
    whole.update(since=since)
    birch = Path.objects.get(pk=two.birch.pk)
    others = Path.objects.exclude(pk=two.birch.pk)
    others.update(arrs=[None] * 27)
    Path.objects.filter(pk=two.birch.pk).update(bands="g" * 27, arrs=[50_000.0] * 26 + [40_000.0])
    stayed = sides(two, "root")[ALL].stayed
    assert (stayed.left, stayed.kept, stayed.grown) == (0, 0.8, 0.8)
    Path.objects.filter(pk=birch.pk).update(bands="g" * 26 + "x")
    stayed = sides(two, "root")[ALL].stayed
    assert (stayed.left, stayed.kept, stayed.grown) == (1, 0.0, 0.0)


def test_what_one_may_not_see_is_in_no_figure(two: World) -> None:
    assert sides(two, "cleo")[ALL].present.accounts == 0
    assert sides(two, "ada")[ALL].present == sides(two, "root")[ALL].present


def test_too_few_too_many_and_unknown_ones_are_refused(two: World) -> None:
    with pytest.raises(Invalid, match="2 to 4 segments"):
        beside.of((ALL,), seen_by=two.scope("root"))
    with pytest.raises(NotFound):
        beside.of((ALL, "none"), seen_by=two.scope("root"))
    with pytest.raises(Invalid, match="At most 8 measures"):
        beside.of((ALL, LARGE), seen_by=two.scope("root"), measures=[f"m{n}" for n in range(9)])


def test_the_page_teaches_compares_and_opens(two: World, sign_in: SignIn) -> None:
    root = sign_in(two.root)
    assert "Choose at least two segments" in text(root.get("/segments/side-by-side/"))
    asked = f"/segments/side-by-side/?segment={ALL}&segment={LARGE}&segment=&measure=active_days"
    said = html(root.get(asked))
    assert "Everybody" in said
    assert "Active days" in said
    assert "Who stayed" in said
    assert f"/portfolio/accounts/?of=all&amp;segment={LARGE}&amp;weeks=4" in said
    assert "accounts at risk" in text(root.get(asked.replace("side-by-side/", "side-by-side/charts/")))
    answer = root.get(asked.replace("side-by-side/", "side-by-side.csv"))
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))  # type: ignore[attr-defined]
    assert {row["segment"] for row in rows} == {ALL, LARGE}
    assert {"members", "worth", "renewal", "began", "left", "measure"} <= {row["figure"] for row in rows}


def test_the_api_says_the_same(two: World) -> None:
    token = tokens.create(user=two.root, name="tests", by=TESTS, at=NOW, may_write=False)
    client = Client(headers={"Authorization": f"Bearer {token}"})
    told = client.get(f"/api/v1/segments/side-by-side?segment={ALL}&segment={LARGE}").json()
    assert [side["slug"] for side in told["segments"]] == [ALL, LARGE]
    side = sides(two, "root")[ALL]
    assert told["segments"][0]["present"]["accounts"] == side.present.accounts
    assert len(told["segments"][0]["health"]) == len(side.bands)
    assert client.get(f"/api/v1/segments/side-by-side?segment={ALL}").status_code == 422
