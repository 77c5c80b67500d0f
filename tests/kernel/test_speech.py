"""Figures, money and days in the words of the reader's language."""

import json
import pickle
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

import pytest

from keepwell.kernel import days, errors, figures, speech
from keepwell.kernel.memory import Memory
from keepwell.kernel.money import Money

DAY = date(2026, 9, 3)
GERMAN = {
    'There is no account "%(key)s".': "Es gibt kein Konto „%(key)s“.",
    "Row %(n)s of %(file)s: %(reason)s": "Zeile %(n)s von %(file)s: %(reason)s",
    "At most %(most)s rows are taken.": "Höchstens %(most)s Zeilen werden angenommen.",
    "Open": "Offen",
}


class Reader:
    """Somebody who reads a language without a catalogue."""

    def __init__(self, language: str) -> None:
        self.code = language

    def language(self) -> str:
        return self.code

    def one(self, text: str) -> str:
        return text

    def many(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def recalled(self, sentence: str) -> str:
        return Memory(GERMAN).recalled(sentence)


class German(Reader):
    """Somebody who reads four texts in German."""

    def one(self, text: str) -> str:
        return GERMAN.get(text, text)


@pytest.fixture
def reader() -> Iterator[Reader]:
    before = speech._Heard.tongue
    reader = Reader("en")
    speech.listen(reader)
    yield reader
    speech.listen(before)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("language", "whole", "broken", "loss", "share"),
    [
        ("en", "1,234,567", "1,204.5", "-1,204.5", "12 %"),
        ("en-us", "1,234,567", "1,204.5", "-1,204.5", "12%"),
        ("de", "1.234.567", "1.204,5", "-1.204,5", "12 %"),
        ("fr", "1 234 567", "1 204,5", "-1 204,5", "12 %"),
        ("ar", "1,234,567", "1,204.5", "\u200e-1,204.5", "12%"),
    ],
)
def test_numbers(reader: Reader, language: str, whole: str, broken: str, loss: str, share: str) -> None:
    reader.code = language
    assert plain(figures.whole(1234567)) == whole
    assert plain(figures.figure(1204.49)) == broken
    assert plain(figures.figure(-1204.51)) == loss
    assert plain(figures.measured(12.0, "%")) == share


@pytest.mark.parametrize(
    ("language", "euro", "franc", "millions", "thousands"),
    [
        ("en", "€1,235", "CHF 1,235", "$14.2M", "€340k"),
        ("en-us", "€1,235", "CHF 1,235", "$14.2M", "€340k"),
        ("de", "1.235 €", "1.235 CHF", "14,2 Mio. $", "340.000 €"),
        ("fr", "1 235 €", "1 235 CHF", "14,2 M $", "340 k €"),
        ("ar", "\u200f1,235 €", "\u200f1,235 CHF", "\u200f14.2 مليون $", "\u200f340 ألف €"),
    ],
)
def test_money(reader: Reader, language: str, euro: str, franc: str, millions: str, thousands: str) -> None:
    reader.code = language
    assert plain(str(Money(Decimal("1234.56"), "EUR"))) == euro
    assert plain(str(Money(Decimal("1234.56"), "CHF"))) == franc
    assert plain(Money(Decimal(14_200_000), "USD").short) == millions
    assert plain(Money(Decimal(340_000), "EUR").short) == thousands


def test_money_to_the_cent(reader: Reader) -> None:
    reader.code = "de"
    assert plain(Money(Decimal("1234.56"), "EUR").exact) == "1.234,56 €"
    reader.code = "en"
    assert Money(Decimal("1234.56"), "EUR").exact == "€1,234.56"


@pytest.mark.parametrize(
    ("language", "day", "full", "month", "clock", "ahead", "ago"),
    [
        ("en", "3 Sep", "3 Sep 2026", "Sep 2026", "14:05", "in 12 days", "2 months ago"),
        ("en-us", "Sep 3", "Sep 3, 2026", "Sep 2026", "2:05 PM", "in 12 days", "2 months ago"),
        ("de", "3. Sept.", "3. Sept. 2026", "Sept. 2026", "14:05", "in 12 Tagen", "vor 2 Monaten"),
        ("ar", "3 سبتمبر", "3 سبتمبر 2026", "سبتمبر 2026", "2:05 م", "خلال 12 يومًا", "قبل شهرين"),
    ],
)
def test_days(
    reader: Reader, language: str, day: str, full: str, month: str, clock: str, ahead: str, ago: str
) -> None:
    reader.code = language
    assert plain(days.day_said(DAY)) == day
    assert plain(days.date_said(DAY)) == full
    assert plain(days.month_said(DAY)) == month
    assert plain(days.time_said(time(14, 5))) == clock
    assert plain(days.distance(12, "day")) == ahead
    assert plain(days.distance(-2, "month")) == ago


def test_texts_have_holes_and_forms() -> None:
    assert speech.told("%(done)s of %(total)s done", done=1, total="2") == "1 of 2 done"
    assert speech.told("100 % known") == "100 % known"
    assert speech.counted(2, "%(n)s task is open.", "%(n)s tasks are open.", n=2) == "2 tasks are open."
    assert [speech.noun(n, "day", "days") for n in (1, 0, 2, 1.5)] == ["day", "days", "days", "days"]


@pytest.fixture
def german(reader: Reader) -> Reader:
    speaker = German("de")
    speech.listen(speaker)
    return speaker


def test_a_refusal_is_english_for_programs_and_told_in_the_readers_language(german: Reader) -> None:
    refusal = errors.NotFound('There is no account "%(key)s".', key="oak")
    assert refusal.english == 'There is no account "oak".' == str(refusal)
    assert json.loads(json.dumps({"error": str(refusal)})) == {"error": refusal.english}
    assert f"{refusal}" == speech.said(refusal) == "Es gibt kein Konto „oak“."


def test_a_refusal_within_another_is_told_too(german: Reader) -> None:
    inner = errors.Invalid("At most %(most)s rows are taken.", most=figures.Whole(10_000))
    outer = errors.Invalid("Row %(n)s of %(file)s: %(reason)s", n=3, file="a.csv", reason=str(inner))
    assert outer.english == "Row 3 of a.csv: At most 10,000 rows are taken."
    assert f"{outer}" == "Zeile 3 von a.csv: Höchstens 10.000 Zeilen werden angenommen."
    assert errors.Invalid(str(outer)).english == outer.english
    assert f"{pickle.loads(pickle.dumps(outer))}" == f"{outer}"


def test_a_sentence_that_was_kept_in_english_is_told_again(german: Reader) -> None:
    kept = speech.english(
        "Row %(n)s of %(file)s: %(reason)s", n=3, file="a.csv", reason='There is no account "x".'
    )
    assert kept == 'Row 3 of a.csv: There is no account "x".'
    assert f"{speech.recalled(kept)}" == "Zeile 3 von a.csv: Es gibt kein Konto „x“."
    assert (
        f"{speech.recalled('At most 1,204 rows are taken.')}" == "Höchstens 1.204 Zeilen werden angenommen."
    )
    assert (
        f"{speech.recalled('seats At most 9 rows are taken.')}"
        == "seats Höchstens 9 Zeilen werden angenommen."
    )
    assert speech.recalled("Nobody says this.") == "Nobody says this."


def test_what_is_stored_is_english_whoever_reads(german: Reader) -> None:
    with speech.kept():
        assert speech.told("Open") == "Open"
        assert figures.whole(1204) == "1,204"
    assert speech.told("Open") == "Offen"
