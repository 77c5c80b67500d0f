"""Every table that could hold something about a customer's person has an eraser; a new table is covered or explained."""

import datetime
import itertools
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from keepwell.access.actions.scrubbing import Tables
from keepwell.access.queries import mentions
from keepwell.hooks import registry, specs
from keepwell.hooks.erasers import Counts
from keepwell.hooks.subjects import Subject
from tests.world import NOW

# Tables without an eraser, and why nobody's customer can stand in them.
EXPLAINED = {
    "User": "people of ours who sign in",
    "Team": "teams of ours",
    "Token": "tokens of ours",
    "Erasure": "says whom an erasure concerns while it runs, and goes with its end",
    "MetricValue": "numbers and slugs",
    "Score": "numbers and slugs of parts",
    "Line": "follows the accounts' own rows by a trigger",
    "Total": "sums of lines, by industry and country; what no line says any more goes when they are added up",
    "Due": "names of tables and numbers of rows",
}
KEY, EMAIL, NAME = "p-7749ZX", "zelda.quirke@willow.test", "Zelda Quirkendorf"
SUBJECT = Subject((KEY, EMAIL), (EMAIL,), (NAME,))
TEXT = f"{NAME} <{EMAIL}>"
JSON = {"note": f"told {NAME}", "list": [EMAIL, {"deep": f"key {KEY}"}]}
numbers = itertools.count(1)


def ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("keepwell.")]


def covered() -> set[str]:
    return {
        model.__name__
        for eraser in registry.erasers()
        if isinstance(eraser, Tables)
        for model in eraser.tables
    }


def texts(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return mentions.columns(model)


def test_every_table_with_texts_has_an_eraser_or_a_reason_why_not() -> None:
    bare = {m.__name__ for m in ours() if texts(m)} - covered() - set(EXPLAINED)
    assert bare == set(), "let the stage's eraser look into it, or explain it here"
    assert set(EXPLAINED) <= {m.__name__ for m in ours()}


def test_every_stage_with_tables_answers() -> None:
    stages = {m._meta.app_label for m in ours()}
    assert {eraser.slug.partition("-")[0] for eraser in registry.erasers()} == stages
    assert all(eraser.title and eraser.holds.endswith(".") for eraser in registry.erasers())


def planted(model: type[models.Model]) -> models.Model:
    """A row of a table with the person in every text that it has."""
    return model._default_manager.create(
        **{f.name: _value(f) for f in model._meta.concrete_fields if not _given(f)}
    )


def _given(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField | models.CompositePrimaryKey)


def _value(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        assert not isinstance(target, str)
        return None if field.null else planted(target)
    if field.null and not isinstance(field, mentions.TEXTS):
        return None
    if field.choices:
        return field.choices[0][0]
    return next(make(field, next(numbers)) for kind, make in VALUES.items() if isinstance(field, kind))


# By kind of column, the more special ones first.
VALUES: dict[Any, Callable[[Any, int], Any]] = {
    models.EmailField: lambda _, n: f"u{n}@fernhill.test",
    models.SlugField: lambda _, n: f"slug-{n}",
    models.JSONField: lambda _, n: JSON,
    ArrayField: lambda f, _: [_value(f.base_field)],
    (models.CharField, models.TextField): lambda f, n: _within(
        f"{n} {TEXT}" if f.unique or f.name == "key" else TEXT, f
    ),
    models.DateTimeField: lambda _, n: NOW + datetime.timedelta(days=n),
    models.DateField: lambda _, n: NOW.date() + datetime.timedelta(days=n),
    models.TimeField: lambda _, n: datetime.time(n % 24),
    models.UUIDField: lambda _, n: uuid.uuid4(),
    models.BooleanField: lambda _, n: True,
    models.DecimalField: lambda _, n: Decimal(n),
    models.BinaryField: lambda _, n: b"",
    models.Field: lambda _, n: n % 30_000,
}


def _within(text: str, field: "models.Field[Any, Any]") -> str:
    """As much as the column holds; one too short for the mark holds nobody's name or address either."""
    longest = field.max_length
    if longest is None or len(text) <= longest:
        return text
    number = next(numbers)
    return "".join(chr(97 + number // 26**place % 26) for place in range(min(longest, 3)))


def left(model: type[models.Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
        said = "\n".join(row[0] for row in cursor.fetchall()).lower()
    return any(mark.lower() in said for mark in (KEY, EMAIL, "Quirkendorf"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(m.__name__ for m in ours() if texts(m)))
def test_a_person_planted_in_any_text_of_a_table_is_found_and_taken_out(name: str) -> None:
    model = next(m for m in ours() if m.__name__ == name)
    if name in EXPLAINED:
        assert name not in covered()
        return
    kept = frozenset().union(*(e.kept for e in registry.erasers() if isinstance(e, Tables)))
    row = planted(model)
    plain = {f.name: "plain" for f in texts(model) if f"{name}.{f.name}" in kept}
    model._default_manager.filter(pk=row.pk).update(**plain)
    if not left(model):
        assert all(f.max_length and f.max_length < len(TEXT) for f in texts(model) if f.name not in plain)
        return
    stage = [e for e in registry.erasers() if isinstance(e, Tables) and model in e.tables]
    assert any(eraser.find(SUBJECT) for eraser in stage)
    for eraser in stage:
        eraser.erase(SUBJECT, {KEY: "erased-1", EMAIL: "erased-2"}, NOW)
    assert not left(model)
    assert not any(_found(eraser, model) for eraser in stage)


def _found(eraser: Tables, model: type[models.Model]) -> bool:
    alone = Tables(
        model._meta.app_label, only=(model.__name__,), holds="", whole=eraser.whole, kept=eraser.kept
    )
    return bool(alone.find(SUBJECT))


class Elsewhere:
    """What a package from elsewhere may bring."""

    slug = "elsewhere"
    title = "Elsewhere"
    holds = "Nothing."

    def find(self, subject: Subject) -> Counts:
        return {}

    def erase(self, subject: Subject, pseudonyms: dict[str, str], at: datetime.datetime) -> Counts:
        return {}

    def export(self, subject: Subject) -> list[Any]:
        return []


class Plugin:
    """An installed package's module."""

    @specs.impl
    def erasers(self) -> list[Any]:
        return [Elsewhere()]


def test_a_plug_in_adds_an_eraser_and_two_of_one_name_are_refused() -> None:
    first, second = Plugin(), Plugin()
    registry.register(first)
    registry.register(first)
    try:
        assert [e.slug for e in registry.erasers()].count("elsewhere") == 1
        registry.register(second)
        with pytest.raises(ValueError, match="elsewhere"):
            registry.erasers()
        registry.unregister(second)
    finally:
        registry.unregister(first)
    assert "elsewhere" not in {e.slug for e in registry.erasers()}
