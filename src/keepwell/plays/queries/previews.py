"""What the texts of a playbook come to for an account, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from keepwell.access.scopes import Scope
from keepwell.kernel.errors import NotFound
from keepwell.ledger.queries import accounts
from keepwell.plays import declared
from keepwell.plays.formulas import texts
from keepwell.plays.queries import truths
from keepwell.segments.queries import vocabulary


@dataclass(frozen=True)
class FilledText:
    """A text as an account would get it, and the fields of which nothing is known."""

    text: str
    unfilled: tuple[str, ...]


def filled(
    said: Mapping[str, str], *, account: str, playbook: str, seen_by: Scope, at: datetime
) -> dict[str, FilledText]:
    """Each text with what is known of the account; a few scans of its facts. Refuses a field that is not known."""
    row = accounts.visible(seen_by=seen_by).filter(key=account).first()
    if row is None:
        raise NotFound('There is no account "%(account)s".', account=account)
    asked = declared.asked_of(list(said.values()), vocabulary.accounts())
    known = truths.facts(asked, account=row, playbook=playbook, day=truths.current(at)) if asked else {}
    words = {name: fact[0] for name, fact in known.items()}
    done = {key: texts.fill(text, words) for key, text in said.items()}
    return {key: FilledText(one.text, one.unfilled) for key, one in done.items()}
