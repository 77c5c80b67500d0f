"""What happens once in a data folder: the practice pack, a demo customer base, somebody who can sign in."""

import json
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from keepwell.access.actions import settings as company
from keepwell.access.actions import users
from keepwell.access.queries import settings as decided
from keepwell.access.queries import users as people
from keepwell.access.scopes import system
from keepwell.faces import clock
from keepwell.packs import actions as packs
from keepwell.pipeline import actions as pipeline
from keepwell.simulate import actions as simulate

SEED = 20
ADMIN = "demo@fernhill.example"
TEAM = {
    "ada@fernhill.example": ("Ada", ["North"]),
    "ben@fernhill.example": ("Ben", ["North"]),
    "cleo@fernhill.example": ("Cleo", ["South"]),
}
SETUP = system(through="first start")


def run(*, demo: bool, pack: str) -> None:
    """Do what was not done yet; a demo that a killed first start left half-made is made anew."""
    if decided.get("demo") == "building":
        typer.echo("The demo was left half-made; starting over.")
        _wipe()
    if decided.get("pack") is None:
        packs.apply(pack=pack, by=SETUP, at=clock.now())
    if demo and decided.get("demo") is None and not people.exist():
        _invent()


def _invent() -> None:
    company.put(key="demo", value="building", by=SETUP, at=clock.now())
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    users.create(email=ADMIN, password=password, role="admin", name="Demo admin", by=SETUP, at=clock.now())
    owners = [
        users.create(
            email=email, password=password, role="csm", name=name, teams=teams, by=SETUP, at=clock.now()
        )
        for email, (name, teams) in TEAM.items()
    ]
    with typer.progressbar(length=1000, label="Inventing a demo customer base", width=30) as bar:
        simulate.build(
            seed=SEED,
            last_day=clock.today() - timedelta(days=1),
            by=SETUP,
            owners=owners,
            progress=_Teller(bar),
        )
    pipeline.advance(at=clock.now())
    _write_sign_in(password)
    company.put(key="demo", value="ready", by=SETUP, at=clock.now())


class _Teller:
    """Moves a progress bar to where the work stands."""

    def __init__(self, bar: object) -> None:
        self.bar = bar
        self.told = 0

    def __call__(self, done: int, total: int, words: str) -> None:
        reached = int(1000 * done / max(total, 1))
        self.bar.label = words[:44].ljust(44)  # type: ignore[attr-defined]
        self.bar.update(max(0, reached - self.told))  # type: ignore[attr-defined]
        self.told = max(self.told, reached)


def _sign_in_file() -> Path:
    return Path(settings.KEEPWELL_DATA) / "demo.json"


def _write_sign_in(password: str) -> None:
    path = _sign_in_file()
    path.touch(mode=0o600)
    path.write_text(json.dumps({"email": ADMIN, "password": password}))


def sign_in_hint() -> list[str]:
    """What to tell whoever starts the server about signing in."""
    if _sign_in_file().exists():
        demo = json.loads(_sign_in_file().read_text())
        return [f"Demo sign-in: {demo['email']} with password {demo['password']}"]
    if not people.exist():
        return ["Nobody can sign in yet: keepwell user create EMAIL --role admin"]
    return []


def _wipe() -> None:
    """Empty the database and the lake of a folder that holds nothing but half a demo."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()
    shutil.rmtree(Path(settings.KEEPWELL_DATA) / "lake", ignore_errors=True)
    call_command("migrate", verbosity=0, interactive=False)
