"""What the pages of the knowledge library say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from keepwell.faces.components import words
from keepwell.faces.components.marks import Option
from keepwell.kernel import speech
from keepwell.plays.queries.library import ArticleView, Unmet

VISIBILITIES = {
    "internal": speech.later("Internal"),
    "shared": speech.later("Shared with customers"),
}


@dataclass(frozen=True)
class Asked:
    """Which articles are asked for."""

    text: str = ""
    tag: str = ""
    visibility: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """From an address; what is not known is asked by nobody."""
        visibility = given.get("visibility", "")
        text = given.get("q", "").strip().replace("\x00", "")[:200]
        tag = given.get("tag", "").replace("\x00", "")
        return cls(text, tag, visibility if visibility in VISIBILITIES else "")

    @property
    def query(self) -> str:
        """As part of an address."""
        said = {"q": self.text, "tag": self.tag, "visibility": self.visibility}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class ArticleRow:
    """An article in the list."""

    title: str
    href: str
    begins: str
    visibility: str
    tags: str
    read: str
    sent: str
    changed: str


@dataclass(frozen=True)
class UnmetRow:
    """What was looked for in vain."""

    words: str
    people: str
    last: str
    new: str


@dataclass(frozen=True)
class LibraryPage:
    """Articles, and what is missing."""

    state: str
    rows: tuple[ArticleRow, ...]
    unmet: tuple[UnmetRow, ...]
    asked: Asked
    visibilities: tuple[Option, ...]
    tags: tuple[Option, ...]
    csv: str
    new: str
    may_work: bool


@dataclass(frozen=True)
class ArticlePage:
    """One article."""

    id: int
    title: str
    body: str
    state: str
    tags: tuple[str, ...]
    is_retired: bool
    may_work: bool


@dataclass(frozen=True)
class ArticleForm:
    """What is typed of an article."""

    title: str = ""
    body: str = ""
    visibility: str = "internal"
    tags: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "ArticleForm":
        """From a form or an address."""
        return cls(
            given.get("title", ""),
            given.get("body", ""),
            given.get("visibility", "internal"),
            given.get("tags", ""),
        )

    @classmethod
    def of(cls, found: ArticleView) -> "ArticleForm":
        """From an article as it stands."""
        return cls(found.title, found.body, found.visibility, ", ".join(found.tags))


@dataclass(frozen=True)
class ArticleEditPage:
    """An article that is written or changed."""

    title: str
    form: ArticleForm
    visibilities: tuple[Option, ...]
    back: str
    refused: str


def listing(
    found: Sequence[ArticleView],
    unmet: Sequence[Unmet],
    *,
    tags: Sequence[str],
    asked: Asked,
    today: date,
    may_work: bool,
) -> LibraryPage:
    """The list with its one sentence of state."""
    query = asked.query
    return LibraryPage(
        state=_state(found, unmet, asked),
        rows=tuple(_row(one, today) for one in found),
        unmet=tuple(
            UnmetRow(
                one.words,
                words.count(one.people, "person", "people"),
                words.day(one.last, today=today),
                reverse("article-new") + "?" + urlencode({"title": one.words.capitalize()}),
            )
            for one in unmet
        ),
        asked=asked,
        visibilities=(
            Option("", speech.told("Internal and shared"), not asked.visibility),
            *(Option(slug, str(title), slug == asked.visibility) for slug, title in VISIBILITIES.items()),
        ),
        tags=(
            Option("", speech.told("Any tag"), not asked.tag),
            *(Option(tag, tag, tag == asked.tag) for tag in tags),
        ),
        csv=reverse("library-csv") + (f"?{query}" if query else ""),
        new=reverse("article-new") + (f"?{urlencode({'title': asked.text})}" if asked.text else ""),
        may_work=may_work,
    )


def _state(found: Sequence[ArticleView], unmet: Sequence[Unmet], asked: Asked) -> str:
    n = words.whole(len(found))
    if asked.query:
        return speech.counted(len(found), "%(n)s article fits.", "%(n)s articles fit.", n=n)
    told = speech.counted(len(found), "%(n)s article", "%(n)s articles", n=n)
    if not unmet:
        return f"{told}."
    vain = speech.counted(
        len(unmet),
        "%(n)s question was asked in vain in 90 days",
        "%(n)s questions were asked in vain in 90 days",
        n=words.whole(len(unmet)),
    )
    return f"{told}; {vain}."


def _row(one: ArticleView, today: date) -> ArticleRow:
    return ArticleRow(
        title=one.title,
        href=reverse("article", args=(one.id,)),
        begins=" ".join(one.body.split())[:140],
        visibility=str(VISIBILITIES[one.visibility]),
        tags=", ".join(one.tags),
        read=words.whole(one.read),
        sent=words.whole(one.sent),
        changed=words.day(words.local_day(one.changed_at), today=today),
    )


def detail(one: ArticleView, *, now: datetime, may_work: bool) -> ArticlePage:
    """One article."""
    when = words.moment(one.changed_at, today=words.local_day(now))
    read = words.count(one.read, "reading")
    sent = speech.counted(
        one.sent, "answered %(n)s ticket", "answered %(n)s tickets", n=words.whole(one.sent)
    )
    parts = [
        str(VISIBILITIES[one.visibility]),
        speech.told("changed %(when)s", when=when),
        speech.told("%(read)s in 90 days", read=read),
        sent,
    ]
    return ArticlePage(one.id, one.title, one.body, " · ".join(parts), one.tags, one.is_retired, may_work)


def edit(form: ArticleForm, *, back: str, is_new: bool, refused: str) -> ArticleEditPage:
    """The form."""
    return ArticleEditPage(
        speech.told("New article") if is_new else speech.told("Edit article"),
        form,
        tuple(Option(slug, str(title), slug == form.visibility) for slug, title in VISIBILITIES.items()),
        back,
        refused,
    )
