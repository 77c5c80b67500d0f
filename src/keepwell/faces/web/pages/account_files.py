"""The Files tab of an account."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import DayMark
from keepwell.faces.web.pages.account_head import AccountHead
from keepwell.kernel import speech
from keepwell.ledger.filing import MOST_BYTES
from keepwell.ledger.queries.files import FileView

KINDS = {
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "application/gzip": "GZIP",
    "application/x-ole-storage": speech.later("Office, older"),
    "text/plain": speech.later("Text"),
    "application/octet-stream": speech.later("Unknown kind"),
}
ENDINGS = {
    ".document": speech.later("Word"),
    ".sheet": speech.later("Excel"),
    ".presentation": speech.later("PowerPoint"),
}
STEP = 1000


@dataclass(frozen=True)
class FileRow:
    """A file or a link."""

    name: str
    href: str
    kind: str
    size: str
    shared: bool
    by: str
    day: DayMark | None
    is_link: bool
    removal: str


@dataclass(frozen=True)
class FilesTab:
    """The tab."""

    head: AccountHead
    files: tuple[FileRow, ...]
    here: str
    most: str
    refused: str = ""


def row(one: FileView, *, account: str, today: date) -> FileRow:
    """A file as a row."""
    return FileRow(
        name=one.name,
        href=one.link or reverse("account-file", args=(account, one.key)),
        kind="Link" if one.link else kind(one.media_type),
        size="" if one.size is None else size(one.size),
        shared=one.visibility == "shared",
        by=one.added_by,
        day=DayMark.of(one.added_at, today=today),
        is_link=bool(one.link),
        removal=reverse("account-file-removal", args=(account, one.key)),
    )


def kind(media_type: str) -> str:
    """What a file is, in a word."""
    if media_type.startswith("image/"):
        return speech.told(
            "Picture, %(removeprefix)s", removeprefix=media_type.removeprefix("image/").upper()
        )
    ending = next((word for end, word in ENDINGS.items() if media_type.endswith(end)), "")
    return ending or KINDS.get(media_type, media_type)


def size(count: int) -> str:
    """Bytes as people read them: "340 kB", "2.4 MB"."""
    if count < STEP:
        return speech.told("%(count)s B", count=count)
    if count < STEP**2:
        return speech.told("%(count)s kB", count=words.exact(count / STEP, 0))
    return speech.told("%(count)s MB", count=words.exact(count / STEP**2, 1))


MOST = f"{MOST_BYTES // 1024**2} MB"
