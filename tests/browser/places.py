"""Every page, for tests that walk over all of them."""

from django.core import signing

from keepwell.access.queries import scopes
from keepwell.faces.jobs import mail
from keepwell.ledger.models import Account, Note
from keepwell.metrics.actions import definitions
from keepwell.plays.actions import bulk
from keepwell.plays.models import Task
from keepwell.segments.actions import segments
from tests.faces.web import book, office
from tests.world import NOW, TESTS, TODAY, World

OWN_MEASURE = {
    "slug": "exporters", "title": "Exporters", "unit": "people", "sentence": "Who exported a report in 28 days.",
    "unknown_when": "nobody was ever named", "measure": {"take": "people", "days": 28},
}  # fmt: skip
CALM = {"any": [{"of": "score.band", "is": "green"}]}


def of_the_book() -> tuple[str, ...]:
    """The addresses of the pages of the lived book."""
    account = "/accounts/willow/"
    return (
        "/today/",
        "/notifications/",
        "/accounts/",
        "/accounts/?q=nothing",
        f"/accounts/?q={'x' * 300}",
        "/accounts/?as_of=2026-05-31&sort=name",
        account,
        "/accounts/elm/",
        "/accounts/ash/",
        f"{account}?as_of=2026-05-12",
        f"{account}health/",
        f"{account}health/?as_of=2026-05-12&known=then",
        f"{account}changes/",
        f"{account}rules/",
        f"{account}comparison/?since=2026-05-12",
        f"{account}movement/?since=2026-06-01",
        f"{account}peers/",
        f"{account}usage/",
        f"{account}people/?person=p1",
        f"{account}timeline/",
        f"{account}timeline/?kind=tickets&q=export",
        f"{account}files/",
        f"{account}plan/",
        f"{account}plan/start/",
        office.filled("/accounts/PLANNED/plan/"),
        "/accounts/elm/plan/?as_of=2026-05-31",
        "/accounts/elm/plan/preview/",
        "/accounts/elm/plan/preview/?copy=redacted",
        "/accounts/elm/plan/comparison/",
        "/accounts/elm/review/?now=1",
        office.filled("/accounts/elm/reviews/REVIEW/"),
        office.filled("/accounts/elm/reviews/REVIEW/change/"),
        office.filled("/accounts/elm/reviews/REVIEW/held/"),
        "/accounts/elm/reviews/new/",
        "/value/",
        "/value/?state=confirmed&of=mine",
        "/reviews/",
        "/reviews/?state=due",
        "/reviews/?state=held",
        "/reviews/decks/",
        office.filled("/reviews/decks/DECKS/"),
        "/settings/decks/",
        "/accounts/elm/plan/pieces/plan/head/",
        "/accounts/elm/plan/pieces/indicator/active-people/",
        "/accounts/elm/plan/pieces/step/new/",
        "/plans/",
        "/plans/file/",
        f"{account}journey/",
        f"{account}journey/?now=1",
        f"{account}journey/?as_of=2026-05-31&now=1",
        "/settings/journey/",
        f"{account}value/",
        office.filled("/accounts/VALUED/value/"),
        "/accounts/elm/value/?as_of=2026-05-31",
        "/accounts/elm/value/report/",
        "/accounts/elm/value/case/",
        f"{account}value/case-study/",
        office.filled("/accounts/STUDIED/value/case-study/"),
        f"{account}value/case/?now=1",
        "/accounts/elm/value/report/?copy=redacted",
        "/accounts/elm/value/models/new/",
        "/accounts/elm/value/models/hours-saved-on-reports/",
        "/journey/",
        "/advocacy/",
        "/advocacy/?tab=asks&of=all",
        "/advocacy/?tab=alike&like=willow",
        "/advocacy/?q=nobody&kind=logo",
        "/advocacy/?tab=asks&state=open&of=all",
        "/advocacy/ask/willow/",
        f"{account}advocacy/",
        f"{account}advocacy/?as_of=2026-05-31",
        "/journey/?what=now&weeks=52&of=all",
        "/journey/onboarding/",
        "/journey/onboarding/?state=late&of=all",
        f"{account}contracts/",
        f"{account}contracts/renewed/?contract=c-willow",
        f"{account}contracts/reduced/?contract=c-willow",
        f"{account}cadence/",
        "/accounts/elm/cadence/",
        f"{account}service/",
        f"{account}delivery/",
        f"{account}incidents/",
        f"{account}quality/",
        f"{account}charts/score/",
        "/incidents/",
        f"/incidents/{book.incident().pk}/",
        "/incidents/new/",
        "/incidents/autopsies/",
        "/settings/incidents/",
        "/settings/channels/",
        "/settings/channels/alerts/",
        "/settings/cadence/",
        "/cadence/",
        "/cadence/?state=kept&of=all",
        "/cadence/outputs/",
        "/handovers/",
        "/handovers/continuity/",
        office.filled("/handovers/HANDOVER/"),
        f"/incidents/autopsies/{book.autopsy().pk}/",
        "/tasks/",
        "/tasks/?whose=team&state=done",
        "/tasks/new/?account=elm",
        office.filled("/triage/office-hours/SESSION/"),
        "/triage/",
        "/triage/?kind=defect&q=nothing",
        "/triage/?state=triaged",
        "/triage/office-hours/",
        "/triage/gaps/",
        "/triage/gaps/dark-mode/",
        "/triage/effect/",
        "/library/",
        "/library/?q=nothingatall",
        office.filled("/library/ARTICLE/"),
        office.filled("/library/ARTICLE/edit/"),
        "/library/new/",
        "/measures/",
        "/measures/?q=ticket",
        "/measures/?q=nothingatall",
        "/measures/active_people/",
        "/measures/active_people/?sort=name",
        "/measures/new/",
        "/measures/new/?like=first_contact_resolution",
        "/measures/usage_events/",
        "/measures/usage_events/?now=1",
        "/portfolio/",
        "/time/?of=all&weeks=13",
        "/portfolio/accounts/?band=red",
        "/segments/",
        "/segments/shaky/",
        "/segments/side-by-side/",
        "/segments/shaky/edit/",
        "/segments/new/",
        "/playbooks/",
        "/playbooks/new/",
        "/playbooks/red-account-rescue/",
        "/playbooks/red-account-rescue/results/",
        "/playbooks/red-account-rescue/edit/",
        "/playbooks/red-account-rescue/edit/?as=toml",
        office.filled("/playbooks/runs/RUN/"),
        office.filled("/playbooks/dry-runs/DRY/"),
        "/signals/",
        "/signals/falls-into-red/",
        "/signals/falls-into-red/?order=arr&first=1",
        "/signals/falls-into-red/edit/",
        "/signals/new/",
        "/signals/budget/",
        "/signals/held/",
        office.filled("/signals/SIGNAL/"),
        office.filled("/signals/rehearsals/REHEARSAL/"),
        "/search/",
        "/settings/preferences/",
        "/settings/company/",
        "/search/?q=wilow",
        "/settings/",
        office.filled("/proofs/PROOF/"),
        office.filled("/proofs/PROOF/measures/"),
        "/proofs/",
        "/settings/departure/",
        "/settings/departure/left/",
        "/settings/scorecards/",
        "/settings/scorecards/new/",
        "/settings/scorecards/saas-health/",
        "/settings/scorecards/saas-health/draft/",
        "/settings/scorecards/saas-health/draft/preview/",
        "/gallery/",
        "/accounts/nobody/",
        "/nowhere/",
    )


