"""Text as it is compared when somebody searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.kernel import folding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ångström & Søn A/S", ("angstrom", "son", "a", "s")),
        ("Gebrüder Weiß GmbH", ("gebruder", "weiss", "gmbh")),
        ("🚀 Labs", ("🚀", "labs")),
        ("Labs 🧑‍🚀🚀", ("labs", "🧑", "🚀", "🚀")),
        ("שָׁלוֹם בע״מ", ("שלום", "בע", "מ")),
        ("شَرِكَة", ("شركه",)),
        ("", ()),
        ("–—…", ()),
    ],
)
def test_words_are_compared_without_accents_points_and_joiners(text: str, found: tuple[str, ...]) -> None:
    assert folding.words(text) == found


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    words = folding.words(text)
    assert folding.words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        ("willow", "willow", 0),
        ("will", "willow", 0),
        ("wilow", "willow", 1),
        ("wlilow", "willow", 1),
        ("willoww", "willow", 1),
        ("wallow", "willow", 1),
        ("wallowz", "willow", 2),
        ("elm", "oak", 3),
    ],
)
def test_slips_are_counted_up_to_the_nearest_beginning(typed: str, word: str, slips: int) -> None:
    assert folding.least_slips(typed, word) == slips
    assert folding.is_within(typed, word, slips=slips)
    assert not slips or not folding.is_within(typed, word, slips=slips - 1)
