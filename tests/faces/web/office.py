"""What lies on the desk of a book: rows of every kind of Elm's, files with rows that were not taken, a merger, keys that
mean nothing, a declared field, a certificate; once, or so many times."""

import io
from datetime import timedelta

from keepwell.intake.actions import imports, quality, records, replays, sources, undoing
from keepwell.intake.chosen import Chosen
from keepwell.intake.kinds import KINDS
from keepwell.intake.models import Batch, Rejection, Replay
from keepwell.ledger.actions import definitions, erasures, events, mergers, rates, relay
from keepwell.ledger.event import Event
from keepwell.ledger.models import Account, ErasureCertificate
from keepwell.plays.models import Article
from tests.faces.api.examples import EXAMPLES
from tests.faces.web import book
from tests.world import NOW, TESTS, TODAY

KEPT = [kind.slug for kind in KINDS.values() if kind.store is not None]
OWN = {"accounts": {"name": "Oak", "owner": "ada@fernhill.test", "tags": ["old", "tall"]}}
TABS = (
    "", "usage/", "people/", "timeline/", "contracts/", "service/", "delivery/", "training/", "incidents/", "files/",
    "organisation/", "quality/",
)  # fmt: skip
LISTS = [f"/data/records/{slug}/" for slug in KEPT]
FORMS = [f"/data/records/{slug}/new/" + ("?account=elm" if KINDS[slug].of_accounts else "") for slug in KEPT]
ROWS = [f"/data/records/{slug}/rows/{slug}-0/" for slug in KEPT]
PLACES = (
    "/data/", "/data/records/", "/data/records/rates/", *LISTS, *FORMS, *ROWS,
    "/data/records/people/rows/people-0/?account=elm", "/data/records/tickets/?q=nothing",
    *(f"/accounts/elm/{tab}" for tab in TABS), "/accounts/aspen/organisation/",
    "/accounts/elm/organisation/merger/", "/accounts/elm/organisation/merger/?target=birch",
    "/accounts/elm/organisation/split/", "/data/identity/", "/data/imports/", "/data/imports/new/",
    "/data/imports/IMPORT/", "/data/imports/WAITING/", "/data/imports/UNDONE/undo/", "/data/mappings/",
    "/data/rejected/", "/data/rejected/?why=date-unreadable", "/data/rejected/REJECTION/",
    "/data/replays/REPLAY/", "/data/quality/", "/data/quality/no_people/", "/data/sources/app/",
    "/data/sources/app/vouching/", "/data/sources/app/key/", "/data/sources/new/", "/settings/fields/",
    "/settings/currencies/", "/settings/privacy/", "/settings/privacy/CERTIFICATE/",
)  # fmt: skip


def build(*, count: int = 1) -> None:
    """So many of everything; said again with a larger number, the ones that lack."""
    for slug in KEPT:
        _rows(slug, count)
    for number in range(count):
        _numbered(number)
    if not Account.objects.filter(merged_into__key="birch").exists():
        _once()
    relay.all_waiting(at=NOW)
    quality.refresh(at=NOW)


def _rows(slug: str, count: int) -> None:
    example = EXAMPLES[slug]
    for kind, row in example.before:
        records.put(kind=kind, rows=[row], source="desk", by=TESTS, at=NOW)
    row = OWN.get(slug, example.row)
    rows = [
        {**row, "key": f"{slug}-{number}", "fields": example.fields, **example.apart(number)}
        for number in range(count)
    ]
    verdicts = records.put(kind=slug, rows=rows, source="desk", by=TESTS, at=NOW)
    assert not [verdict for verdict in verdicts if verdict.outcome == "rejected"], verdicts


