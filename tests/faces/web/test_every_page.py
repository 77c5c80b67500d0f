"""Every address as every role: nobody sees what is not theirs, and nothing breaks. New addresses are walked by themselves."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from keepwell.access.actions import tokens, users
from keepwell.access.models import AuditEntry
from keepwell.access.roles import ROLES
from keepwell.faces.api import rest
from keepwell.health.models import Override
from keepwell.ledger.models import Account, Person
from tests.browser import places
from tests.faces.web import book, office
from tests.faces.web.conftest import SignIn
from tests.faces.web.reading import html
from tests.world import NOW, PASSWORD, TESTS, World

# What stands for the parts of an address, where the name of the address does not say more.
PARTS: dict[str, Any] = {
    "key": "willow", "slug": "shaky", "name": "score", "kind": "tickets", "number": "1", "currency": "EUR", "base": "USD",
    "day": "2026-06-01", "segment": "shaky", "person": "grace", "file": "1", "note": "1", "token": "none",
    "noun": "objective", "gap": "dark-mode",
}  # fmt: skip
OF_NAME = {
    "portfolio-chart": {"name": "arr"},
    "measure": {"slug": "active_people"},
    "settings-scorecard": {"slug": "saas-health"},
    "rule": {"slug": "falls-into-red"},
    "account-amend": {"kind": "renewed"},
    "playbook": {"slug": "red-account-rescue"},
    "settings-channel": {"channel": "alerts"},
    "quality-check": {"slug": "no_people"},
    "source": {"slug": "zendesk"},
}
INVENTED = {"gallery"}  # the names in it are everybody's
STREAMS = {"events", "live"}
FILES = {
    "styles",
    "account-amendments-csv",
    "account-file",
    "segments-beside-csv",
    "playbook-csv",
    "playbook-results-csv",
    "settings-channel-csv",
    "signals-held-csv",
    "office-hour-csv",
    "import-rejections",
    "import-changes",
    "cadence-csv",
    "handover-pdf",
    "handovers-continuity-csv",
    "cadence-outputs-csv",
    "proof-report",
    "account-plan-pdf",
    "account-plan-csv",
    "account-advocacy-csv",
    "account-value-csv",
    "advocacy-people-csv",
    "account-value-pdf",
    "account-value-case-pdf",
    "account-case-study-pdf",
    "account-case-study-md",
    "account-review-pptx",
    "account-review-pdf",
    "deck-run-file",
    "autopsy-report",
    "certificate-json",
    "calendar",
}
ANYWAY = {200, 204, 302, 304, 400, 403, 404, 405, 409, 422}


def addresses() -> Iterator[tuple[str, str, bool]]:
    """Name and address of every page, and whether an account's key is part of it."""
    for pattern in get_resolver("keepwell.faces.web.urls").url_patterns:
        assert isinstance(pattern, URLPattern)
        assert pattern.name, f"{pattern.pattern} has no name, so it is walked by no test"
        converters = pattern.pattern.converters
        alike = next((told for start, told in OF_NAME.items() if pattern.name.startswith(start)), {})
        said = {part: _part(part, alike) for part in converters if part not in (pattern.default_args or {})}
        unknown = [part for part, value in said.items() if value is None]
        assert not unknown, f"{pattern.name}: say in PARTS what stands for {unknown}"
        is_account = str(pattern.pattern).startswith("accounts/<account_key:")
        yield pattern.name, reverse(pattern.name, kwargs=said), is_account


def _part(name: str, alike: dict[str, Any]) -> Any:
    return alike.get(name, PARTS.get(name, 1 if name.endswith("_id") else None))


def foreign(*, asked: str) -> re.Pattern[str]:
    """Names and keys of accounts and people that the outsider may not see; the key that was asked for is echoed."""
    rows = Account.objects.values_list("key", "name")
    words = {name for _, name in rows} | {key for key, _ in rows if key not in asked}
    words |= set(Person.objects.exclude(name="").values_list("name", flat=True))
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(words) if len(word) > 2))


def said(response: Any) -> str:
    text = response.getvalue().decode() if response.streaming else html(response)
    return re.sub(r"<(svg|script).*?</\1>", "", text, flags=re.S)


def walked(client: Client) -> dict[str, Any]:
    return {name: client.get(path) for name, path, _ in addresses() if name not in STREAMS}


def test_every_address_can_be_walked() -> None:
    assert len(list(addresses())) > 100


