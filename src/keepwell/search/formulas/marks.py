"""Numbers by which words are looked up: of their beginnings, and of their first letters with one left out.

Two texts of five letters that differ by one slip (a letter wrong, missing, too many, two turned round) have a form in
common once a letter may be left out of each, so a slip is found by equality alone, as in SymSpell.
"""

from functools import lru_cache
from zlib import crc32

LONGEST = 8  # letters of a beginning
LEAST = 3  # shorter beginnings are those of too many words to be looked up
HEAD = 5  # letters within which a slip is forgiven by the index
LEAST_SLIP = 4  # what is shorter has no slips: too much would be like it


def number(form: str) -> int:
    """A form as a signed number of 32 bits."""
    return crc32(form.encode()) - 2**31


def of_words(words: tuple[str, ...]) -> list[int]:
    """All marks of a thing's words."""
    return sorted({mark for word in words for mark in _of(word)})


@lru_cache(maxsize=50_000)
def _of(word: str) -> frozenset[int]:
    marks = {whole(word)} if len(word) < LEAST else set()
    if any("\u3040" <= sign <= "\u9fff" for sign in word):
        return frozenset(marks | _inside(word))
    return frozenset(marks | _begun(word) | _slips(word))


def _begun(word: str) -> set[int]:
    return {number(word[:length]) for length in range(LEAST, min(len(word), LONGEST) + 1)}


def _inside(word: str) -> set[int]:
    """Chinese and Japanese have no spaces between words: each sign may begin one, of one sign or more."""
    starts = [word[place:] for place in range(len(word))]
    short = {whole(start[:length]) for start in starts for length in (1, 2)}
    return short.union(*(_begun(start) for start in starts))


def _slips(word: str) -> set[int]:
    head = word[:HEAD]
    if len(head) < LEAST_SLIP or not head.isalpha():
        return set()
    return {number(f"~{form}") for form in (head, *_without_one(head))}


def _without_one(head: str) -> tuple[str, ...]:
    return tuple(head[:place] + head[place + 1 :] for place in range(len(head)))


def plainly(word: str) -> int | None:
    """The mark that every word with this beginning has; None when it is too short, and only the start of titles is asked."""
    return number(word[:LONGEST]) if len(word) >= LEAST else None


def whole(word: str) -> int:
    """The mark of a short word as it is."""
    return number(f"={word}")


def loosely(word: str) -> list[int]:
    """Marks, one of which every word has that begins like this one but for a slip; none where slips are not forgiven."""
    return sorted(_slips(word))