def _numbered(number: int) -> None:
    """A file with a row that was taken and three that were not, a key that means nothing, a rate, a field."""
    if Batch.objects.filter(file_name=f"tickets-{number}.csv").exists():
        return
    content = (
        f"key,account,opened_at,colour{number}\nx{number},elm,2026-06-01,red\n"
        f"y{number},oak-and-co,2026-06-02,blue\nz{number},elm,soon,\nv{number},elm,later,green\n"
    )
    _imported("tickets", content, f"tickets-{number}.csv")
    waiting = Rejection.objects.filter(content__key=f"v{number}").values_list("pk", flat=True)
    replay = replays.start(chosen=Chosen(ids=tuple(waiting)), by=TESTS, at=NOW)
    replays.run(replay_id=replay, at=NOW)
    used = Event(id=f"lost{number}", account=f"Elm EU {number}", name="login", at=NOW, source="app")
    events.append(events=[used], received_at=NOW)
    rate = {"currency": "EUR", "base": "USD", "day": TODAY - timedelta(days=number), "rate": "1.0825"}
    rates.upsert(rows=[rate], source="desk", by=TESTS, at=NOW)
    definitions.define(
        noun="account", slug=f"region{number}", title=f"Region {number}", kind="choice", choices=["North", "South"],
        required=False, help="Where it is run from.", by=TESTS, at=NOW,
    )  # fmt: skip


def _once() -> None:
    sources.create(slug="app", name="Fernhill app", vouches=False, by=TESTS, at=NOW)
    undone = _imported("accounts", "key,name\nbeech,Beech\n", "beech.csv")
    undoing.run(undo_id=undoing.start(batch_id=undone, by=TESTS, at=NOW), at=NOW)
    _prepared("accounts", "company,called,since\nalder,Alder,01/02/2026\n", "waiting.csv")
    records.put(kind="accounts", rows=[{"key": "aspen", "name": "Aspen"}], source="desk", by=TESTS, at=NOW)
    mergers.merge(source="aspen", target="birch", by=TESTS, at=NOW)
    records.put(
        kind="people", rows=[{"key": "mistaken", "name": "Mistaken"}], source="desk", by=TESTS, at=NOW
    )
    erasures.request(key="mistaken", ground="request", note="Letter 17", by=TESTS, at=NOW)


def _prepared(kind: str, content: str, name: str) -> int:
    file = io.BytesIO(content.encode())
    return imports.prepare(kind=kind, file=file, file_name=name, source="desk", by=TESTS, at=NOW)


def _imported(kind: str, content: str, name: str) -> int:
    number = _prepared(kind, content, name)
    imports.start(
        batch_id=number, mapping=imports.suggest(number), constants={}, dry_run=False, vouched=False, by=TESTS, at=NOW
    )  # fmt: skip
    imports.run(batch_id=number, at=NOW)
    return number


def filled(address: str) -> str:
    """An address with the numbers of what it names in capitals."""
    found = {
        "PLANNED": book.planned,
        "REVIEW": lambda: book.reviewed().pk,
        "VALUED": book.valued,
        "STUDIED": book.studied,
        "DECKS": lambda: book.decked().pk,
        "INCIDENT": lambda: book.incident().pk,
        "PROOF": lambda: book.proven().pk,
        "SESSION": lambda: book.triaged().pk,
        "ARTICLE": lambda: book.triaged() and Article.objects.earliest("pk").pk,
        "REHEARSAL": lambda: book.rehearsed().pk,
        "DRY": lambda: book.tried().pk,
        "RUN": lambda: book.running().pk,
        "SIGNAL": lambda: book.signal().pk,
        "HANDOVER": lambda: book.handed_over().pk,
        "IMPORT": lambda: Batch.objects.get(file_name="tickets-0.csv").pk,
        "WAITING": lambda: Batch.objects.get(file_name="waiting.csv").pk,
        "UNDONE": lambda: Batch.objects.get(file_name="beech.csv").pk,
        "REJECTION": lambda: Rejection.objects.filter(content__key="z0").latest("pk").pk,
        "REPLAY": lambda: Replay.objects.earliest("pk").pk,
        "CERTIFICATE": lambda: ErasureCertificate.objects.get().number,
    }
    for word, number in found.items():
        if word in address:
            address = address.replace(word, str(number()))
    return address


def places() -> tuple[str, ...]:
    """The addresses of the pages about all of it."""
    return tuple(map(filled, PLACES))
