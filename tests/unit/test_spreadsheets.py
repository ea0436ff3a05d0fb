"""Sales files as they come: delimiters, encodings, headers, values."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from sheets import PLAIN, READER, as_bytes, lines, problems, read_sales, zipped

from inventoryai.domain.files import Dialect
from inventoryai.domain.unreadable import FileColumnNotFound, FileFieldUnknown
from inventoryai.ports.spreadsheets import ReadOptions

FRENCH = (
    "Date de vente;Référence;Désignation;Famille;Qté;Prix unitaire\r\n"
    "13/01/2024 08:30;00123;Riz brisé 25 kg;Épicerie;1,5;12\u202f500 FCFA\r\n"
    '14/01/2024 19:05;L-7;"Lait; entier";Frais;2;1 000 FCFA\r\n'
    "14/01/2024 19:06;00123;Riz brisé 25 kg;Épicerie;-1;12\u00a0500 F CFA\r\n"
)
FRENCH_LINES = [
    (2, "00123", date(2024, 1, 13), 1_500, 18_750),
    (3, "L-7", date(2024, 1, 14), 2_000, 2_000),
    (4, "00123", date(2024, 1, 14), -1_000, -12_500),
]
FRANCS = ReadOptions(currency_exponent=0)


def test_a_french_export_is_understood(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, FRENCH, FRANCS)
    assert lines(parsed) == FRENCH_LINES
    assert parsed.columns.skus == ("00123", "L-7")
    assert parsed.names == ("Riz brisé 25 kg", "Lait; entier")
    assert parsed.categories == ("Épicerie", "Frais")
    assert parsed.has_price
    assert (parsed.first_day, parsed.last_day) == (date(2024, 1, 13), date(2024, 1, 14))
    assert parsed.dialect == Dialect(
        encoding="utf-8",
        compressed=False,
        delimiter=";",
        decimal=",",
        thousands="\u202f",
        date_order="day_first",
        columns={
            "date": "Date de vente",
            "sku": "Référence",
            "quantity": "Qté",
            "unit_price": "Prix unitaire",
            "name": "Désignation",
            "category": "Famille",
        },
    )


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (FRENCH.encode("utf-8-sig"), "utf-8-sig"),
        (FRENCH.encode("utf-16"), "utf-16"),
        (FRENCH.replace("\u202f", "\u00a0").encode("cp1252"), "cp1252"),
        (FRENCH.replace("\r\n", "\r").encode(), "utf-8"),
        (FRENCH.replace("\r\n", "\n").rstrip().encode(), "utf-8"),
        (b"sep=;\r\n" + FRENCH.encode(), "utf-8"),
        (b'"sep=;"\r\n' + FRENCH.encode(), "utf-8"),
        (b"\r\n \r\n" + FRENCH.encode() + b"\r\n;;;;;\r\n\x1a", "utf-8"),
        (zipped(FRENCH.encode()), "utf-8"),
        (zipped(FRENCH[:30].encode()) + zipped(FRENCH[30:].encode()), "utf-8"),
    ],
)
def test_the_same_lines_in_every_wrapping(tmp_path: Path, content: bytes, encoding: str) -> None:
    parsed = read_sales(tmp_path, content, FRANCS)
    assert [line[1:] for line in lines(parsed)] == [line[1:] for line in FRENCH_LINES]
    assert parsed.dialect.encoding == encoding
    assert parsed.dialect.delimiter == ";"


def test_windows_1252_is_found_however_late_it_shows(tmp_path: Path) -> None:
    plain = b"date,sku,quantity,name\n" + b"2024-01-05,1,1,plain text\n" * 60_000
    parsed = read_sales(tmp_path, plain + "2024-01-05,2,1,café à €5\n".encode("cp1252"))
    assert parsed.dialect.encoding == "cp1252"
    assert parsed.names == ("plain text", "café à €5")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_shows_the_fields(tmp_path: Path, delimiter: str) -> None:
    rows = [["date", "sku", "qty", '"a, b; c"'], ["2024-01-05", "1", "2", '"x, y; z"']]
    parsed = read_sales(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert parsed.dialect.delimiter == delimiter
    assert lines(parsed) == [(2, "1", date(2024, 1, 5), 2_000, 0)]
    assert not parsed.has_price


@pytest.mark.parametrize(
    "header",
    [
        "date,sku,quantity",
        "DATE ,SKU, Quantity",
        "InvoiceDate,StockCode,Quantity",
        "Jour,Code article,Quantité",
        "date_vente,code_produit,qte_vendue",
        '"Date de Vente","Réf.","Qté"',
        "Sale date,Item no.,Units sold",
        "Transaction Date,Barcode,QTY",
        "Date (jj/mm/aaaa),Référence / code barres,Quantité (kg)",
        "DATE FACTURE,CODE ARTICLE,QTÉ",
    ],
)
def test_columns_are_found_by_what_they_are_called(tmp_path: Path, header: str) -> None:
    assert lines(read_sales(tmp_path, f"{header}\n2024-01-05,A1,2\n")) == [
        (2, "A1", date(2024, 1, 5), 2_000, 0)
    ]


@pytest.mark.parametrize(
    ("header", "field", "chosen"),
    [
        ("date,code,référence,article,qté", "sku", "référence"),
        ("date,article,qté", "sku", "article"),
        ("date,code article,article,qté", "name", "article"),
        ("date,produit,désignation,qté", "name", "désignation"),
        ("date,date de vente,sku,qté", "date", "date de vente"),
        ("date,sku,qté,total,prix,montant ligne", "amount", "montant ligne"),
        ("date,sku,quantité,quantité vendue", "quantity", "quantité vendue"),
        ("date,date,sku,qté", "date", "date"),
    ],
)
def test_of_several_candidates_the_most_telling_is_taken(
    tmp_path: Path, header: str, field: str, chosen: str
) -> None:
    row = ",".join("2024-01-05" if name.startswith("date") else "1" for name in header.split(","))
    assert read_sales(tmp_path, f"{header}\n{row}\n").dialect.columns[field] == chosen


def test_a_ticket_number_is_no_external_id(tmp_path: Path) -> None:
    parsed = read_sales(tmp_path, "ticket,date,sku,qty\n7,2024-01-05,1,2\n7,2024-01-05,2,2\n")
    assert parsed.accepted == 2


MAPPED = "Vendu le,Le code,Nb,P\n2024-01-05,A1,2,3.50\n"


def test_a_mapping_names_what_synonyms_do_not_find(tmp_path: Path) -> None:
    mapping = {"date": "vendu LE", "sku": "Le codé", "quantity": " Nb ", "unit_price": "P"}
    parsed = read_sales(tmp_path, MAPPED, ReadOptions(mapping=mapping))
    assert lines(parsed) == [(2, "A1", date(2024, 1, 5), 2_000, 700)]
    assert parsed.dialect.columns["date"] == "Vendu le"


def test_a_mapping_wins_over_synonyms(tmp_path: Path) -> None:
    content = "date,sku,other,qty\n2024-01-05,A,B,2\n"
    assert read_sales(tmp_path, content, ReadOptions(mapping={"sku": "other"})).columns.skus == ("B",)


def test_an_empty_mapping_sets_a_column_aside(tmp_path: Path) -> None:
    content = "date,sku,qty,total\n2024-01-05,A,2,0\n"
    assert read_sales(tmp_path, content).accepted == 0
    parsed = read_sales(tmp_path, content, ReadOptions(mapping={"amount": ""}))
    assert (parsed.accepted, parsed.has_price) == (1, False)


def test_a_mapping_to_a_header_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(FileColumnNotFound) as caught:
        read_sales(tmp_path, MAPPED, ReadOptions(mapping={"date": "Day"}))
    assert caught.value.data == {"field": "date", "header": "Day", "headers": "Vendu le, Le code, Nb, P"}


def test_a_mapping_of_an_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFieldUnknown) as caught:
        read_sales(tmp_path, MAPPED, ReadOptions(mapping={"colour": "P"}))
    assert caught.value.data["field"] == "colour"


@pytest.mark.parametrize(
    ("written", "sku"),
    [
        ("00123", "00123"),
        ("  A 1 ", "A 1"),
        ("123.0", "123.0"),
        ("1E5", "1E5"),
        ('="00123"', "00123"),
        ("'=1+1", "=1+1"),
        ("'00123", "'00123"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_skus_are_texts(tmp_path: Path, written: str, sku: str) -> None:
    assert read_sales(tmp_path, f"date,sku,qty\n2024-01-05,{written},2\n").columns.skus == (sku,)


def test_repeated_lines_are_real_and_equal_external_ids_count_once(tmp_path: Path) -> None:
    rows = "2024-01-05,A,1,x\n2024-01-05,A,1, x \n2024-01-05,A,1,\n2024-01-05,A,1,\n2024-01-05,B,1,X\n"
    parsed = read_sales(tmp_path, "date,sku,qty,external id\n" + rows)
    assert [line[0] for line in lines(parsed)] == [2, 4, 5, 6]
    assert parsed.ignored == {"line.duplicate": 1}


def test_a_repeat_of_a_rejected_line_counts(tmp_path: Path) -> None:
    rows = "2024-01-05,A,one,x\n2024-01-05,A,1,x\n"
    assert read_sales(tmp_path, "date,sku,qty,line id\n" + rows).accepted == 1


def test_free_items_and_till_keys_are_left_out(tmp_path: Path) -> None:
    rows = "2024-01-05,A,5,0\n2024-01-05,A,5,0.001\n2024-01-05,A,5,\n2024-01-05,PORT,1,0\n"
    parsed = read_sales(tmp_path, "date,sku,qty,price\n" + rows)
    assert lines(parsed) == [(3, "A", date(2024, 1, 5), 5_000, 1), (4, "A", date(2024, 1, 5), 5_000, 0)]
    assert parsed.ignored == {"line.not_a_product": 1, "line.free_item": 1}
    assert parsed.not_products == ("PORT",)


def test_the_amount_counts_where_it_is_written(tmp_path: Path) -> None:
    rows = "2024-01-05,A,2,5,9\n2024-01-05,A,2,5,\n2024-01-05,A,2,5,0\n2024-01-05,A,2,0,9\n2024-01-05,A,2,,\n"
    parsed = read_sales(tmp_path, "date,sku,qty,price,amount\n" + rows)
    assert [(line[0], line[4]) for line in lines(parsed)] == [(2, 900), (3, 1_000), (5, 900), (6, 0)]


@pytest.mark.parametrize(
    ("exponent", "quantity", "price", "revenue"),
    [
        (2, "3", "0.005", 2),
        (2, "1", "0.005", 1),
        (2, "-1", "0.005", -1),
        (0, "0.5", "999", 500),
        (3, "0.001", "1.5", 2),
        (2, "80995", "1.04", 8_423_480),
        (2, "0.3", "0.1", 3),
    ],
)
def test_revenue_is_exact_and_rounded_half_away_from_zero(
    tmp_path: Path, exponent: int, quantity: str, price: str, revenue: int
) -> None:
    content = f"date,sku,qty,price\n2024-01-05,A,{quantity},{price}\n"
    assert lines(read_sales(tmp_path, content, ReadOptions(currency_exponent=exponent)))[0][4] == revenue


def test_a_product_has_its_most_frequent_name(tmp_path: Path) -> None:
    rows = "".join(
        f"2024-01-05,A,1,{name},\n" for name in ("", "Old", "New  name", "New name", "", "", "x" * 300)
    )
    parsed = read_sales(tmp_path, "date,sku,qty,name,category\n" + rows + "2024-01-05,B,1,,\n")
    assert parsed.names == ("New name", None)
    assert parsed.categories == (None, None)


def test_a_day_is_that_of_the_shop_where_an_offset_is_written(tmp_path: Path) -> None:
    content = "date,sku,qty\n2024-01-05T23:30:00Z,A,1\n2024-01-05 23:30,A,1\n"
    shop = ReadOptions(time_zone="Africa/Douala")
    assert [line[2].day for line in lines(read_sales(tmp_path, content, shop))] == [6, 5]
    assert [line[2].day for line in lines(read_sales(tmp_path, content))] == [5, 5]


def test_a_day_to_come_is_an_error(tmp_path: Path) -> None:
    content = "date,sku,qty\n1970-01-02,A,1\n1970-01-03,A,1\n"
    parsed = read_sales(tmp_path, content, ReadOptions(latest_day=1))
    assert problems(parsed) == [(3, "date", "1970-01-03", "line.date_in_future")]


def test_everything_travels_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "stored"
    path.write_bytes(as_bytes(FRENCH))
    travelled = pickle.loads(pickle.dumps((READER.read_sales, path, FRANCS)))  # noqa: S301 # made here
    read, path, options = travelled
    parsed = pickle.loads(pickle.dumps(read(path, options)))  # noqa: S301 # made here
    assert lines(parsed) == FRENCH_LINES
    assert hash(PLAIN.limits) == hash(ReadOptions().limits)
