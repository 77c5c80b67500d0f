"""Make the decks of a run, one after the other, into one file; whoever asked sees how far it is."""

import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from keepwell.access.queries import scopes
from keepwell.drafting.slides import paper, powerpoint
from keepwell.faces import clock, reviewing
from keepwell.faces.web import locale
from keepwell.intake.actions.alone import alone
from keepwell.kernel.errors import Refused
from keepwell.outcomes.actions import deck_runs as deeds
from keepwell.outcomes.actions.deck_runs import Going
from keepwell.outcomes.queries import deck_runs as runs
from keepwell.outcomes.queries import deck_templates

LOCK = 0x6465636B
CUT_OFF = timedelta(days=1)


def path(place: str) -> Path:
    """Where the file of a run stands."""
    return Path(settings.KEEPWELL_DATA) / "decks" / place


def run(*, run_id: int) -> None:
    """Carry a run to its end; one that was cut off begins again. Of several workers one carries it, others leave."""
    with alone(kind=LOCK, number=run_id) as mine:
        going = deeds.begin(run_id=run_id) if mine else None
        if going is not None:
            _carry(going)


def _carry(going: Going) -> None:
    place = f"{uuid4().hex}.zip"
    path("").mkdir(parents=True, exist_ok=True)
    file = path(place)
    try:
        is_whole = _written(going, file)
        is_kept = is_whole and deeds.done(
            run_id=going.id, place=place, size=file.stat().st_size, at=clock.now()
        )
    except Exception as failure:
        file.unlink(missing_ok=True)
        why = failure.english if isinstance(failure, Refused) else f"{type(failure).__name__}"
        deeds.failed(run_id=going.id, why=why, at=clock.now())
        if not isinstance(failure, Refused):
            raise
        return
    if not is_kept:
        file.unlink(missing_ok=True)


def _written(going: Going, file: Path) -> bool:
    """Write the decks; False where somebody stopped the run, or none could be made."""
    seen_by, today = scopes.of_user(going.user, through="decks"), going.asked_at.date()
    asked = reviewing.Period(going.since, going.until)
    template = deck_templates.content() if going.form == "pptx" else None
    refused: list[tuple[str, str]] = []
    with locale.reading(going.user), zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, key in enumerate(going.keys, 1):
            try:
                deck = reviewing.deck(account=key, asked=asked, seen_by=seen_by, today=today)
            except Refused as why:
                refused.append((key, why.english))
            else:
                made = (
                    paper.pdf(deck, at=going.asked_at)
                    if going.form == "pdf"
                    else powerpoint.pptx(deck, template=template)
                )
                archive.writestr(f"{name_of(key)}-review-{going.until}.{going.form}", made)
            if not deeds.note(run_id=going.id, done=number, refused=refused):
                return False
    if len(refused) == len(going.keys):
        deeds.failed(run_id=going.id, why=refused[0][1], at=clock.now())
        return False
    return True


def name_of(key: str) -> str:
    """A key as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", key)


def forget_old() -> int:
    """Forget runs after a week, with their files, and files that no run names; gives how many."""
    gone = deeds.forget_old(at=clock.now())
    for place in gone:
        path(place).unlink(missing_ok=True)
    _sweep(clock.now() - CUT_OFF)
    return len(gone)


def _sweep(before: datetime) -> None:
    """Take away files that no run names and that nobody has written to since: their worker was cut off."""
    known = runs.places()
    for file in path("").glob("*.zip"):
        if file.name not in known and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