def of_the_desk(cast: World) -> tuple[str, ...]:
    """The addresses of the pages of what lies on its desk, and of what one can begin there."""
    definitions.save(definition=OWN_MEASURE, by=TESTS, at=NOW)
    segments.save(slug="calm", title="Calm", condition=CALM, by=TESTS, at=NOW)
    beside = "segment=shaky&segment=calm&measure=active_days"
    note = Note.objects.filter(account__key="elm").latest("pk")
    return (
        *office.places(),
        "/accounts-filter/",
        f"/accounts-bulk/{_deed(cast)}/",
        f"/accounts-bulk/{_deed(cast, is_done=True)}/",
        "/accounts/elm/phase/",
        "/accounts/elm/people/rows/people-0/history/",
        f"/accounts/elm/notes/{note.key}/wordings/",
        f"/tasks/{Task.objects.latest('pk').pk}/",
        "/tasks/file/",
        "/lately/",
        f"/segments/side-by-side/?{beside}",
        f"/segments/side-by-side/charts/?{beside}",
        "/data/identity/keys/",
        "/data/unresolved/",
        "/measures/core-features/",
        "/data/sources/app/chart/",
        "/measures/exporters/edit/",
        "/portfolio/charts/arr/",
        f"/digest/{signing.dumps(cast.ada.pk, salt=mail.SALT)}/",
        "/me/logout/",
        "/me/password/",
    )


def of_the_door() -> tuple[str, ...]:
    """What a stranger sees."""
    return ("/me/inactive/", "/me/login/")


def _deed(cast: World, *, is_done: bool = False) -> int:
    """The number of something done to many accounts, or about to be."""
    by = scopes.of_user(cast.root, through="tests")
    ids = list(Account.objects.values_list("pk", flat=True))
    deed = bulk.draft(account_ids=ids, by=by, at=NOW)
    if is_done:
        said = {"user": cast.ben.email, "role": "csm", "since": TODAY.isoformat()}
        bulk.start(deed_id=deed, kind="assign", said=said, by=by, at=NOW)
    return deed
