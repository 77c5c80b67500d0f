"""Which text a sentence is that was kept in English: found among all texts by its words, its holes by what stands in them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from keepwell.kernel import figures, speech

HOLE = re.compile(r"%\((\w+)\)s")
WORD = re.compile(r"[^\W\d_]{2,}")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
LEAST_LETTERS = 5  # a text of fewer besides its holes would be found everywhere
DEEPEST = 3


class Memory:
    """All texts of a language, each findable by its rarest word. Built once; a sentence costs some microseconds."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._by_word: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        with_holes = []
        for text in texts:
            if HOLE.search(text):
                with_holes.append((text, WORD.findall(HOLE.sub(" ", text))))
            else:
                self._whole.add(text)
        often: dict[str, int] = {}
        for _, words in with_holes:
            for word in set(words):
                often[word] = often.get(word, 0) + 1
        for text, words in with_holes:
            if sum(map(len, words)) >= LEAST_LETTERS:
                rarest = min(words, key=lambda word: often[word])
                self._by_word.setdefault(rarest, []).append((text, _pattern(text)))
        self.recalled = lru_cache(maxsize=4096)(self._recalled)

    def _recalled(self, sentence: str, depth: int = 1) -> str:
        if sentence in self._whole:
            return speech.later(sentence)
        found = [
            (len(HOLE.sub("", text)), text, match)
            for text, pattern in self._about(sentence)
            if (match := pattern.fullmatch(sentence))
        ]
        if not found:
            return self._after_a_name(sentence, depth)
        _, text, match = max(found, key=lambda one: one[:2])
        return speech.later(
            text, **{name: self._part(part, depth + 1) for name, part in match.groupdict().items()}
        )

    def _after_a_name(self, sentence: str, depth: int) -> str:
        """A refusal that begins with the column or field that it is about."""
        name, _, rest = sentence.partition(" ")
        if depth > DEEPEST or not rest.endswith("."):
            return sentence
        told = self._recalled(rest, DEEPEST + 1)
        return sentence if told is rest else speech.later("%(name)s %(refusal)s", name=name, refusal=told)

    def _about(self, sentence: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        for word in set(WORD.findall(sentence)):
            yield from self._by_word.get(word, ())

    def _part(self, part: str, depth: int) -> object:
        if GROUPED.fullmatch(part):
            return figures.Whole(part.replace(",", ""))
        return self._recalled(part, depth) if depth <= DEEPEST and WORD.search(part) else part


def _pattern(text: str) -> re.Pattern[str]:
    """What a text says in English, with anything in its holes; the same hole holds the same."""
    seen: set[str] = set()

    def hole(name: str) -> str:
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+?)"

    pieces = HOLE.split(text)
    return re.compile(
        "".join(
            hole(piece) if n % 2 else re.escape(piece.replace("%%", "%")) for n, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )
