"""The cast with a life behind it: Birch thrives, Willow falls into red today, Elm renews in 40 days, Ash is silent."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from keepwell.access.models import User
from keepwell.access.queries import scopes
from keepwell.faces import case_studying
from keepwell.health.actions import proofs, scorecards
from keepwell.health.models import Proof
from keepwell.health.queries import cards
from keepwell.ledger.actions import (
    accounts,
    contracts,
    events,
    people,
    relay,
    surveys,
    tickets,
    touchpoints,
)
from keepwell.ledger.event import Event
from keepwell.metrics.actions import settings as metric_settings
from keepwell.outcomes import document, quarters, value_document
from keepwell.outcomes.actions import case_studies, deck_runs, plans, reviews, value_models, value_statements
from keepwell.outcomes.models import CaseStudy, DeckRun, Review, SuccessPlan, ValueModel
from keepwell.packs import actions as packs
from keepwell.pipeline.actions import advance
from keepwell.plays.actions import (
    autopsies,
    channels,
    dry_runs,
    gaps,
    hand_overs,
    library,
    office_hours,
    runs,
    triage_ways,
)
from keepwell.plays.models import Autopsy, DryRun, HandOverPack, Incident, OfficeHourSession, Run
from keepwell.segments.actions import segments
from keepwell.signals.actions import rehearsals
from keepwell.signals.models import Firing, Rehearsal
from tests import world
from tests.outcomes.plans import PLAN
from tests.outcomes.value import MODEL as VALUE_MODEL
from tests.world import NOW, TESTS, TODAY, World

CORE = ["report.exported", "alert.set", "board.shared", "user.invited"]
SHAKY = {"any": [{"of": "score.band", "is": "red"}, {"of": "metric.days_since_touchpoint", "above": 30}]}
YESTERDAY = NOW - timedelta(days=1)
DAY = timedelta(days=1)


CALLED = "https://alerts.fernhill.test/hook"


def build() -> World:
    """The whole book, computed yesterday and today, so that Willow's fall opens an incident."""
    cast = world.build()
    packs.apply(pack="saas", by=TESTS, at=YESTERDAY)
    channels.open_channel(slug="alerts", title="Alerts", kind="webhook", url=CALLED, by=TESTS, at=YESTERDAY)
    metric_settings.save(
        metric="core_feature_adoption", parameters={"features": CORE}, by=TESTS, at=YESTERDAY
    )
    segments.save(slug="shaky", title="Shaky", condition=SHAKY, by=TESTS, at=YESTERDAY)
    _master_data()
    events.append(events=list(_usage()), received_at=YESTERDAY)
    for days_ago in (12, 40, 70, 100, 130):
        _spoke("willow", days_ago)
    _spoke("birch", 4)
    _answer("w1", "willow", 9.0, NOW - DAY * 150)
    _ticket("b1", "birch", escalated=False, at=NOW - DAY * 200)
    advance(at=YESTERDAY)
    _answer("w2", "willow", 1.0, NOW - timedelta(hours=3))
    for number in range(10):
        _ticket(f"w{number}", "willow", escalated=True, at=NOW - timedelta(hours=4))
    advance(at=NOW)
    return cast


def planned(key: str = "elm") -> str:
    """An account with a success plan; its key."""
    if not SuccessPlan.objects.filter(account__key=key).exists():
        said = {**PLAN, "steps": [{**step, "theirs": ""} for step in PLAN["steps"]]}
        plans.save(account=key, doc=document.read(said), by=TESTS, at=NOW)
    return key


def reviewed(key: str = "elm") -> Review:
    """A business review of an account with a plan, to come in a week; planned once."""
    planned(key)
    if not Review.objects.filter(account__key=key).exists():
        wanted = reviews.Wanted(
            starts_at=NOW + timedelta(days=7), agenda="What was reached", ours=["ada@fernhill.test"]
        )
        reviews.schedule(account=key, wanted=wanted, by=TESTS, at=NOW)
    return Review.objects.filter(account__key=key).earliest("pk")


def valued(key: str = "elm") -> str:
    """An account whose outcomes are worth something: two quarters are counted, the first is confirmed; its key."""
    planned(key)
    if not ValueModel.objects.filter(plan__account__key=key).exists():
        about: dict[str, Any] = {"account": key, "by": TESTS, "at": NOW}
        value_models.save(doc=value_document.read(VALUE_MODEL), **about)
        (first,) = value_statements.count(quarter=quarters.read("2026-Q1"), **about)
        value_statements.count(quarter=quarters.read("2025-Q4"), **about)
        value_statements.confirm(statement=first, who="Fran", on=date(2026, 4, 20), words="Yes.", **about)
    return key


