"""Every kind of row is made, read, changed, removed, sent in bulk and as a file, and heard of in the ledger."""

import io
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from keepwell.access.actions import tokens, users
from keepwell.faces import clock
from keepwell.intake.kinds import KINDS
from keepwell.intake.kinds.base import ImportKind
from keepwell.ledger import frames
from keepwell.ledger.actions import relay
from tests import world
from tests.faces.api.examples import EXAMPLES
from tests.intake import files
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db
KEPT = {slug: kind for slug, kind in KINDS.items() if kind.store is not None}
each_kind = pytest.mark.parametrize("kind", KEPT.values(), ids=KEPT.keys())


class Api:
    """A program with a token."""

    def __init__(self, person: Any, *, may_write: bool = True) -> None:
        secret = tokens.create(user=person, name="t", by=TESTS, at=NOW, may_write=may_write)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, body: Any = None, once: str = "") -> Any:
        headers = {"Idempotency-Key": once} if once else {}
        data = "" if body is None else json.dumps(body)
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", data, content_type="application/json", headers=headers)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", params)


@pytest.fixture
def cast() -> world.World:
    return world.build()


def settle(api: Api, kind: ImportKind) -> dict[str, Any]:
    """What must stand before the example does; gives the example."""
    example = EXAMPLES[kind.slug]
    for slug, row in example.before:
        assert api.ask("post", slug, row).status_code == 201
    return example.row | {"fields": example.fields}


def another(kind: ImportKind, row: dict[str, Any], key: str) -> dict[str, Any]:
    """The same row under another key."""
    return row | {"key": key} | EXAMPLES[kind.slug].apart(sum(key.encode()) % 30)


def stored(api: Api, kind: ImportKind) -> dict[str, Any]:
    row = settle(api, kind)
    made = api.ask("post", kind.slug, row)
    assert made.status_code == 201, made.content
    return made.json()


def said(kind: ImportKind, account: str = "", *, known_by: Any = None) -> list[str]:
    relay.all_waiting(at=clock.now())
    names = list(kind.events)
    found = frames.told(until=clock.now() + timedelta(days=1), names=names or None, known_by=known_by)
    rows = found.collect().to_native().to_dicts()
    return sorted(row["name"] for row in rows if row["name"] in names)


def test_every_kind_has_its_example() -> None:
    assert set(EXAMPLES) == set(KEPT)


@each_kind
def test_it_is_declared_for_people_and_programs(kind: ImportKind) -> None:
    assert kind.tab in ("", "people", "money", "service", "delivery", "training", "timeline")
    for field in kind.fields:
        assert field.form
        assert bool(field.choices) == (field.form == "choice")


