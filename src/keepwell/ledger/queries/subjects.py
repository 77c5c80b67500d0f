"""Who is meant by a key or an address: every key, address and name by which a person may be found."""

from collections.abc import Iterable

from django.apps import apps
from django.db.models import ForeignKey, Model, Q

from keepwell.hooks.subjects import Subject
from keepwell.kernel import errors
from keepwell.ledger import models

FORMER_KEYS = ("previous_id",)


def of(key: str) -> Subject:
    """Whom a person's key or e-mail address means; a key that only events name is taken as it is."""
    asked = key.strip()
    if not asked:
        raise errors.Invalid("Name a person by key or e-mail address.")
    people = _people(asked)
    emails = {p.email.lower() for p in people if p.email} | ({asked.lower()} if "@" in asked else set())
    own = {email for email in emails if not shared(email, people)}
    keys = dict.fromkeys([*(p.key for p in people), *_aliases(people)] or [asked])
    return Subject(
        keys=tuple(dict.fromkeys([*keys, *sorted(own)])),
        emails=tuple(sorted(own)),
        names=tuple(dict.fromkeys(p.name for p in people if p.name)),
    )


def shared(email: str, people: Iterable[models.Person]) -> bool:
    """Whether somebody else, with another name, has the address too: then it tells nobody apart."""
    names = {person.name for person in people} | {""}
    return models.Person.objects.filter(email__iexact=email).exclude(name__in=names).exists()


def own_tables() -> list[tuple[type[Model], str]]:
    """Tables of the ledger whose rows belong to one person, with the column that says whose."""
    return [
        (model, field.name)
        for model in apps.get_app_config("ledger").get_models()
        for field in model._meta.concrete_fields
        if field.name == "person" and isinstance(field, ForeignKey) and field.related_model is models.Person
    ]


def people_of(subject: Subject, *, pseudonyms: Iterable[str] = ()) -> list[models.Person]:
    """The rows of the person, under the keys or under what stands for them already."""
    return list(models.Person.objects.filter(key__in=[*subject.keys, *pseudonyms]))


def _people(asked: str) -> list[models.Person]:
    """Those whom the key means; if nobody has it, whoever has the address; and the same person under other keys."""
    people = _joined(list(models.Person.objects.filter(key=asked)), asked)
    if not people:
        people = list(models.Person.objects.filter(email__iexact=asked).order_by("key"))
        if len({person.name for person in people if person.name}) > 1:
            listed = ", ".join(f'"{person.key}"' for person in people)
            raise errors.Conflict(
                '"%(asked)s" means several people: %(listed)s. Name one by its key.',
                asked=asked,
                listed=listed,
            )
    emails = {person.email for person in people if person.email}
    if "@" in asked:
        emails.add(asked)
    same = Q(key__in=emails)
    for email in emails:
        same |= Q(email__iexact=email)
    names = {person.name for person in people} | {""}
    twins = list(models.Person.objects.filter(same, name__in=names)) if emails else []
    return _joined([*people, *twins], asked)


def _joined(people: list[models.Person], asked: str) -> list[models.Person]:
    """With them those to whom they are joined by aliases that hold now, in both directions, however long the chain."""
    found = {person.pk: person for person in people}
    keys = {asked} | {person.key for person in people}
    while True:
        joined = models.PersonAlias.objects.filter(
            Q(key__in=keys) | Q(person__in=list(found)), known_until=None
        )
        rows = list(joined.select_related("person"))
        more = {row.key for row in rows} | {row.person.key for row in rows}
        others = models.Person.objects.filter(key__in=more)
        if more <= keys and all(person.pk in found for person in others):
            return sorted(found.values(), key=lambda person: (person.key != asked, person.key))
        keys |= more
        found |= {person.pk: person for person in others}


def _aliases(people: Iterable[models.Person]) -> list[str]:
    """Keys of visitors and former keys that mean the person now."""
    joined = models.PersonAlias.objects.filter(person__in=list(people), known_until=None)
    keys = list(joined.order_by("key").values_list("key", flat=True))
    former = [person.fields.get(name) for person in people for name in FORMER_KEYS]
    return [*keys, *(str(key) for key in former if key)]
