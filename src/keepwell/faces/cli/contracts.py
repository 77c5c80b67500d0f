"""Commands on contracts: renew, expand, reduce, say that one is not renewed, take that back, list what was agreed."""

import csv
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from keepwell.faces import amendment_files, clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table
from keepwell.kernel.errors import Invalid
from keepwell.kernel.moments import parse_day
from keepwell.kernel.money import Money
from keepwell.ledger import amending
from keepwell.ledger.actions import amendments as deeds
from keepwell.ledger.amending import Given
from keepwell.ledger.queries import amendments
from keepwell.pipeline import actions as pipeline

app = typer.Typer(no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="The account's key.")]
Contract = Annotated[str, typer.Argument(help="The contract's key.")]
Signed = Annotated[str, typer.Option(help="On which day it was agreed, YYYY-MM-DD; left out, today.")]
Note = Annotated[str, typer.Option(help="More about it; only we read it.")]
From = Annotated[str, typer.Option(help="From which day on, YYYY-MM-DD.")]
Look = Annotated[bool, typer.Option("--look", help="Only say what it would move; nothing is written.")]
Product = Annotated[list[str] | None, typer.Option(help="May be given again.")]
Amount = Annotated[str, typer.Option(help="Yearly, in the contract's currency.")]


def _why(kind: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(help=f"One of {', '.join(amending.REASONS[kind])}.")
    return found


@app.command()
def renew(
    account: Account,
    contract: Contract,
    reason: Annotated[str, _why("renewed")],
    amount: Amount,
    months: Annotated[int | None, typer.Option(help="For how long; left out, as long as before.")] = None,
    seats: Annotated[int | None, typer.Option(help="Seats from then on.")] = None,
    product: Product = None,
    signed_on: Signed = "",
    note: Note = "",
    look: Look = False,
) -> None:
    """It goes on from the day on which it ends, with this revenue."""
    bound = amendments.amendable(account=account, key=contract, seen_by=OPERATOR).months
    _amend(
        account,
        Given(
            "renewed", contract, reason, _amount(amount), None, months or bound, seats, tuple(product or ()), None,
            _day(signed_on), note,
        ),
        look,
    )  # fmt: skip


@app.command()
def expand(
    account: Account,
    contract: Contract,
    reason: Annotated[str, _why("expanded")],
    amount: Amount,
    on: From = "",
    seats: Annotated[int | None, typer.Option(help="How many seats more.")] = None,
    product: Product = None,
    signed_on: Signed = "",
    note: Note = "",
    look: Look = False,
) -> None:
    """It is worth more from a day on, by this amount."""
    _amend(
        account,
        Given(
            "expanded", contract, reason, _amount(amount), _day(on), None, seats, tuple(product or ()), None,
            _day(signed_on), note,
        ),
        look,
    )  # fmt: skip


@app.command()
def reduce(
    account: Account,
    contract: Contract,
    reason: Annotated[str, _why("reduced")],
    amount: Amount,
    on: From = "",
    seats: Annotated[int | None, typer.Option(help="How many seats fewer.")] = None,
    product: Product = None,
    preventable: Annotated[bool | None, typer.Option(help="Could you have prevented it?")] = None,
    signed_on: Signed = "",
    note: Note = "",
    look: Look = False,
) -> None:
    """It is worth less from a day on, by this amount."""
    _amend(
        account,
        Given(
            "reduced", contract, reason, _amount(amount), _day(on), None, seats, tuple(product or ()), preventable,
            _day(signed_on), note,
        ),
        look,
    )  # fmt: skip


@app.command("not-renew")
def not_renew(
    account: Account,
    contract: Contract,
    reason: Annotated[str, _why("not_renewed")],
    on: Annotated[str, typer.Option(help="The day on which it ends; left out, that of its term.")] = "",
    preventable: Annotated[bool | None, typer.Option(help="Could you have prevented it?")] = None,
    signed_on: Signed = "",
    note: Note = "",
    look: Look = False,
) -> None:
    """It ends, and nothing follows."""
    given = Given(
        "not_renewed", contract, reason, on=_day(on), preventable=preventable, signed_on=_day(signed_on), note=note
    )  # fmt: skip
    _amend(account, given, look)


@app.command("take-back")
def take_back(
    number: Annotated[int, typer.Argument(help="The amendment's number, as `contract list` says.")],
) -> None:
    """It was not agreed: the terms are as they were."""
    account = deeds.take_back(amendment=number, by=OPERATOR, at=clock.now())
    pipeline.advance(at=clock.now())
    typer.echo(f"Amendment {number} of {account} is taken back.")


@app.command("list")
def list_(
    account: Annotated[str, typer.Option(help="Only those of the account with this key.")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="As a file.")] = False,
    as_json: AsJson = False,
) -> None:
    """What was agreed, the latest first; what was taken back is left out."""
    found = amendments.of_book(seen_by=OPERATOR, account=account)
    if as_csv:
        csv.writer(sys.stdout).writerows([amendment_files.COLUMNS, *amendment_files.rows(found)])
        return
    if as_json:
        print_json(found)
        return
    rows = [
        (
            str(one.id), one.account, one.contract, one.kind, one.on.isoformat(), _money(one.before), _money(one.after),
            one.reason,
        )
        for one in found
    ]  # fmt: skip
    print_table(("amendment", "account", "contract", "kind", "on", "before", "after", "reason"), rows)


def _amend(account: str, given: Given, look: bool) -> None:
    now = clock.now()
    effect = amendments.effect(account=account, given=given, seen_by=OPERATOR, today=now.date())
    moved = f"{effect.kind} of {effect.amount}" if effect.kind else "the ARR stays as it is"
    told = f"{effect.on}: {moved}; {account} goes from {effect.before} to {effect.after} a year."
    if look:
        typer.echo(f"{told} Nothing was written.")
        return
    number = deeds.amend(account=account, given=given, by=OPERATOR, at=now)
    pipeline.advance(at=clock.now())
    typer.echo(f"Amendment {number}. {told}")


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Invalid('"%(text)s" is no amount. Write 1200 or 1200.50.', text=text[:40]) from None


def _day(text: str) -> date | None:
    return parse_day(text) if text else None


def _money(found: Money | None) -> str:
    return "unknown" if found is None else str(found)
