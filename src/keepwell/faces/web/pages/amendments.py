"""What the form of an amendment says, what it would move, and the list of amendments of an account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark, Option
from keepwell.kernel import speech
from keepwell.kernel.moments import day_of
from keepwell.kernel.money import Money
from keepwell.ledger import amending
from keepwell.ledger.queries.amendments import Amendable, AmendmentView, Effect
from keepwell.ledger.queries.renewals import PerhapsTold

KINDS = {
    "renewed": speech.later("Renew"),
    "expanded": speech.later("Expand"),
    "reduced": speech.later("Reduce"),
    "not_renewed": speech.later("Not renewed"),
}
DONE = {
    "renewed": speech.later("Renewed"),
    "expanded": speech.later("Expanded"),
    "reduced": speech.later("Reduced"),
    "not_renewed": speech.later("Not renewed"),
}
TONES = {"renewed": "good", "expanded": "good", "reduced": "warn", "not_renewed": "bad"}
REASONS = {
    "value_seen": speech.later("They see the value"),
    "rescued": speech.later("Won back after a rescue"),
    "better_terms": speech.later("Better terms"),
    "runs_on": speech.later("It runs on by itself"),
    "new_use": speech.later("A new use case"),
    "more_people": speech.later("More people work with it"),
    "new_module": speech.later("A new module or service"),
    "higher_usage": speech.later("More usage than the limit"),
    "little_use": speech.later("Little use"),
    "no_value": speech.later("They do not see the value"),
    "price": speech.later("Price"),
    "product_gap": speech.later("The product lacks something"),
    "service": speech.later("Service or quality"),
    "champion_left": speech.later("The champion left"),
    "competitor": speech.later("A competitor"),
    "budget": speech.later("No budget"),
    "merged": speech.later("Merged or bought"),
    "closed": speech.later("They close down"),
    "other": speech.later("Something else"),
}
MOVES = {
    "new": speech.later("New"),
    "expansion": speech.later("Expansion"),
    "contraction": speech.later("Contraction"),
    "churn": speech.later("Churn"),
    "reactivation": speech.later("Reactivation"),
}
MOVE_TONES = {
    "new": "good",
    "expansion": "good",
    "reactivation": "good",
    "contraction": "warn",
    "churn": "bad",
}
LOSSES = ("reduced", "not_renewed")


@dataclass(frozen=True)
class EffectCard:
    """What it would do to the account's ARR on its day."""

    day: str
    kind: str
    tone: str
    amount: str
    before: str
    after: str
    until: str


@dataclass(frozen=True)
class AmendmentForm:
    """The form of one amendment of a contract, as typed, with what it would move."""

    name: str
    kind: str
    title: str
    intro: str
    contract: str
    product: str
    currency: str
    standing: str
    typed: Mapping[str, str]
    reasons: tuple[Option, ...]
    preventable: tuple[Option, ...]
    others: tuple[tuple[str, str], ...]
    here: str
    back: str
    effect: EffectCard | None
    refused: str

    @property
    def is_loss(self) -> bool:
        """Whether something goes."""
        return self.kind in LOSSES


@dataclass(frozen=True)
class AmendmentRow:
    """An amendment in the list of an account."""

    id: int
    kind: str
    tone: str
    day: DayMark | None
    product: str
    change: str
    after: str
    reason: str
    more: str
    note: str
    by: str
    told_again: str
    asked: tuple[tuple[str, str], ...]


def address(account: str, contract: str, kind: str) -> str:
    """Where the form of an amendment stands."""
    return f"{reverse('account-amend', args=(account, kind))}?{urlencode({'contract': contract})}"


def begun(kind: str, contract: Amendable, *, today: date) -> dict[str, str]:
    """What stands in the form before anybody types."""
    told = {"signed_on": today.isoformat(), "reason": "", "preventable": ""}
    if kind == "renewed":
        told |= {"amount": _plain(contract), "months": str(contract.months)}
        told["seats"] = "" if contract.seats is None else str(contract.seats)
        return told
    if kind == "not_renewed":
        return told | {"on": contract.end_date.isoformat() if contract.end_date else ""}
    ended = contract.end_date is not None and contract.end_date <= today
    return told | {"on": (contract.start_date if ended else max(today, contract.start_date)).isoformat()}