@each_kind
def test_it_is_made_read_and_listed(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    made = stored(api, kind)
    for name, value in EXAMPLES[kind.slug].row.items():
        assert made[name] == value, name
    if kind.slug != "accounts":
        assert api.get(f"{kind.slug}/{made['key']}").json() == made
        assert made in api.get(kind.slug).json()["items"]
    assert api.get(kind.slug, search=made["key"]).json()["items"][0]["key"] == made["key"]
    assert api.ask("post", kind.slug, EXAMPLES[kind.slug].row).status_code == 409


@each_kind
def test_a_change_changes_what_it_says_and_no_more(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    made = stored(api, kind)
    change = EXAMPLES[kind.slug].change
    changed = api.ask("patch", f"{kind.slug}/{made['key']}", change)
    assert changed.status_code == 200, changed.content
    follows = {field.slug for field in kind.derived}
    assert {n for n, v in changed.json().items() if v != made[n]} - follows == change.keys()
    assert api.ask("patch", f"{kind.slug}/nothing", change).status_code == 404


@each_kind
def test_what_is_wrong_is_refused_in_words(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    example = EXAMPLES[kind.slug]
    row = settle(api, kind)
    for wrong in (row | example.wrong, row | {"no_such": 1}, row | {"fields": 3}, {"key": "x" * 201}):
        answer = api.ask("post", kind.slug, wrong)
        assert answer.status_code == 422, wrong
        assert len(answer.json()["error"]) > 10
    assert api.ask("post", kind.slug, row).status_code == 201
    answer = api.ask("patch", f"{kind.slug}/{row['key']}", example.wrong)
    assert answer.status_code == 422


@each_kind
def test_good_rows_are_kept_although_others_are_refused(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    row = settle(api, kind)
    example = EXAMPLES[kind.slug]
    rows = [
        row | example.wrong,
        row,
        {"key": "bare"} if kind.slug != "accounts" else {"name": "No key"},
        another(kind, row, "second") | ({"account": "nobody"} if kind.of_accounts else {"no_such": 1}),
        another(kind, row, "third"),
    ]
    if kind.slug != "people":  # a person is updated by each place that a call tells
        rows.append(row)
    answer = api.ask("post", f"{kind.slug}/bulk", {"rows": rows})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    outcomes = [verdict["outcome"] for verdict in told["verdicts"]]
    bare = (
        "created"
        if kind.slug == "people" or not any(f.required for f in kind.fields if f.slug != "key")
        else "rejected"
    )
    if kind.slug == "accounts":
        bare, outcomes[3] = "rejected", "rejected"
    assert outcomes == ["rejected", "created", bare, "rejected", "created", "unchanged"][: len(rows)], told
    assert all(
        bool(v["reason"]) == (v["outcome"] == "rejected") for v in told["verdicts"] if v["key"] != "second"
    )
    assert told["created"] == outcomes.count("created")


@each_kind
def test_the_same_key_is_answered_the_same_without_a_second_effect(
    cast: world.World, kind: ImportKind
) -> None:
    api = Api(cast.root)
    row = settle(api, kind)
    first = api.ask("post", kind.slug, row, once="k1")
    again = api.ask("post", kind.slug, row, once="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert api.ask("post", kind.slug, row | {"key": "other"}, once="k1").status_code == 409
    assert api.ask("post", kind.slug, row).status_code == 409, "without a key it is another request"
    gone = api.ask("delete", f"{kind.slug}/{row['key']}", once="k2")
    if gone.status_code == 204:
        assert api.ask("delete", f"{kind.slug}/{row['key']}", once="k2").status_code == 204
        assert api.ask("delete", f"{kind.slug}/{row['key']}").status_code == 404


@each_kind
def test_what_goes_out_as_a_file_comes_in_unchanged(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    stored(api, kind)
    bare = {
        n: v for n, v in EXAMPLES[kind.slug].row.items() if kind.field(n).required or n in kind.one_of[:1]
    }
    assert api.ask("post", kind.slug, another(kind, bare, "bare")).status_code == 201
    answer = api.get(f"{kind.slug}.csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content)
    rows = text.decode().count("\r\n")
    batch = files.imported(kind.slug, text)
    assert files.counts(batch) == {"unchanged": batch.rows_done}, files.reasons(batch)
    assert batch.rows_done >= 2
    assert rows >= 3


@each_kind
def test_what_is_removed_is_retracted_and_may_come_again(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    row = settle(api, kind)
    before = said(kind)
    made = api.ask("post", kind.slug, row).json()
    told = said(kind)
    assert Counter(told) - Counter(before) or not kind.events or kind.slug == "accounts"
    if kind.slug == "accounts":
        assert api.ask("delete", "accounts/oak").status_code == 409, "it has a contract"
        assert api.ask("delete", "contracts/account:oak").status_code == 204
    between = clock.now()
    assert api.ask("delete", f"{kind.slug}/{made['key']}").status_code == 204
    assert api.get(f"{kind.slug}/{made['key']}").status_code == 404
    assert said(kind) == before
    if kind.slug != "accounts":
        assert said(kind, known_by=between) == told, "as known before, it still counts"
    again = api.ask("post", kind.slug, EXAMPLES[kind.slug].row | {"fields": EXAMPLES[kind.slug].fields})
    assert again.status_code == 201, again.content
    assert said(kind) == told


@each_kind
def test_another_persons_account_does_not_exist(cast: world.World, kind: ImportKind) -> None:
    made = stored(Api(cast.root), kind)
    cleo = Api(cast.cleo)
    if not kind.of_accounts and kind.slug != "accounts":
        assert cleo.get(f"{kind.slug}/{made['key']}").status_code == 200
        return
    assert cleo.get(f"{kind.slug}/{made['key']}").status_code == 404
    assert cleo.get(kind.slug).json()["items"] == []
    assert b"".join(cleo.get(f"{kind.slug}.csv").streaming_content).count(b"\r\n") == 1
    for method in ("patch", "delete"):
        body = EXAMPLES[kind.slug].change if method == "patch" else None
        assert cleo.ask(method, f"{kind.slug}/{made['key']}", body).status_code == 404
    if kind.creating != "work.do":
        assert cleo.ask("post", kind.slug, EXAMPLES[kind.slug].row | {"key": "mine"}).status_code == 403
        return
    assert cleo.get(kind.slug, account="elm").status_code == 404
    assert cleo.get(f"{kind.slug}.csv", account="elm").status_code == 404
    answer = cleo.ask("post", kind.slug, EXAMPLES[kind.slug].row | {"key": "mine"})
    assert answer.status_code == 422
    assert 'account "elm" is not known' in answer.json()["error"]


@each_kind
def test_who_only_reads_does_not_write(cast: world.World, kind: ImportKind) -> None:
    reader = users.create(
        email="reader@fernhill.test", password=world.PASSWORD, role="read_only", by=TESTS, at=NOW
    )
    made = stored(Api(cast.root), kind)
    for api in (Api(reader), Api(cast.root, may_write=False)):
        assert api.get(f"{kind.slug}/{made['key']}").status_code == 200
        assert api.ask("post", kind.slug, EXAMPLES[kind.slug].row).status_code == 403
        assert api.ask("patch", f"{kind.slug}/{made['key']}", {}).status_code == 403
        assert api.ask("delete", f"{kind.slug}/{made['key']}").status_code == 403
        assert api.ask("post", f"{kind.slug}/bulk", {"rows": []}).status_code == 403
    assert Api(cast.ada).ask("post", f"{kind.slug}/bulk", {"rows": []}).status_code == 403


@each_kind
def test_a_list_is_read_a_page_at_a_time(cast: world.World, kind: ImportKind) -> None:
    api = Api(cast.root)
    row = settle(api, kind)
    rows = [another(kind, row, f"n{i:02}") for i in range(7)]
    assert api.ask("post", f"{kind.slug}/bulk", {"rows": rows}).json()["created"] == 7
    keys: list[str] = []
    after: str | None = ""
    while after is not None:
        part = api.get(kind.slug, limit=3, after=after).json()
        keys += [item["key"] for item in part["items"]]
        after = part["next"]
    assert [key for key in keys if key.startswith("n")] == [row["key"] for row in rows]
    assert keys == sorted(set(keys))
    assert api.get(kind.slug, limit=1001).status_code == 422


def test_a_body_of_rows_that_cannot_be_read_is_refused_in_words(cast: world.World) -> None:
    api = Api(cast.root)
    for body in ([], {"rows": 3}, {"rows": [3]}, {"rows": [], "more": 1}, {"rows": [{}] * 10_001}):
        assert api.ask("post", "tickets/bulk", body).status_code == 422
    big = api.client.post(
        "/api/v1/tickets/bulk", io.BytesIO(b"x" * (21 * 1024**2)).read(), content_type="application/json"
    )
    assert big.status_code == 413
    assert "20 MB" in big.json()["error"]


def test_a_row_whose_key_is_bulk_is_read_changed_and_removed_at_its_address(cast: world.World) -> None:
    api = Api(cast.root)
    row = EXAMPLES["risks"].row | {"key": "bulk"}
    assert api.ask("post", "risks", row).status_code == 201
    assert api.get("risks/bulk").json()["title"] == row["title"]
    assert api.ask("patch", "risks/bulk", {"title": "Another"}).json()["title"] == "Another"
    assert api.ask("post", "risks/bulk", {"rows": [row]}).json()["updated"] == 1
    assert api.ask("delete", "risks/bulk").status_code == 204
    assert api.get("risks/bulk").status_code == 404
    assert api.ask("post", "accounts", {"key": "bulk", "name": "Bulk"}).status_code == 201
    assert api.get("accounts/bulk").json()["name"] == "Bulk"
