"""What is wrong with single lines, and on which line of the file it stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import lines, problems, read_sales

from inventoryai.domain.files import RECORDED_PROBLEMS, VALUE_LENGTH
from inventoryai.domain.unreadable import FileQuoteUnclosed
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets.records import RecordReader

HEADER = "date,sku,quantity,unit price,amount,name\n"
GOOD = "2024-01-05,A,1,2,2,x\n"


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        ("2024-01-05,A,1,2,2", "", "2024-01-05,A,1,2,2", "line.too_few_fields"),
        ("A", "", "A", "line.too_few_fields"),
        ("2024-01-05,A,1,2,2,x,y", "", "2024-01-05,A,1,2,2,x,y", "line.too_many_fields"),
        (",A,1,2,2,x", "date", "", "line.date_missing"),
        ("31/02/2024,A,1,2,2,x", "date", "31/02/2024", "line.date_invalid"),
        ("2024-01-05, ,1,2,2,x", "sku", " ", "line.sku_missing"),
        (f"2024-01-05,{'A' * 101},1,2,2,x", "sku", "A" * 101, "line.sku_invalid"),
        ("2024-01-05,A\x01B,1,2,2,x", "sku", "A\x01B", "line.sku_invalid"),
        ("2024-01-05,A,,2,2,x", "quantity", "", "line.quantity_missing"),
        ("2024-01-05,A,abc,2,2,x", "quantity", "abc", "line.quantity_not_a_number"),
        ("2024-01-05,A,3700123456789,2,2,x", "quantity", "3700123456789", "line.quantity_too_large"),
        ("2024-01-05,A,1,two,2,x", "unit price", "two", "line.price_not_a_number"),
        ("2024-01-05,A,1,2,two,x", "amount", "two", "line.amount_not_a_number"),
        ("2024-01-05,A,1,2,1000000000000,x", "amount", "1000000000000", "line.amount_too_large"),
        ("2024-01-05,A,1,2,9999999999,x", "amount", "9999999999", "line.amount_too_large"),
        ("2024-01-05,A\0,1,2,2,x", "", "2024-01-05,A\0,1,2,2,x", "line.nul"),
        ('2024-01-05,"A" b,1,2,2,x', "", '2024-01-05,"A" b,1,2,2,x', "line.broken_quotes"),
        (f"2024-01-05,A,1,2,2,{'x' * 140_000}", "", "2024-01-05,A,1,2,2,", "line.field_too_long"),
    ],
)
def test_a_bad_line_costs_itself_alone(tmp_path: Path, row: str, column: str, value: str, code: str) -> None:
    parsed = read_sales(tmp_path, HEADER + GOOD + row + "\n" + GOOD)
    assert [line[0] for line in lines(parsed)] == [2, 4]
    [(line, where, what, why)] = problems(parsed)
    assert (line, where, why) == (3, column, code)
    assert what.startswith(value)
    assert len(what) <= VALUE_LENGTH
    assert parsed.problems.counts == {code: 1}
    assert parsed.rejected == 1


def test_a_price_beyond_any_sale_is_said_of_the_price(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, "date,sku,qty,price\n2024-01-05,A,99999999,9999999\n")
    assert problems(parsed) == [(2, "price", "9999999", "line.amount_too_large")]


def test_of_several_problems_the_first_is_said(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, HEADER + "x,,y,z,z,\n" + "2024-01-05,,y,z,z,\n")
    assert [problem[3] for problem in problems(parsed)] == ["line.date_invalid", "line.sku_missing"]


def test_blank_lines_are_no_rows_and_count_as_lines(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, HEADER + "\n  \n" + GOOD + ",,,,,\n , ,,,,\n\n" + GOOD + "\n\n")
    assert parsed.rows == 2
    assert [line[0] for line in lines(parsed)] == [4, 8]


def test_empty_fields_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, "date,sku,qty,,\n2024-01-05,A,1\n2024-01-05,A,1,,,,\n2024-01-05,A,1,x,y\n")
    assert parsed.accepted == 3


def test_quoted_line_breaks_are_part_of_the_field(tmp_path: Path) -> None:
    content = '"date\r\n(jj/mm)",sku,"qty\n",name\r\n'
    content += (
        '2024-01-05,A,1,"two\r\nlines"\r\n\r\n2024-01-05,A,x,"a ""b""\n\n, c"\r\n2024-01-05,B,1,"d"\r\n'
    )
    parsed = read_sales(tmp_path, content, ReadOptions(mapping={"date": "date\r\n(jj/mm)"}))
    assert [line[:2] for line in lines(parsed)] == [(4, "A"), (10, "B")]
    assert problems(parsed) == [(7, "qty", "x", "line.quantity_not_a_number")]
    assert parsed.names == ("two lines", "d")


PIECES = [
    "a,b,c\n",
    "a,b\r\n",
    'a,"x\ny",c\n',
    "\n",
    'a,"x" y,c\n',
    "a\r",
    'a,"b""\r\n",c\n',
    "a,\0,c\n",
    "a,b,c",
]


def cut(text: str, size: int) -> list[tuple[int, object]]:
    """The records and broken lines of a text that arrives in pieces of a size."""
    reader = RecordReader(",", range(3, 4), longest=10_000, line=1)
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    found: list[tuple[int, object]] = []
    try:
        for batch in reader.batches(pieces):
            found += zip(batch.lines.tolist(), batch.rows, strict=True)
            found += [(broken.line, broken.problem.code) for broken in batch.broken]
    except FileQuoteUnclosed as problem:
        return [(0, problem.data)]
    return sorted(found, key=lambda one: one[0])


@given(st.lists(st.sampled_from(PIECES)), st.integers(1, 40))
def test_lines_are_the_same_however_the_text_arrives(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    assert cut(text, size) == cut(text, 1 + len(text))


def test_lines_are_counted_as_a_text_editor_does() -> None:
    assert cut("".join(PIECES), 1_000) == [
        (1, ["a", "b", "c"]),
        (2, ["a", "b"]),
        (3, ["a", "x\ny", "c"]),
        (5, []),
        (6, "line.broken_quotes"),
        (7, ["a"]),
        (8, ["a", 'b"\r\n', "c"]),
        (10, "line.nul"),
        (11, ["a", "b", "c"]),
    ]


def test_a_stray_quotation_mark_costs_its_line(tmp_path: Path) -> None:
    stray = '2024-01-05,A,1,2,2,"12 inch\n'
    parsed = read_sales(tmp_path, HEADER + GOOD + stray + GOOD + '2024-01-05,B,1,2,2,"y"\n' + GOOD)
    assert [line[0] for line in lines(parsed)] == [2, 4, 5, 6]
    assert problems(parsed) == [(3, "", stray.rstrip(), "line.broken_quotes")]


def test_quotation_marks_inside_a_field_are_letters(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, HEADER + '2024-01-05,A,1,2,2,12" pipe "new"\n')
    assert parsed.names == ('12" pipe "new"',)


def test_when_no_line_is_good_all_are_told(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, HEADER + "x,A,1,2,2,x\n" * 3)
    assert (parsed.rows, parsed.accepted, parsed.rejected) == (3, 0, 3)
    assert (parsed.first_day, parsed.last_day, parsed.columns.skus) == (None, None, ())


def test_counts_are_exact_where_the_record_is_cut_short(tmp_path: Path) -> None:
    rows = "2024-01-05,A,x\n" * 60_000 + "2024-01-05,A\n" * 60_000 + "31/02/2024,A,x\n"
    parsed = read_sales(tmp_path, "date,sku,qty\n" + rows)
    assert parsed.rejected == parsed.rows == 120_001
    assert len(parsed.problems) == RECORDED_PROBLEMS
    assert parsed.problems.line.tolist() == list(range(2, RECORDED_PROBLEMS + 2))
    assert parsed.problems.counts == {
        "line.date_invalid": 1,
        "line.quantity_not_a_number": 60_000,
        "line.too_few_fields": 60_000,
    }
