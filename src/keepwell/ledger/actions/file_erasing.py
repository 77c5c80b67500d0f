"""Take a person out of the files of accounts: files about them go, mentions in plain text are scrubbed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from keepwell.hooks.erasers import Counts, Known
from keepwell.hooks.subjects import Subject
from keepwell.ledger import filing, models


class AccountFiles:
    """The files of accounts, those that were removed lately included."""

    slug = "ledger-files"
    title = "Files of accounts"
    holds = (
        "Files about the person, which go, and mentions in files of plain text. Mentions inside of PDF, office and picture "
        "files are not looked for."
    )

    def find(self, subject: Subject) -> Counts:
        """Files about the person, and texts that mention them. Reads every file of plain text."""
        about = sum(1 for _ in _about(subject))
        mentions = sum(1 for _ in _mentioning(subject))
        return _counts(about, mentions)

    def erase(self, subject: Subject, pseudonyms: Mapping[str, str], at: datetime) -> Counts:
        """Delete files about the person; put a mark in place of mentions in texts."""
        del pseudonyms, at
        about = list(_about(subject))
        for file in about:
            filing.path(file.place).unlink(missing_ok=True)
        models.File.objects.filter(pk__in=[file.pk for file in about]).update(
            place="", size=None, digest="", name="erased"
        )
        texts = list(_mentioning(subject))
        for file, scrubbed in texts:
            kept = filing.keep([scrubbed.encode(errors="surrogateescape")])
            old = file.place
            models.File.objects.filter(pk=file.pk).update(
                place=kept.place, size=kept.size, digest=kept.digest, media_type=kept.media_type
            )
            filing.path(old).unlink(missing_ok=True)
        return _counts(len(about), len(texts))

    def export(self, subject: Subject) -> Iterable[Known]:
        """The names of the files, and the texts that mention the person."""
        for file in _about(subject):
            yield Known("files about them", {"file": file.name, "added_at": file.added_at.isoformat()})
        for file, _ in _mentioning(subject):
            text = filing.path(file.place).read_text(errors="replace")
            yield Known("files that mention them", {"file": file.name, "text": text})


def _about(subject: Subject) -> Iterator[models.File]:
    yield from models.File.objects.filter(person__key__in=subject.keys).exclude(place="").order_by("pk")


def _mentioning(subject: Subject) -> Iterator[tuple[models.File, str]]:
    """Files of plain text that mention the person, with what stands there instead."""
    if subject.pattern is None:
        return
    for file in models.File.objects.filter(media_type=filing.TEXT).exclude(place="").order_by("pk"):
        path = filing.path(file.place)
        if not path.exists():
            continue
        text = path.read_text(errors="surrogateescape")
        scrubbed = subject.pattern.sub("[erased]", text)
        if scrubbed != text:
            yield file, scrubbed


def _counts(about: int, mentions: int) -> dict[str, int]:
    counts = {"files": about, "files that mention them": mentions}
    return {name: count for name, count in counts.items() if count}
