"""Numbers as people write them, and how a column decides between comma and point."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import lines, problems, read_sales

from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets.figures import Evidence, decide, gather, read, thousands


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("6", ".", "6"),
        ("6.0", ".", "6"),
        ("-6.25", ".", "-6.25"),
        ("+6", ".", "6"),
        ("6-", ".", "-6"),
        ("−6", ".", "-6"),
        ("(6)", ".", "-6"),
        ("( 6,5 )", ",", "-6.5"),
        (" 6 ", ".", "6"),
        (".5", ".", "0.5"),
        (",5", ",", "0.5"),
        ("5.", ".", "5"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ",", "1234"),
        ("1,234.50", ".", "1234.5"),
        ("1.234,50", ",", "1234.5"),
        ("1.234.567", ",", "1234567"),
        ("1 234 567,5", ",", "1234567.5"),
        ("1\u00a0234", ",", "1234"),
        ("1\u202f234", ".", "1234"),
        ("1\u2009234", ".", "1234"),
        ("1'234.50", ".", "1234.5"),
        ("1’234.50", ".", "1234.5"),
        ("1E+05", ".", "100000"),
        ("1,2E+05", ",", "120000"),
        ("0,250", ",", "0.25"),
        ("007", ".", "7"),
    ],
)
def test_a_number(text: str, decimal: str, number: str) -> None:
    assert read(text, decimal, money=False) == Decimal(number)
    assert read(text, decimal, money=True) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "5 kg", "NaN", "inf", "1e999", "1e", "1_000", "0x10", "½", "٣"),
        *("1,2,3", "12 34", "1 2345", "1.234,5.6", "1;2"),
        *("--1", "1-1", "(1", "()", "-", ".", ",", ""),
    ],
)
def test_no_number(text: str) -> None:
    assert read(text, ".", money=False) is None
    assert read(text, ".", money=True) is None


def test_no_number_is_longer_than_people_write() -> None:
    assert read("1" * 61, ".", money=False) is None
    assert read(" " * 10_000 + "1", ".", money=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "12 500 FCFA",
        "12 500 F CFA",
        "12 500 F.CFA",
        "12500CFA",
        "12\u00a0500\u00a0XAF",
        "XOF 12 500",
        "12 500 €",
        "€12500",
        "€ 12 500",
        "$ 12500",
        "US$12500",
        "₦12500",
        "NGN 12 500",
        "N12500",
        "12 500 F",
        "12500 Fr.",
        "GH₵ 12500",
        "KSh 12500",
        "12500/-",
        "R 12 500",
    ],
)
def test_a_currency_may_stand_on_either_side_of_money_alone(text: str) -> None:
    assert read(text, ".", money=True) == 12_500
    assert read(text, ".", money=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "(12 500 FCFA)",
        "-12 500 FCFA",
        "12 500- FCFA",
        "12 500 FCFA-",
        "$-12500",
        "-$12500",
        "(12500) $",
        "$(12500)",
    ],
)
def test_money_may_be_negative_in_many_ways(text: str) -> None:
    assert read(text, ".", money=True) == -12_500


def evidence(*texts: str) -> Evidence:
    return gather(texts, [1] * len(texts), money=True)


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (("1", "1,5"), ","),
        (("1,234", "2,5"), ","),
        (("1.234", "2,5"), ","),
        (("1,234", "2.5"), "."),
        (("0.250",), "."),
        (("0,250",), ","),
        (("1,234,567",), "."),
        (("1.234.567",), ","),
        (("1 234,567",), ","),
        (("12345.678",), "."),
        (("1,234.5",), "."),
        (("2,5", "3,5", "2.5"), ","),
        (("1,234",), None),
        (("12", "1 234"), None),
        (("2,5", "2.5"), None),
    ],
)
def test_a_column_says_what_its_comma_is(texts: tuple[str, ...], decimal: str | None) -> None:
    assert evidence(*texts).decimal() == decimal


def test_one_column_speaks_for_another() -> None:
    columns = {"quantity": evidence("1,234"), "unit_price": evidence("2,50")}
    assert decide(columns, ";", money_is_whole=False) == {"quantity": ",", "unit_price": ","}
    columns = {"quantity": evidence("1,234"), "unit_price": evidence("2.50")}
    assert decide(columns, ";", money_is_whole=False) == {"quantity": ".", "unit_price": "."}


def test_without_any_evidence_a_comma_beside_commas_separates_thousands() -> None:
    assert decide({"quantity": evidence("1,234")}, ",", money_is_whole=False) == {"quantity": "."}
    assert decide({"quantity": evidence("1,234")}, ";", money_is_whole=False) == {"quantity": ","}
    assert decide({"quantity": evidence("1.234")}, ";", money_is_whole=False) == {"quantity": "."}


def test_francs_have_thousands_and_no_decimals(tmp_path: Path) -> None:
    content = "date;sku;qty;prix\n2024-01-05;A;2;1.500\n2024-01-05;A;1,5;1.500\n"
    francs = ReadOptions(currency_exponent=0)
    assert [line[3:] for line in lines(read_sales(tmp_path, content, francs))] == [
        (2_000, 3_000),
        (1_500, 2_250),
    ]
    content = "date;sku;qty;prix\n2024-01-05;A;2.5;1,500\n"
    assert [line[4] for line in lines(read_sales(tmp_path, content, francs))] == [3_750]


def test_what_contradicts_the_column_is_an_error(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-05;A;{quantity}\n" for quantity in ("1,5", "2,5", "2.5", "1.500", "1 500"))
    parsed = read_sales(tmp_path, "date;sku;qté\n" + rows)
    assert [line[3] for line in lines(parsed)] == [1_500, 2_500, 1_500_000, 1_500_000]
    assert problems(parsed) == [(4, "qté", "2.5", "line.quantity_not_a_number")]


def test_the_thousands_separator_is_told() -> None:
    assert thousands(["1", "12\u202f500", "1 000"], ",") == "\u202f"
    assert thousands(["1.5", "1.500"], ".") is None


def grouped(number: Decimal, decimal: str, separator: str) -> str:
    return f"{number:,.2f}".replace(",", "_").replace(".", decimal).replace("_", separator)


@given(
    number=st.decimals(Decimal(-(10**12)), Decimal(10**12), places=2),
    style=st.sampled_from(
        [(".", ","), (",", "."), (",", " "), (",", "\u00a0"), (".", "\u202f"), (".", "'"), (",", "")]
    ),
)
def test_a_number_written_in_any_style_reads_back(number: Decimal, style: tuple[str, str]) -> None:
    text = grouped(number, *style)
    assert read(text, style[0], money=False) == number
    assert gather([text], [1], money=False).decimal() == style[0]
    assert read(f"{text} FCFA", style[0], money=True) == number


@given(st.text(), st.sampled_from(".,"), st.booleans())
def test_any_text_is_a_number_or_none(text: str, decimal: str, money: bool) -> None:  # noqa: FBT001 # hypothesis fills it
    number = read(text, decimal, money=money)
    assert number is None or number.is_finite()
    gather([text], [1], money=money)