def studied(key: str = "elm") -> str:
    """An account whose case study is drafted, with words that nobody permitted yet; its key."""
    valued(key)
    if not CaseStudy.objects.filter(account__key=key).exists():
        about: dict[str, Any] = {"account": key, "by": TESTS, "at": NOW}
        said = case_studies.Quote(text="It is quick.", who="Fran", said_on=date(2026, 4, 20))
        case_studies.quote(quote=said, **about)
        case_studying.draft(**about)
    return key


def decked() -> DeckRun:
    """A run of decks of the administrator's that waits; made once."""
    if not DeckRun.objects.exists():
        root = scopes.of_user(User.objects.get(email="root@fernhill.test"), through="tests")
        deck_runs.ask(
            keys=["elm"], whose="Mine", since=(NOW - timedelta(days=91)).date(), until=(NOW - timedelta(days=1)).date(),
            form="pptx", by=root, at=NOW,
        )  # fmt: skip
    return DeckRun.objects.earliest("pk")


def handed_over() -> HandOverPack:
    """Willow on its way from Ada to Ben; made once."""
    if not HandOverPack.objects.exists():
        wanted = hand_overs.Wanted("csm_to_csm", "ben@fernhill.test", "They wait for the export.")
        hand_overs.make(account="willow", wanted=wanted, by=TESTS, at=NOW)
    return HandOverPack.objects.earliest("pk")


def proven() -> Proof:
    """The proof of the card in force beside a draft of it, over a past in which four customers left; carried out once."""
    done = Proof.objects.filter(state="done").first()
    if done is not None:
        return done
    _left()
    card = cards.find(slug="saas-health")
    said = dict(card.version(1).definition) | {"least_known_percent": 40}
    scorecards.save(slug=card.slug, title=card.title, definition=said, by=TESTS, at=NOW)
    number = proofs.ask(slug=card.slug, number=1, against=2, by=TESTS, at=NOW)
    proofs.run(proof_id=number, at=NOW)
    return Proof.objects.get(pk=number, state="done")


def _left() -> None:
    """Four whose contracts ended; they had fallen silent before, and the others had not."""
    told = {"source": "tests", "by": TESTS, "at": NOW, "vouched": True}
    gone = {f"rowan{number}": TODAY - DAY * (110 + 30 * number) for number in range(4)}
    begun = TODAY - DAY * 600
    accounts.upsert(rows=[{"key": key, "name": key.capitalize(), "since": begun} for key in gone], **told)
    contracts.upsert(
        rows=[
            {"key": f"c-{key}", "account": key, "arr": 9_000, "currency": "USD", "start_date": begun, "end_date": end}
            for key, end in gone.items()
        ],
        **told,
    )  # fmt: skip
    used = [
        _event(f"{key}-{ago}", key, CORE[0], f"{key}-1", NOW - DAY * ago)
        for key in gone
        for ago in range(260, 500, 9)
    ]
    events.append(events=used, received_at=NOW)
    relay.all_waiting(at=NOW)


def rehearsed() -> Rehearsal:
    """The rehearsal of the pack's first rule over the past, carried out once."""
    done = Rehearsal.objects.filter(state="done").first()
    if done is not None:
        return done
    rehearsals.run(rehearsal_id=rehearsals.ask(slug="falls-into-red", by=TESTS, at=NOW), at=NOW)
    return Rehearsal.objects.get(state="done")


def running() -> Run:
    """A rescue of Willow's, begun once."""
    begun = Run.objects.first()
    if begun is not None:
        return begun
    number = runs.start(playbook="red-account-rescue", account="willow", by=TESTS, at=NOW)
    return Run.objects.get(pk=number)


def tried() -> DryRun:
    """What a playbook would have done for Willow, found out once."""
    done = DryRun.objects.first()
    if done is not None:
        return done
    since = TODAY - timedelta(days=30)
    number = dry_runs.ask(slug="champion-change", account="willow", since=since, by=TESTS, at=NOW)
    dry_runs.run(dry_run_id=number, at=NOW)
    return DryRun.objects.get(pk=number)


def autopsy() -> Autopsy:
    """The autopsy of the customer that left last; written once."""
    proven()
    if not Autopsy.objects.exists():
        autopsies.look(at=NOW, most=1)
    return Autopsy.objects.latest("left_on")


