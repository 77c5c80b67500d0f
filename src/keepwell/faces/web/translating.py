"""Templates whose visible texts are translated without a mark: the loader finds them.

What a page says stands in its template as plain HTML, in English. When a template is loaded, each run of text between
tags, and each label that is read out or shown on hover, becomes a `{% said %}` that asks the catalogue; variables stay
part of the sentence, as `%(name)s`, so that a translation may put them elsewhere. So nothing can be forgotten, and the
catalogue's source is found by the same function (`keepwell.config.texts`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.template import Origin
from django.template.loaders.app_directories import Loader as AppDirectories

OURS = str(Path(__file__).parents[2])
ATOM = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})", re.S)
LABELS = {
    "data-label",
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-key-says",
    "data-copied",
    "data-grip-says",
    "aria-description",
}
SILENT = {"script", "style", "pre", "code", "kbd", "svg", "textarea"}
SPEAKING = {"empty", "notice", "person", "day", "with"}  # tags whose words are shown
SHOWN = {"label", "caption", "button", "head", "hint"}  # of what a part of a page is given, these are words
MUTE = {"href", "also_href", "size", "kind", "needs", "id", "slug"}
LETTER = re.compile(r"[^\W\d_]")
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
QUOTED = re.compile(r'(?:\b(\w+)=)?(?<!_\()"([^"]*)"')
DEFAULT = re.compile(r'\|\s*default:"([^"]*[^\W\d_][^"]*)"')
TOLD_INSTEAD = re.compile(r'\|default:_\("([^"]*)"\)')


class Loader(AppDirectories):
    """Finds templates in the apps' folders, and their texts."""

    def get_contents(self, origin: Origin) -> str:
        """The source with its texts marked."""
        source: str = super().get_contents(origin)
        return translated(source) if str(origin.name).startswith(OURS) else source


def translated(source: str) -> str:
    """The source of a template with its texts marked."""
    return "".join(piece for piece, _ in _pieces(source))


def texts(source: str) -> list[str]:
    """What a template says, as the catalogue has it."""
    return [text for _, found in _pieces(source) for text in found]


def _pieces(source: str) -> Iterator[tuple[str, list[str]]]:
    """The source piece by piece, with the texts of each."""
    state = _State()
    run: list[str] = []
    for atom in ATOM.split(source):
        if atom.startswith("{%"):
            yield _run(run, state)
            run = []
            yield _tag(atom)
        elif atom.startswith("{{") and state.speaks:
            run.append(DEFAULT.sub(r'|default:_("\1")', atom))
        elif atom.startswith(("{{", "{#")):
            yield atom, []
        else:
            for part, ends in state.parts(atom):
                if ends:
                    yield _run(run, state)
                    run = []
                    yield part, []
                else:
                    run.append(part)
    yield _run(run, state)


class _State:
    """Where in the HTML one is: in a text, in a tag, in the value of a label."""

    def __init__(self) -> None:
        self.within = ""  # "", "tag", or the quote that ends a value
        self.label = False
        self.silent = ""

    @property
    def speaks(self) -> bool:
        """Whether what stands here is shown or read out."""
        return (not self.within and not self.silent) or (
            self.label and self.within in "\"'" and bool(self.within)
        )

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Shown text (False) and markup (True), in order."""
        begin = 0
        speaking = self.speaks
        for place, sign in enumerate(text):
            self._step(text, place, sign)
            if self.speaks != speaking:
                cut = place if speaking else place + 1
                if cut > begin:
                    yield text[begin:cut], not speaking
                begin, speaking = cut, self.speaks
        if begin < len(text):
            yield text[begin:], not speaking

    def _step(self, text: str, place: int, sign: str) -> None:
        if not self.within:
            if sign == "<" and text[place + 1 : place + 2] == "!":
                self.within, self.label = "tag", False
            elif sign == "<" and (match := TAG.match(text, place)):
                self.within = "tag"
                name = match[2].lower()
                if match[1] and name == self.silent:
                    self.silent = ""
                elif not match[1] and not self.silent and name in SILENT:
                    self.silent = name
        elif self.within == "tag":
            if sign == ">":
                self.within = ""
            elif sign in "\"'":
                self.within = sign
                name = re.search(r"([\w-]+)=$", text[:place])
                self.label = name is not None and name[1] in LABELS
        elif sign == self.within:
            self.within, self.label = "tag", False


def _run(run: list[str], state: _State) -> tuple[str, list[str]]:
    del state
    whole = "".join(run)
    plain = "".join(part for part in run if not part.startswith("{{"))
    instead = [text for part in run for text in TOLD_INSTEAD.findall(part)]
    if not LETTER.search(re.sub(r"&#?\w+;", "", plain)):
        return whole, instead
    before = whole[: len(whole) - len(whole.lstrip())]
    after = whole[len(whole.rstrip()) :]
    names: dict[str, str] = {}
    said = "".join(_variable(part, names) if part.startswith("{{") else _escaped(part) for part in run)
    said = re.sub(r"\s+", " ", said).strip()
    if not names:
        said = said.replace("%%", "%")
    quoted = said.replace("\\", "\\\\").replace('"', '\\"')
    given = "".join(f" {name}={expression}" for name, expression in names.items())
    return f'{before}{{% said "{quoted}"{given} %}}{after}', [said, *instead]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _variable(atom: str, names: dict[str, str]) -> str:
    expression = atom[2:-2].strip()
    base = re.sub(r"\W.*", "", expression.partition("|")[0].rpartition(".")[2]) or "value"
    base = f"n{base}" if base[0].isdigit() else base
    name, number = base, 2
    while names.get(name, expression) != expression:
        name, number = f"{base}{number}", number + 1
    names[name] = re.sub(r"\s*\|\s*", "|", expression)
    return f"%({name})s"


def _tag(atom: str) -> tuple[str, list[str]]:
    """Words that a component is given are shown too."""
    name = atom[2:-2].split(maxsplit=1)[0]
    is_part = name == "include"
    found: list[str] = []

    def mark(match: re.Match[str]) -> str:
        told, text = match[1] or "", match[2]
        if is_part and told not in SHOWN:
            return match[0]
        if told in MUTE or not LETTER.search(text) or (not told and " " not in text) or "%" in text:
            return match[0]
        found.append(text)
        return f'{told}=_("{text}")' if told else f'_("{text}")'

    return (QUOTED.sub(mark, atom), found) if is_part or name in SPEAKING else (atom, found)
