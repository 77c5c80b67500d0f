"""Plans as rows of a file: what is written comes in again unchanged; what cannot be read says its row."""

import csv
import io
from datetime import timedelta

import pytest

from keepwell.kernel import errors
from keepwell.outcomes import document, models, pieces
from keepwell.outcomes.actions import files
from keepwell.outcomes.document import PlanDoc
from tests import world
from tests.outcomes.plans import PLAN, make, with_people
from tests.world import NOW, TESTS, World

HEAD = "account,piece,slug,outcome,title,text,better,target,trigger,date,after,labels"


@pytest.fixture
def cast() -> World:
    return world.build()


def written(account: str, doc: PlanDoc) -> str:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(pieces.COLUMNS)
    out.writerows(["" if cell is None else cell for cell in row] for row in pieces.rows(account, doc))
    return text.getvalue()


def test_a_plan_written_as_rows_is_read_the_same() -> None:
    doc = document.read(PLAN | {"notes": "Zwei Zeilen,\n„mit“ Komma 🌳", "labels": {"vision": "internal"}})
    ((account, given),) = pieces.by_account(pieces.read_csv(written("willow", doc))).items()
    assert account == "willow"
    assert pieces.read(given) == doc


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("willow,dream,,,Sleep,,,,,,,", 'Row 2: The piece "dream" is none of'),
        ("willow,indicator,,nowhere,People,,,,,,,", 'Row 2: The indicator is for the outcome "nowhere"'),
        ("willow,outcome,,,Reports,,,,,soon,,", "Row 2: "),
        ("willow,outcome,,,Reports,,,,,,,why", "Row 2: A label is written as"),
        ("willow,outcome,,,Reports,,,,,,,why=nobody", "nobody"),
        ("willow,task,b,,B,,,,,,a,", '"B" comes after "a"'),
    ],
)
def test_what_cannot_be_read_says_where(row: str, reason: str) -> None:
    given = pieces.by_account(pieces.read_csv(f"{HEAD}\n{row}\n"))["willow"]
    with pytest.raises(errors.Refused, match=reason):
        pieces.read(given)


def test_a_file_that_is_none_is_refused_whole() -> None:
    with pytest.raises(errors.Invalid, match="no column account"):
        pieces.read_csv("a,b\n1,2\n")
    lines = "willow,plan,,,,x,,,,,,\n" * (pieces.MOST_ROWS + 1)
    with pytest.raises(errors.Invalid, match="At most"):
        pieces.read_csv(f"{HEAD}\n{lines}")


@pytest.mark.django_db
def test_good_plans_are_written_although_others_are_refused(cast: World) -> None:
    with_people()
    doc = document.read(PLAN)
    birch = "birch,outcome,,,Faster close,,,,,2026-12-01,,\nbirch,indicator,,Faster close,Days,,down,2,5,,,\n"
    wrong = "nobody,outcome,,,Faster close,,,,,,,\nalder,outcome,,,Close,,,,,soon,,\n"
    rows = [*pieces.read_csv(written("willow", doc)), *pieces.read_csv(f"{HEAD}\n{birch}{wrong}")]
    first = files.put(rows=rows, by=TESTS, at=NOW)
    assert [(one.account, one.outcome) for one in first] == [
        ("willow", "created"),
        ("birch", "created"),
        ("nobody", "rejected"),
        ("alder", "rejected"),
    ]
    assert set(models.SuccessPlan.objects.values_list("account__key", flat=True)) == {"willow", "birch"}
    again = files.put(rows=rows[:-2], by=TESTS, at=NOW + timedelta(hours=1))
    assert [one.outcome for one in again] == ["unchanged", "unchanged"]


@pytest.mark.django_db
def test_what_a_file_leaves_out_is_dropped(cast: World) -> None:
    make()
    rows = pieces.read_csv(f"{HEAD}\nwillow,outcome,lower-cost-of-storage,,Lower cost of storage,,,,,,,\n")
    assert [one.outcome for one in files.put(rows=rows, by=TESTS, at=NOW)] == ["updated"]
    assert list(models.Objective.objects.filter(dropped_at=None).values_list("slug", flat=True)) == [
        "lower-cost-of-storage"
    ]
    assert not models.PlanStep.objects.filter(dropped_at=None).exists()
