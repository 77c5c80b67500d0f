"""Commands about people and tokens."""

from datetime import timedelta
from typing import Annotated

import typer

from keepwell.access.actions import tokens as token_actions
from keepwell.access.actions import users as user_actions
from keepwell.access.queries import users as user_queries
from keepwell.faces import clock
from keepwell.faces.cli.common import OPERATOR, AsJson, print_json, print_table

users = typer.Typer(no_args_is_help=True)
tokens = typer.Typer(no_args_is_help=True)

Password = Annotated[
    str,
    typer.Option(
        prompt=True,
        hide_input=True,
        confirmation_prompt=True,
        envvar="KEEPWELL_PASSWORD",
        help="At least ten signs.",
    ),
]


@users.command("create")
def create_user(
    email: str,
    password: Password,
    role: Annotated[
        str,
        typer.Option(
            help="admin, cs_operations, leader, csm, delivery_head, pm, tech_lead, sales, executive or read_only."
        ),
    ] = "admin",
    name: str = "",
    team: Annotated[
        list[str] | None, typer.Option(help="A team whose accounts they see; may be given several times.")
    ] = None,
) -> None:
    """Let somebody sign in."""
    user_actions.create(
        email=email, password=password, role=role, name=name, teams=team or (), by=OPERATOR, at=clock.now()
    )
    typer.echo(f"{email} can sign in as {role}.")


@users.command("password")
def set_password(email: str, password: Password) -> None:
    """Give somebody a new password."""
    user_actions.set_password(
        user=user_queries.by_email(email), password=password, by=OPERATOR, at=clock.now()
    )
    typer.echo(f"{email} has a new password.")


@users.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Everybody who can sign in."""
    found = [(user.email, user.name, user.role) for user in user_queries.everyone()]
    if as_json:
        print_json([{"email": email, "name": name, "role": role} for email, name, role in found])
    else:
        print_table(("email", "name", "role"), found)


@tokens.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for, to tell it from others.")] = "command line",
    user: Annotated[
        str | None,
        typer.Option(
            help="E-mail address of the person for whom the token acts; the first administrator if left out."
        ),
    ] = None,
    write: Annotated[bool, typer.Option(help="Also let it change things, as far as the person may.")] = True,
    days: Annotated[int | None, typer.Option(help="Days until it expires; never if left out.", min=1)] = None,
) -> None:
    """Print a new token for the REST API. It is shown this once."""
    at = clock.now()
    person = user_queries.by_email(user) if user else user_queries.first_admin()
    secret = token_actions.create(
        user=person,
        name=name,
        by=OPERATOR,
        at=at,
        may_write=write,
        expires_at=None if days is None else at + timedelta(days=days),
    )
    typer.echo(secret)
