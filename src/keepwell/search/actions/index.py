"""Keep the index as the tables are: look again at the rows that were written, or at all of them."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db import connection, transaction

from keepwell.hooks import registry
from keepwell.hooks.searchables import Found, Searchable
from keepwell.kernel import folding
from keepwell.search import models
from keepwell.search.formulas import marks

AT_ONCE = 5000
COPY = """
    COPY search_entry (kind, number, account_id, key, title, also, hint, weight, lead, marks) FROM STDIN
"""


def catch_up() -> int:
    """Look at every row that was written since the last time; gives how many. One query when there is none."""
    seen = 0
    while True:
        with transaction.atomic():
            due = _take()
            for one in registry.searchables():
                _look(one, {n for table in one.watched for n in _concerned(one, table, due.get(table))})
        if not due:
            return seen
        seen += sum(len(numbers) for numbers in due.values())


def rebuild() -> None:
    """Look at everything anew, with the same result; what is written meanwhile stays due."""
    models.Due.objects.all().delete()
    for one in registry.searchables():
        numbers = iter(one.everything())
        with transaction.atomic():
            models.Entry.objects.filter(kind=one.slug).delete()
            while some := list(islice(numbers, AT_ONCE)):
                _write(one, one.rows(some))
    kinds = [one.slug for one in registry.searchables()]
    models.Entry.objects.exclude(kind__in=kinds).delete()


def _take() -> dict[str, set[int]]:
    oldest = list(
        models.Due.objects.select_for_update(skip_locked=True)
        .order_by("pk")
        .values_list("pk", "table", "number")[:AT_ONCE]
    )
    models.Due.objects.filter(pk__in=[pk for pk, _, _ in oldest]).delete()
    due: dict[str, set[int]] = {}
    for _, table, number in oldest:
        due.setdefault(table, set()).add(number)
    return due


def _concerned(one: Searchable, table: str, numbers: Collection[int] | None) -> Collection[int]:
    return one.concerned(table, numbers) if numbers else ()


def _look(one: Searchable, numbers: Collection[int]) -> None:
    todo = iter(sorted(numbers))
    while some := list(islice(todo, AT_ONCE)):
        models.Entry.objects.filter(kind=one.slug, number__in=some).delete()
        _write(one, one.rows(some))


def _write(one: Searchable, rows: Iterable[Found]) -> None:
    """Append the entries of these rows; nothing else can be asked while they are copied."""
    entries = list(_entries(one, rows))
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for entry in entries:
            copy.write_row(entry)


def _entries(one: Searchable, rows: Iterable[Found]) -> Iterator[tuple[object, ...]]:
    for found in rows:
        in_title = folding.words(found.title)
        known = marks.of_words((*in_title, *folding.words(found.also)))
        yield (
            one.slug, found.number, found.account_id, found.key, found.title, found.also, found.hint, found.weight,
            "".join(in_title)[:2], f"{{{','.join(map(str, known))}}}",
        )  # fmt: skip
