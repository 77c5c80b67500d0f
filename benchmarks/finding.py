"""Finding by a few letters: how long an answer takes, with names whole, begun and misspelt.

The instance is made once and kept: accounts with names as companies have them in a dozen languages, three people to each, ten
colleagues of one team who own one account in ten between them. Then two people search: one who sees everything, and one who
sees the team's accounts. Each search is one call of the query that page, palette and API make, with its database; times are
wall times of one caller, as somebody who types feels them. FINDING_ACCOUNTS=8000 takes one size alone, FINDING_SEARCHES fewer
searches.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

from benchmarks import ground

SIZES = tuple(int(size) for size in os.environ.get("FINDING_ACCOUNTS", "8000 100000").split())
PEOPLE = 3
SEARCHES = int(os.environ.get("FINDING_SEARCHES", "400"))
MOST_MS = 50
NOON = datetime(2025, 12, 21, 12, tzinfo=UTC)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure() -> Iterator[str]:
    """Make each size if it is not there, and search in it."""
    for size in SIZES:
        folder = ground.kept(f"finding-{size}")
        with ground.database(folder):
            made = ground.part("benchmarks.finding", "make", folder, FINDING_ACCOUNTS=str(size))
            if made:
                yield f"finding: an index of {size:,} accounts and {made['people']:,.0f} people: {made['seconds']:.0f} s"
            told = ground.part("benchmarks.finding", "search", folder, FINDING_ACCOUNTS=str(size))
        for who in ("all", "team"):
            for how in ("begun", "whole", "two", "misspelt", "short"):
                p50, p95 = told[f"{who} {how} 50"], told[f"{who} {how} 95"]
                yield (
                    f"finding: {size:,} accounts, who sees {who}, {how}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (limit {MOST_MS})"
                )
        yield f"finding: {size:,} accounts, a misspelt name is among the first five: {told['found']:.0f} %"


def make() -> ground.Figures:
    """Accounts, people and owners, once; and the index of them."""
    from django.db import connection

    from keepwell.access.actions import users
    from keepwell.access.scopes import system
    from keepwell.config import schema
    from keepwell.ledger import models
    from keepwell.search.actions import index

    schema.bring_up_to_date()
    if models.Account.objects.exists():
        return {}
    by, size, rng = system(through="bench"), int(os.environ["FINDING_ACCOUNTS"]), random.Random(7)
    team = [
        users.create(
            email=f"csm{n}@fernhill.example", password="a long enough one", role="csm", by=by, at=NOON,
            name=f"Colleague {n}", teams=["One"],
        )
        for n in range(10)
    ]  # fmt: skip
    names = _names(rng, size)
    models.Account.objects.bulk_create(
        (
            models.Account(
                key=f"acc-{n:06}", name=name, industry="Software", arr_reporting=rng.randint(1, 500) * 1000
            )
            for n, name in enumerate(names)
        ),
        batch_size=5000,
    )
    accounts = list(models.Account.objects.order_by("key").values_list("pk", flat=True))
    models.Ownership.objects.bulk_create(
        (
            models.Ownership(
                key=f"own-{n}", account_id=pk, user=team[n // 10 % 10], role="csm", since=date(2024, 1, 1)
            )
            for n, pk in enumerate(accounts)
            if n % 10 == 0
        ),
        batch_size=5000,
    )
    people = _people(rng, size * PEOPLE)
    models.Person.objects.bulk_create(
        (
            models.Person(
                key=f"per-{n:07}", name=name, email=f"{name.replace(' ', '.')}@c{n // PEOPLE}.example".lower()
            )
            for n, name in enumerate(people)
        ),
        batch_size=5000,
    )
    known = models.Person.objects.order_by("key").values_list("pk", flat=True)
    models.Stakeholder.objects.bulk_create(
        (
            models.Stakeholder(account_id=accounts[n // PEOPLE], person_id=pk, influence=rng.randint(1, 5))
            for n, pk in enumerate(known)
        ),
        batch_size=5000,
    )
    began = time.perf_counter()
    index.rebuild()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"seconds": seconds, "people": len(people)}


def search() -> ground.Figures:
    """Many searches by two people."""
    from keepwell.access.models import User
    from keepwell.access.queries import scopes
    from keepwell.access.scopes import system
    from keepwell.config import wsgi  # noqa: F401 - its connections are those of the web
    from keepwell.ledger import models
    from keepwell.search.queries import search as finding

    rng, told = random.Random(11), {}
    csm = User.objects.order_by("pk").first()
    assert csm is not None
    everybody = system(through="bench")
    told["found"] = 0.0
    for who, scope in (("all", everybody), ("team", scopes.of_user(csm, through="bench"))):
        seen = (
            models.Account.objects.all()
            if scope.everything
            else models.Account.objects.filter(
                pk__in=models.Ownership.objects.filter(user__in=scope.owner_ids).values("account")
            )
        )
        names = list(seen.order_by("key").values_list("name", flat=True)[:20_000])
        for how in ("begun", "whole", "two", "misspelt", "short"):
            times = []
            for _ in range(SEARCHES):
                name = rng.choice(names)
                text = _typed(rng, how, name)
                began = time.perf_counter()
                found = finding.answers(text, seen_by=scope, own=csm.pk)
                times.append(1000 * (time.perf_counter() - began))
                if how == "misspelt" and who == "all":
                    told["found"] += 100 / SEARCHES * any(one.title == name for one in found[:5])
            times.sort()
            told[f"{who} {how} 50"], told[f"{who} {how} 95"] = (
                times[SEARCHES // 2],
                times[SEARCHES * 95 // 100],
            )
    return told


def _typed(rng: random.Random, how: str, name: str) -> str:
    first = name.split(maxsplit=1)[0]
    match how:
        case "begun":
            return name[: rng.randint(3, 6)]
        case "two":
            return " ".join(word[:4] for word in name.split()[:2])
        case "misspelt":
            return _misspelt(rng, name)
        case "short":
            return first[: rng.randint(1, 2)]
    return name


def _misspelt(rng: random.Random, name: str) -> str:
    """One slip in the longest word."""
    word = max(name.split(), key=len)
    place = rng.randrange(len(word) - 1)
    slip = rng.choice(("turned", "missing", "doubled", "wrong"))
    wrong = {
        "turned": word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        "missing": word[:place] + word[place + 1 :],
        "doubled": word[:place] + word[place] + word[place:],
        "wrong": word[:place] + rng.choice(LETTERS) + word[place + 1 :],
    }[slip]
    return name.replace(word, wrong, 1)


def _names(rng: random.Random, size: int) -> list[str]:
    return [f"{_word(rng)} {rng.choice(KINDS)} {rng.choice(FORMS)}".strip() for _ in range(size)]


def _people(rng: random.Random, size: int) -> list[str]:
    given = [_word(rng) for _ in range(600)]
    weights = [1 / (n + 5) for n in range(600)]
    return [f"{first} {_word(rng)}" for first in rng.choices(given, weights, k=size)]


def _word(rng: random.Random) -> str:
    syllables = rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))
    return "".join(syllables).capitalize() + rng.choice(ENDS)


SYLLABLES = tuple(
    a + b
    for a in ("b", "br", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w")
    for b in "aeiouäö"
)
ENDS = ("", "n", "r", "s", "ll", "nd", "rk")
KINDS = (
    "Systems", "Freight", "Labs", "Werke", "Castings", "Foods", "Health", "Capital", "Transit", "Media", "Energy", "Schools",
    "Robotics", "Press", "Power", "Textiles", "Optics", "Water", "Insurance", "Design",
)  # fmt: skip
FORMS = ("", "", "GmbH", "AG", "Inc.", "Ltd", "SA", "plc", "LLC", "BV", "🚀")

if __name__ == "__main__":
    ground.answer({"make": make, "search": search})
