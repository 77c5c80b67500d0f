"""What the ledger holds of a person in rows of their own: who they are, where they stand, what they asked and answered."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models as columns
from django.db import transaction

from keepwell.hooks.erasers import Counts, Known
from keepwell.hooks.subjects import Subject
from keepwell.ledger import models
from keepwell.ledger.queries import subjects

# What others may go on knowing of a row that belongs to somebody: its own key, its kind, whence it came.
PLAIN = ("key", "source", "subject", "kind", "reason")
NAMING = (models.Person, models.Stakeholder)  # their short columns, too, say who it is


class People:
    """The rows of a person and those that belong to them."""

    slug = "ledger-people"
    title = "The person"
    holds = "Name, address, roles and stance, tickets, answers to surveys and whatever else belongs to one person."

    def find(self, subject: Subject) -> Counts:
        """Rows of the person, and rows that belong to them, by table."""
        people = subjects.people_of(subject)
        found = {"people": len(people)} if people else {}
        for model, column in subjects.own_tables() if people else ():
            count = model._default_manager.filter(**{f"{column}__in": people}).count()
            if count:
                name = str(model._meta.verbose_name_plural)
                found[name] = found.get(name, 0) + count
        return found

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Under a pseudonym the rows stay, so that counts and scores stay; words, names and addresses go."""
        del at
        with transaction.atomic():
            people = subjects.people_of(subject)
            done: dict[str, int] = {}
            for model, column in subjects.own_tables() if people else ():
                count = _emptied(model, column, people, pseudonyms)
                if count:
                    name = str(model._meta.verbose_name_plural)
                    done[name] = done.get(name, 0) + count
            for person in people:
                key = pseudonyms[person.key]
                if models.Person.objects.filter(key=key).exists():
                    key = f"{key}-{person.pk}"  # who was let in again by a process that had not heard of it
                models.Person.objects.filter(pk=person.pk).update(key=key, **_empty(models.Person))
        return done | ({"people": len(people)} if people else {})

    def export(self, subject: Subject) -> Iterable[Known]:
        """The rows themselves."""
        people = subjects.people_of(subject)
        for person in people:
            yield Known("person", _plain(person))
        for model, column in subjects.own_tables():
            rows = model._default_manager.filter(**{f"{column}__in": people})
            if any(field.name == "account" for field in model._meta.concrete_fields):
                rows = rows.select_related("account")
            for row in rows.order_by("pk"):
                yield Known(str(model._meta.verbose_name_plural), _plain(row))


def _empty(model: type[columns.Model]) -> dict[str, Any]:
    """What is left of the free columns of a row: nothing."""
    left: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in PLAIN or isinstance(field, columns.ForeignKey) or field.choices or field.null:
            continue
        if isinstance(field, columns.JSONField):
            if field.name != "event_ids":
                left[field.name] = field.get_default()
        elif isinstance(field, ArrayField) and model in NAMING:
            left[field.name] = []
        elif field.blank and isinstance(field, columns.CharField if model in NAMING else columns.TextField):
            left[field.name] = ""
    return left


def _emptied(
    model: type[columns.Model], column: str, people: list[models.Person], pseudonyms: Mapping[str, str]
) -> int:
    rows = model._default_manager.filter(**{f"{column}__in": people})
    if model is models.PersonAlias:
        aliases = models.PersonAlias.objects.filter(person__in=people, key__in=list(pseudonyms))
        return sum(aliases.filter(key=key).update(key=stand_in) for key, stand_in in pseudonyms.items())
    left = _empty(model)
    return rows.update(**left) if left else 0


def _plain(row: columns.Model) -> dict[str, object]:
    said: dict[str, object] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name == "account":
            value = str(row.account)  # type: ignore[attr-defined]
        elif field.primary_key or isinstance(field, columns.ForeignKey) or field.name == "event_ids":
            continue
        if value not in (None, "", {}, []):
            said[field.name] = value
    return said