def test_every_page_is_looked_at_in_a_browser(lived: World, sign_in: SignIn) -> None:
    """Whatever answers with a page, or would for something that is there, is in the walk of tests/browser."""
    office.build()
    paths = (*places.of_the_book(), *places.of_the_desk(lived), *places.of_the_door())
    walked = {address_name(path) for path in paths}
    root = sign_in(lived.root)
    forgotten = [
        name for name, path, _ in addresses() if name not in walked | STREAMS and is_page(root, name, path)
    ]
    assert not forgotten, "put them into tests/browser/places.py"


def address_name(path: str) -> str | None:
    try:
        return resolve(path.partition("?")[0]).url_name
    except Resolver404:
        return None


def is_page(client: Client, name: str, path: str) -> bool:
    """Neither a part of one, nor what HTMX asks while one moves, nor a file, nor a deed, nor the way to a page."""
    if name in FILES or name.endswith("-progress"):
        return False
    answer = client.get(path)
    is_markup = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code not in (302, 405) and is_markup and "<html" in html(answer)


# Roles that see and may the same are walked once.
KINDS = {(role.sees_everything, role.may): slug for slug, role in ROLES.items()}


def test_no_address_breaks_for_any_role(lived: World, sign_in: SignIn) -> None:
    for role in KINDS.values():
        email = f"{role}@fernhill.test"
        said_of = {"password": PASSWORD, "role": role, "name": "Some", "teams": ["South"]}
        answers = walked(sign_in(users.create(email=email, by=TESTS, at=NOW, **said_of)))
        assert {name: a.status_code for name, a in answers.items() if a.status_code not in ANYWAY} == {}, role
        if not ROLES[role].sees_everything:
            hidden = foreign(asked="willow")
            found = {name: hidden.findall(said(a))[:3] for name, a in answers.items() if name not in INVENTED}
            assert {name: words for name, words in found.items() if words} == {}, role
        if role == "admin":
            shown = {name for name, a in answers.items() if a.status_code == 200}
            assert {"accounts", "account", "segments", "portfolio", "settings", "data"} <= shown


def test_a_team_mate_sees_what_the_owner_sees(lived: World, sign_in: SignIn) -> None:
    ada, ben = sign_in(lived.ada), sign_in(lived.ben)
    for name, path, is_account in addresses():
        if is_account and name not in STREAMS:
            assert ben.get(path).status_code == ada.get(path).status_code, name


def test_an_account_of_others_does_not_exist(lived: World, sign_in: SignIn) -> None:
    cleo = sign_in(lived.cleo)
    for name, path, is_account in addresses():
        if is_account and name not in STREAMS:
            assert cleo.get(path).status_code in (302, 403, 404, 405), name
            assert cleo.post(path, {"reason": "x", "cause": "x"}).status_code in (403, 404, 405), name
    assert cleo.get(f"/incidents/{book.incident().pk}/").status_code == 404


def test_a_desk_full_of_work_is_closed_to_others(lived: World, sign_in: SignIn) -> None:
    office.build()
    cleo = sign_in(lived.cleo)
    for path in office.places():
        hidden = foreign(asked=path)
        answer = cleo.get(path)
        assert answer.status_code in ANYWAY, path
        assert not hidden.search(said(answer)), path


def test_whoever_only_reads_changes_nothing(lived: World, sign_in: SignIn) -> None:
    reader = users.create(
        email="reader@fernhill.test", password=PASSWORD, role="read_only", by=TESTS, at=NOW, name="Reader"
    )
    client = sign_in(reader)
    before = AuditEntry.objects.count()
    assert client.get("/accounts/willow/").status_code == 200
    for name, path, is_account in addresses():
        if is_account:
            said = {
                "reason": "Because.",
                "band": "green",
                "expires_on": "2026-06-20",
                "user": reader.email,
                "role": "csm",
            }
            assert client.post(path, said).status_code in (302, 400, 403, 404, 405, 409, 422), name
    assert AuditEntry.objects.count() == before
    assert not Override.objects.exists()


def test_programs_of_an_outsider_get_nothing_of_others(lived: World) -> None:
    secret = tokens.create(user=lived.cleo, name="tests", by=TESTS, at=NOW, may_write=False)
    cleo = Client(headers={"Authorization": f"Bearer {secret}"})
    hidden = foreign(asked="willow")
    leaks: dict[str, list[str]] = {}
    for path, deeds in json.loads(json.dumps(rest.api.get_openapi_schema(), default=str))["paths"].items():
        if "get" not in deeds:
            continue
        asked = re.sub(r"\{(\w+)\}", lambda m: str(_part(m[1], {}) or "willow"), path)
        answer = cleo.get(asked)
        assert answer.status_code in ANYWAY, asked
        if found := hidden.findall(said(answer)):
            leaks[asked] = found[:3]
    assert leaks == {}
