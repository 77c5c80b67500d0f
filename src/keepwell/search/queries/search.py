"""What answers a few typed letters, among what the asker may see."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from keepwell.access.scopes import Scope
from keepwell.hooks import registry
from keepwell.hooks.searchables import Found
from keepwell.kernel import errors
from keepwell.ledger.queries import accounts
from keepwell.search import models
from keepwell.search.formulas import marks, ranking
from keepwell.search.formulas.ranking import Typed

LONGEST = 100
CANDIDATES = 60
ENOUGH = 5
MOST_RECENT = 10
# Few things fit but for a slip, and the database takes them for many. So they are looked up first, and in an order that the
# index of weights does not serve: walking down the weights, or through what one may see, it would meet nearly all there are.
MOST_ALIKE = 1_000
SORTED = F("weight") + 0
COLUMNS = (
    "number", "key", "title", "also", "hint", "account_id", "weight", "kind", "account__key", "account__name",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """Something that was found; `kind` and `key` make its address, `one` says what it is."""

    kind: str
    one: str
    number: int
    key: str
    title: str
    hint: str
    account_key: str
    account_name: str


@dataclass(frozen=True)
class _Candidate:
    kind: str
    found: Found
    account_key: str
    account_name: str
    own: bool


class _Ranked(NamedTuple):
    score: float
    candidate: _Candidate


def kinds() -> dict[str, str]:
    """What can be searched for: titles by slug."""
    return {each.slug: each.title for each in registry.searchables()} | {
        each.slug: each.title for each in registry.few()
    }


def fits(text: str, title: str, also: str) -> bool:
    """Whether every word that was typed begins one of a thing's, but for a slip."""
    typed = Typed.of(text)
    return bool(typed.words) and ranking.fit(typed, title, also) is not None


def answers(
    text: str,
    *,
    seen_by: Scope,
    own: int | None = None,
    recent: Collection[str] = (),
    kind: str = "",
    limit: int = 20,
) -> tuple[Answer, ...]:
    """What fits the text best; of equals what is one's own or was opened lately, then what weighs most.

    Each word may be the beginning of one; where little fits, a slip in each is forgiven. `own` is the person whose
    accounts come first, `recent` are keys of accounts, the latest first. Three to ten queries, whatever there is.
    """
    if kind and kind not in kinds():
        raise errors.Invalid(
            '"%(kind)s" cannot be searched for. Use one of: %(listed)s.', kind=kind, listed=", ".join(kinds())
        )
    typed = Typed.of(text[:LONGEST])
    if not typed.words:
        return ()
    desk = _Desk(seen_by, own, tuple(recent)[:MOST_RECENT], kind)
    ranked = desk.ranked(typed, [*desk.few(), *desk.opened(), *desk.rows(*_plainly(typed))])
    if len(ranked) < ENOUGH and (loosely := _loosely(typed)) is not None:
        ranked = desk.ranked(typed, desk.rows(loosely)) | ranked
    best = sorted(ranked.values(), key=lambda one: (-one.score, one.candidate.found.title))[:limit]
    return tuple(_said(one.candidate) for one in best)


class _Desk:
    """Who asks, what is theirs, and the rows that they may see."""

    def __init__(self, seen_by: Scope, own: int | None, recent: tuple[str, ...], kind: str) -> None:
        self.kind, self.recent = kind, recent
        entries = models.Entry.objects.filter(kind=kind) if kind else models.Entry.objects.all()
        self.seen, self.own = entries, None
        if not seen_by.everything:
            self.seen = entries.filter(account__in=accounts.owned(seen_by.owner_ids))
        if own is not None:
            theirs = accounts.owned({own} if seen_by.everything else {own} & set(seen_by.owner_ids))
            self.own = entries.filter(account__in=theirs)

    def few(self) -> Iterator[_Candidate]:
        """What there is little of."""
        for one in registry.few():
            if self.kind in ("", one.slug):
                yield from (_Candidate(one.slug, found, "", "", own=False) for found in one.all())

    def opened(self) -> Iterator[_Candidate]:
        """The accounts that were opened lately."""
        if self.recent:
            rows = self.seen.filter(kind="account", account__key__in=self.recent)
            yield from _read(rows, own=False)

    def rows(self, *fittings: Q) -> Iterator[_Candidate]:
        """The heaviest rows that fit in each way, of one's own accounts and of all."""
        for fitting in fittings:
            if self.own is not None:
                yield from _read(self.own.filter(fitting).order_by("-weight")[:CANDIDATES], own=True)
            yield from _read(self.seen.filter(fitting).order_by("-weight")[:CANDIDATES], own=False)

    def ranked(self, typed: Typed, candidates: Iterable[_Candidate]) -> dict[tuple[str, int], _Ranked]:
        """How well each answers, by kind and number; without those that do not."""
        answers: dict[tuple[str, int], _Ranked] = {}
        for one in candidates:
            known = answers.get((one.kind, one.found.number))
            fitting = (
                ranking.fit(typed, one.found.title, one.found.also) if known is None or one.own else None
            )
            if fitting is not None:
                opened = one.kind == "account" and one.account_key in self.recent
                recent = self.recent.index(one.account_key) if opened else None
                score = ranking.score(fitting, weight=one.found.weight, own=one.own, recent=recent)
                if known is None or known.score < score:
                    answers[one.kind, one.found.number] = _Ranked(score, one)
        return answers


def _read(rows: "QuerySet[models.Entry]", *, own: bool) -> Iterator[_Candidate]:
    for *found, kind, key, name in rows.values_list(*COLUMNS):
        yield _Candidate(kind, Found(*found), key or "", name or key or "", own=own)


def _plainly(typed: Typed) -> tuple[Q, ...]:
    """Every word of three letters and more begins one of the thing's; of shorter ones alone, its title begins so, or it has
    the word as it is: each is asked alone, so that the first is a walk along an index.
    """
    looked_up = [mark for word in typed.words if (mark := marks.plainly(word)) is not None]
    if looked_up:
        return (Q(marks__contains=looked_up),)
    first = typed.words[0]
    begins = Q(lead=first) if len(first) == 2 else Q(Exact(Left(F("lead"), 1), first))
    return begins, Q(marks__contains=[marks.whole(first)])


def _loosely(typed: Typed) -> Q | None:
    """The same but for a slip in each word; None when no word is long enough for one."""
    fitting, slips = Q(), 0
    for word in typed.words:
        loose, plain = marks.loosely(word), marks.plainly(word)
        slips += bool(loose)
        if loose:
            fitting &= Q(marks__overlap=loose)
        elif plain is not None:
            fitting &= Q(marks__contains=[plain])
    if not slips:
        return None
    alike = models.Entry.objects.filter(fitting).order_by(SORTED.desc())
    return Q(pk__in=list(alike.values_list("pk", flat=True)[:MOST_ALIKE]))


def _said(one: _Candidate) -> Answer:
    names = {each.slug: each.one for each in registry.searchables()} | {
        each.slug: each.one for each in registry.few()
    }
    found = one.found
    return Answer(
        one.kind,
        names[one.kind],
        found.number,
        found.key,
        found.title,
        found.hint,
        one.account_key,
        one.account_name,
    )