def triaged() -> OfficeHourSession:
    """An article, a ticket of Willow's in an office hour, another in a product gap that is shipped; made once."""
    found = OfficeHourSession.objects.first()
    if found is not None:
        return found
    people.upsert(
        rows=[{"key": "uma", "account": "willow", "name": "Uma", "email": "uma@willow.test"}],
        source="tests", by=TESTS, at=NOW, vouched=True,
    )  # fmt: skip
    before = NOW - DAY * 8
    rows = [
        {"key": key, "account": "willow", "subject": said, "person": "uma", "opened_at": before}
        for key, said in (("q1", "How to export"), ("q2", "No dark mode"))
    ]
    tickets.upsert(rows=rows, source="tests", by=TESTS, at=before, vouched=True)
    library.write(
        wanted=library.Wanted("How to export", "# Exports\n\n1. Open it\n2. **Export**", "shared", ["exports"]),
        by=TESTS, at=before,
    )  # fmt: skip
    library.searched(
        text="dark mode", found=0, by=scopes.of_user(User.objects.get(name="Ada"), through="tests"), at=NOW
    )
    office_hours.make(wanted=office_hours.Wanted("Ask us", 2, time(15), "UTC"), by=TESTS, at=before)
    triage_ways.into_office_hour(tickets=["q1"], by=TESTS, at=before)
    triage_ways.into_gap(tickets=["q2"], title="Dark mode", by=TESTS, at=before)
    gaps.set_status(gap="dark-mode", status="shipped", by=TESTS, at=before)
    return OfficeHourSession.objects.get()


def incident() -> Incident:
    """Willow's incident."""
    return Incident.objects.get(account__key="willow")


def signal() -> Firing:
    """Willow's fall, as the pack's first rule saw it."""
    return Firing.objects.get(rule__slug="falls-into-red", account__key="willow")


def _master_data() -> None:
    told = {"source": "tests", "by": TESTS, "at": YESTERDAY, "vouched": True}
    places = {"birch": "Software", "willow": "Retail", "elm": "Energy", "ash": "Media"}
    accounts.upsert(rows=[{"key": key, "industry": place} for key, place in places.items()], **told)
    terms = {"birch": (120_000, 300), "willow": (48_000, 200), "elm": (64_500, 40)}
    contracts.upsert(
        rows=[
            {
                "key": f"c-{key}", "account": key, "product": "Fernhill", "arr": arr, "currency": "USD",
                "seats": 10, "start_date": TODAY - timedelta(days=300), "end_date": TODAY + timedelta(days=left),
            }
            for key, (arr, left) in terms.items()
        ],
        **told,
    )  # fmt: skip
    grace = {"key": "p1", "name": "Grace Hopper", "email": "grace@willow.test", "title": "COO"}
    alan = {"key": "p2", "name": "Alan Kay", "email": "alan@willow.test"}
    stands = {"account": "willow", "role": "executive", "stance": "champion"}
    people.upsert(rows=[grace | stands, alan | {"account": "willow", "role": "end_user"}], **told)


def _usage() -> Iterator[Event]:
    """Twenty weeks: Birch uses everything daily, Willow one feature now and then."""
    for ago in range(1, 140):
        at = NOW - DAY * ago - timedelta(hours=2)
        for person in range(8):
            yield _event(f"b{ago}-{person}", "birch", CORE[(ago + person) % 4], f"birch-{person}", at)
        if ago % 3 == 0:
            for person in range(5):
                yield _event(f"w{ago}-{person}", "willow", CORE[0], f"willow-{person}", at)


def _event(id: str, account: str, feature: str, person: str, at: datetime) -> Event:
    return Event(
        id=id,
        account=account,
        name=feature,
        feature=feature,
        person=person,
        at=at,
        source="app",
        vouched=True,
    )


def _spoke(account: str, days_ago: int) -> None:
    row = {
        "key": f"t-{account}-{days_ago}",
        "account": account,
        "kind": "call",
        "held_at": NOW - DAY * days_ago,
        "minutes": 30,
    }
    touchpoints.upsert(rows=[row], source="crm", by=TESTS, at=YESTERDAY, vouched=True)


def _answer(key: str, account: str, score: float, at: datetime) -> None:
    row = {"key": key, "account": account, "person": "p1", "kind": "nps", "score": score, "answered_at": at}
    surveys.upsert(rows=[row], source="surveys", by=TESTS, at=at, vouched=True)


def _ticket(key: str, account: str, *, escalated: bool, at: datetime) -> None:
    row = {
        "key": key,
        "account": account,
        "subject": "Export times out",
        "opened_at": at,
        "escalated": escalated,
    }
    tickets.upsert(rows=[row], source="desk", by=TESTS, at=at, vouched=True)
