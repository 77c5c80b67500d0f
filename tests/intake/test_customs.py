"""Custom fields with types: declared, then every way in is held to them; what is not declared stays free, up to a size."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.intake import customs
from keepwell.intake.actions import records
from keepwell.intake.queries import customs as reads
from keepwell.kernel.errors import Forbidden, Invalid, NotFound
from keepwell.ledger.actions import definitions
from keepwell.ledger.models import Ticket
from keepwell.ledger.queries.definitions import KINDS, DefinitionView
from tests import world
from tests.faces.api.test_rest import Api
from tests.world import NOW, TESTS

pytestmark = pytest.mark.django_db


def declare(slug: str, kind: str, **more: Any) -> None:
    definitions.define(noun="ticket", slug=slug, title=slug.title(), kind=kind, **more, by=TESTS, at=NOW)


def put(key: str = "t1", **fields: Any) -> tuple[str, str]:
    row = {"key": key, "account": "elm", "opened_at": "2026-06-01", "fields": fields}
    (verdict,) = records.put(kind="tickets", rows=[row], source="tests", by=TESTS, at=NOW)
    return verdict.outcome, verdict.reason


@pytest.mark.parametrize(
    ("kind", "said", "stored"),
    [
        ("number", "12.50", 12.5),
        ("number", "7", 7),
        ("truth", "yes", True),
        ("day", "2026-06-01", "2026-06-01"),
        ("money", "USD 1,200.5", "1200.50 USD"),
        ("choice", "GOLD", "Gold"),
        ("text", "as it is", "as it is"),
    ],
)
def test_a_declared_field_is_stored_by_its_type(kind: str, said: str, stored: Any) -> None:
    world.build()
    declare("level", kind, choices=["Gold", "Silver"] if kind == "choice" else [])
    assert put(level=said) == ("created", "")
    assert Ticket.objects.get().fields == {"level": stored}
    assert put(level=said) == ("unchanged", "")


def test_what_does_not_fit_is_refused_and_the_row_with_it() -> None:
    world.build()
    declare("level", "number")
    outcome, reason = put(level="high")
    assert outcome == "rejected"
    assert 'custom field "level" "high" is no number' in reason
    assert put(other="high") == ("created", "")


def test_a_needed_field_is_asked_of_new_rows_and_cannot_be_emptied() -> None:
    world.build()
    assert put("old")[0] == "created"
    declare("squad", "text", required=True)
    assert "squad" in put("new")[1]
    assert put("new", squad="B")[0] == "created"
    assert put("new")[0] == "unchanged"
    assert put("old", note="still fine")[0] == "updated"
    assert "is empty, but every row needs it" in put("new", squad="")[1]


def test_a_retired_field_is_free_again() -> None:
    world.build()
    declare("level", "number")
    definitions.retire(noun="ticket", slug="level", by=TESTS, at=NOW)
    assert put(level="high")[0] == "created"
    with pytest.raises(NotFound):
        definitions.retire(noun="ticket", slug="level", by=TESTS, at=NOW)


def test_custom_fields_of_a_row_have_a_size() -> None:
    world.build()
    assert "at most 100" in put(**{f"f{n}": "x" for n in range(101)})[1]
    assert "at most 10,000" in put(long="x" * 10_001)[1]
    assert put(**{f"f{n}": "x" for n in range(60)})[0] == "created"
    assert "120 custom fields" in put(**{f"g{n}": "x" for n in range(60)})[1]


def test_a_preview_says_how_many_stored_values_fit() -> None:
    world.build()
    for key, level in (("a", "1"), ("b", "2"), ("c", "high")):
        put(key, level=level)
    found = reads.preview(kind="tickets", slug="level", type="number", choices=[])
    assert (found.rows, found.fit, found.misfits) == (3, 2, ("high",))


def test_only_who_configures_declares_and_only_what_can_be() -> None:
    cast = world.build()
    with pytest.raises(Forbidden):
        definitions.define(noun="ticket", slug="x", title="", kind="text", by=cast.scope("ada"), at=NOW)
    with pytest.raises(Invalid, match="is no type of field"):
        declare("x", "colour")
    with pytest.raises(Invalid, match="A choice needs its words"):
        declare("x", "choice")


def test_programs_declare_preview_and_retire() -> None:
    cast = world.build()
    put("a", level="high")
    root = Api(cast.root)
    told = {"title": "Level", "type": "number"}
    assert root.post("/custom-fields/tickets/level", told).json() == {
        "rows": 1,
        "fit": 0,
        "misfits": ["high"],
    }
    put_ = root.client.put("/api/v1/custom-fields/tickets/level", told, content_type="application/json")
    assert put_.status_code == 204
    (field,) = root.get("/custom-fields").json()
    assert (field["kind"], field["field"], field["type"], field["retired"]) == (
        "tickets",
        "level",
        "number",
        False,
    )
    refused = root.client.patch(
        "/api/v1/tickets/a", {"fields": {"level": "low"}}, content_type="application/json"
    )
    assert refused.status_code == 422
    assert root.client.delete("/api/v1/custom-fields/tickets/level").status_code == 204
    assert Api(cast.ada).post("/custom-fields/tickets/level", told).status_code == 403


TEXTS = st.text(max_size=20) | st.sampled_from(
    ["1", "1.50", "yes", "2026-01-31", "12 USD", "EUR 3", "Gold", " 7 "]
)


@given(kind=st.sampled_from(KINDS), said=TEXTS)
def test_what_is_stored_is_stored_alike_when_it_comes_again(kind: str, said: str) -> None:
    asked = DefinitionView("ticket", "x", "X", kind, ("Gold",) if kind == "choice" else (), False, "", None)
    try:
        stored = customs.coerced(asked, said)
    except Invalid:
        return
    assert customs.coerced(asked, stored) == stored