def form(
    kind: str,
    contract: Amendable,
    typed: Mapping[str, str],
    *,
    today: date,
    effect: Effect | None = None,
    refused: str = "",
) -> AmendmentForm:
    """The form."""
    account = contract.account
    return AmendmentForm(
        name=contract.name,
        kind=kind,
        title=KINDS[kind],
        intro=_intro(kind, contract, today),
        contract=contract.key,
        product=contract.product or speech.told("Contract"),
        currency=contract.currency,
        standing=_standing(contract, today),
        typed=typed,
        reasons=(
            Option("", speech.told("Choose a reason"), is_chosen=not typed.get("reason")),
            *(Option(one, REASONS[one], typed.get("reason") == one) for one in amending.REASONS[kind]),
        ),
        preventable=tuple(
            Option(value, title, typed.get("preventable", "") == value)
            for value, title in (
                ("", speech.told("Nobody knows")),
                ("yes", speech.told("Yes")),
                ("no", speech.told("No")),
            )
        ),
        others=tuple(
            (title, address(account, contract.key, other)) for other, title in KINDS.items() if other != kind
        ),
        here=address(account, contract.key, kind),
        back=reverse("account-contracts", args=(account,)),
        effect=None if effect is None else card(effect, today=today),
        refused=refused,
    )


def card(effect: Effect, *, today: date) -> EffectCard:
    """What would move."""
    return EffectCard(
        day=words.day(effect.on, today=today, dated=True),
        kind=MOVES[effect.kind] if effect.kind else speech.told("No movement"),
        tone=MOVE_TONES.get(effect.kind, ""),
        amount=_signed(effect.amount) if effect.kind else "",
        before=words.money(effect.before),
        after=words.money(effect.after),
        until="" if effect.until is None else words.day(effect.until, today=today, dated=True),
    )


def rows(
    found: Sequence[AmendmentView], again: Mapping[int, Sequence[PerhapsTold]], *, today: date
) -> tuple[AmendmentRow, ...]:
    """The list; `again` are contracts by amendment of which a person is to say whether they tell the same."""
    return tuple(_row(one, again.get(one.id, ()), today) for one in found)


def _told(one: PerhapsTold, today: date) -> str:
    return speech.told(
        "%(key)s of %(source)s, %(arr)s from %(day)s",
        key=one.key, source=one.source or "Keepwell", arr=words.money(one.arr),
        day=words.day(one.start_date, today=today, dated=True),
    )  # fmt: skip


def _row(one: AmendmentView, again: Sequence[PerhapsTold], today: date) -> AmendmentRow:
    change = one.change
    more = {
        True: speech.told("could have been prevented"),
        False: speech.told("could not be prevented"),
        None: "",
    }
    return AmendmentRow(
        id=one.id,
        kind=DONE[one.kind],
        tone=TONES[one.kind],
        day=DayMark.of(one.on, today=today, dated=True),
        product=one.product or speech.told("Contract"),
        change="–" if change is None else _signed(change),
        after=words.money(one.after),
        reason=REASONS[one.reason],
        more=more[one.preventable],
        note=one.note,
        by=speech.told(
            "agreed %(day)s, noted by %(who)s",
            day=words.day(day_of(one.signed_at), today=today, dated=True),
            who=one.by or "Keepwell",
        ),
        told_again=speech.told("told again as %(key)s", key=one.successor) if one.told_again else "",
        asked=tuple((each.key, _told(each, today)) for each in again),
    )


def _signed(amount: Money) -> str:
    return f"+{amount}" if amount.amount > 0 else str(amount)


def _plain(contract: Amendable) -> str:
    if contract.arr is None:
        return ""
    said = f"{contract.arr.amount:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _intro(kind: str, contract: Amendable, today: date) -> str:
    end = "" if contract.end_date is None else words.day(contract.end_date, today=today, dated=True)
    if kind == "renewed":
        return speech.told(
            "A new contract follows on %(day)s, when this one ends. The one that runs stays as it is.",
            day=end or "–",
        )
    if kind == "expanded":
        return speech.told(
            "From a day until today the terms of this contract change. For a day to come a contract of its own is made, "
            "with the same end."
        )
    if kind == "reduced":
        return speech.told(
            "From that day on the contract is worth less. What is to be less from the next term on belongs in the renewal."
        )
    return speech.told("The contract ends on that day, and the reason is kept for those who learn from it.")


def _standing(contract: Amendable, today: date) -> str:
    told = [words.money(contract.arr) if contract.arr is not None else speech.told("ARR not known")]
    if contract.seats is not None:
        told.append(words.count(contract.seats, "seat"))
    start = words.day(contract.start_date, today=today, dated=True)
    told.append(
        speech.told("from %(start)s, open-ended", start=start)
        if contract.end_date is None
        else speech.told(
            "from %(start)s until %(end)s",
            start=start,
            end=words.day(contract.end_date, today=today, dated=True),
        )
    )
    return " · ".join(told)
