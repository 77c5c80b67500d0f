"""CSV files record by record: whatever a spreadsheet writes comes back, and reading can begin anywhere."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.intake import reading, sniffing
from keepwell.intake.reading import Dialect
from keepwell.kernel import errors

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(CELLS, min_size=width, max_size=width).filter(any), min_size=1, max_size=8
    )
)
UTF8 = Dialect("utf-8", ",")


def written(folder: str | Path, content: bytes) -> Path:
    path = Path(folder) / "file.csv"
    path.write_bytes(content)
    return path


def as_csv(table: list[list[str]], *, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    return out.getvalue()


@given(TABLES)
def test_every_table_reads_back_cell_by_cell(table: list[list[str]]):
    table[0][0] = table[0][0].removeprefix("\ufeff")
    with TemporaryDirectory() as folder:
        path = written(folder, as_csv(table).encode())
        assert [record.cells for record in reading.records(path, UTF8)] == table


@given(TABLES, st.integers(0, 7))
def test_reading_goes_on_at_any_record(table: list[list[str]], cut: int):
    with TemporaryDirectory() as folder:
        path = written(folder, as_csv(table).encode())
        whole = list(reading.records(path, UTF8))
        before = whole[: cut + 1]
        rest = list(reading.records(path, UTF8, start=before[-1].end, row=before[-1].row))
        assert before + rest == whole
        assert whole[-1].end == path.stat().st_size


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_and_none_are_lost(content: bytes):
    with TemporaryDirectory() as folder:
        path = written(folder, content)
        records = list(reading.records(path, Dialect("cp1252", ",")))
        assert not records or records[-1].end == len(content)


def test_an_unclosed_quote_costs_its_own_line_alone(tmp_path: Path):
    path = written(tmp_path, b'a,b\n1,"open\n2,two\n3,three\n')
    records = list(reading.records(path, UTF8))
    assert [record.cells for record in records] == [["a", "b"], ['1,"open'], ["2", "two"], ["3", "three"]]
    assert records[1].fault == "a quote is not closed before the file ends."
    assert [record.row for record in records] == [1, 2, 3, 4]
    assert records[-1].end == path.stat().st_size


def test_an_unclosed_quote_in_a_large_file_costs_its_own_line_alone(tmp_path: Path):
    rows = b"".join(b"%d,%s\n" % (i, b"x" * 100) for i in range(5000))
    path = written(tmp_path, b'0,"open\n' + rows)
    first, *rest = reading.records(path, UTF8)
    assert first.fault == "a quote is not closed, or a cell has more than 131,072 characters."
    assert len(rest) == 5000
    assert not any(record.fault for record in rest)


def test_a_line_without_end_is_refused_and_passed_over(tmp_path: Path):
    path = written(tmp_path, b"a,b\n" + b"x," * reading.LINE_BYTES + b"\n1,2\n")
    records = list(reading.records(path, UTF8))
    assert records[1].fault == "a line has more than 1,048,576 bytes."
    assert records[2].cells == ["1", "2"]


def test_text_after_a_closing_quote_is_refused_with_the_remedy(tmp_path: Path):
    path = written(tmp_path, b'a,b\n"Birch" Ltd,2\n3,4\n')
    records = list(reading.records(path, UTF8))
    assert records[1].fault == "text follows a closing quote. Double a quote that is part of a cell."
    assert records[2].cells == ["3", "4"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str):
    table = [["key", "name, short"], ["birch", "Birch; the first"], ["elm", "Elm | Co"]]
    path = written(tmp_path, as_csv(table, delimiter=delimiter).encode())
    sketch = sniffing.sketch(path, encoding="utf-8", file_name="file.csv")
    assert sketch.dialect.delimiter == delimiter
    assert sketch.columns == ("key", "name, short")


def test_column_names_are_made_unique():
    assert sniffing.named(["key", "name", "name", " ", "name"]) == (
        "key",
        "name",
        "name (2)",
        "column 4",
        "name (3)",
    )


def test_a_file_of_blank_lines_is_empty(tmp_path: Path):
    with pytest.raises(errors.Invalid, match=r"^accounts.csv is empty. Nothing was stored.$"):
        sniffing.sketch(written(tmp_path, b"\n  \n"), encoding="utf-8", file_name="accounts.csv")


@given(st.text(max_size=50), st.integers(1, 5))
def test_utf8_is_known_however_it_is_cut(text: str, size: int):
    raw = text.encode("utf-8", "replace")
    guess = sniffing.EncodingGuess()
    for start in range(0, len(raw), size):
        guess.feed(raw[start : start + size])
    guess.feed(b"", last=True)
    assert guess.best == "utf-8"


def test_a_header_that_cannot_be_read_is_refused(tmp_path: Path):
    path = written(tmp_path, b'"key,name\nbirch,Birch\n')
    with pytest.raises(errors.Invalid) as refusal:
        sniffing.sketch(path, encoding="utf-8", file_name="accounts.csv")
    assert str(refusal.value) == (
        "Row 1 of accounts.csv, the header, cannot be read: a quote is not closed before the file ends. "
        "Nothing was stored."
    )
