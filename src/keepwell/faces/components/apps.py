"""The app that carries the components' templates, styles and tags, and lets all rooms speak the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import read_mo
from django.apps import AppConfig
from django.conf import settings
from django.utils import translation

from keepwell.kernel import speech
from keepwell.kernel.memory import Memory

# A page asks for its language some five hundred times.
_spoken: ContextVar[str] = ContextVar("spoken", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything is said in this language, and as Django has it."""
    with translation.override(language):
        before = _spoken.set(translation.get_language() or speech.ENGLISH)
        try:
            yield
        finally:
            _spoken.reset(before)


class Reader:
    """The language of the present request, and Django's catalogue of its texts."""

    def language(self) -> str:
        """As `speaking` set it."""
        return _spoken.get() or translation.get_language() or speech.ENGLISH

    def one(self, text: str) -> str:
        """Its translation, or the text; an empty text stays empty."""
        return _translated(self.language(), text) if text else ""

    def many(self, one: str, many: str, count: int) -> str:
        """The form for a count."""
        return translation.ngettext(one, many, count)

    def recalled(self, sentence: str) -> str:
        """Found among the texts of the catalogue."""
        return _memory(self.language()).recalled(sentence) if sentence else sentence


@lru_cache
def _memory(language: str) -> Memory:
    texts: list[str] = []
    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / translation.to_locale(language) / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                ids = [message.id for message in read_mo(file) if message.id]
            texts += [text if isinstance(text, str) else text[0] for text in ids]
    return Memory(texts)


@lru_cache(maxsize=10_000)
def _translated(language: str, text: str) -> str:
    """By the catalogue of the language, which is the present one."""
    del language
    return translation.gettext(text)


class ComponentsConfig(AppConfig):
    """Found by its label `components`."""

    name = "keepwell.faces.components"
    label = "components"
    verbose_name = "Components"

    def ready(self) -> None:
        """From now on texts and figures are those of whoever reads."""
        speech.listen(Reader())
