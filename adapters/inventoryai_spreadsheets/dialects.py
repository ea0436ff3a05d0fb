"""How a file is written: the separators of its numbers, and what is said of it all afterwards."""

from inventoryai.domain.files import DateOrder, Dialect
from inventoryai_spreadsheets import figures
from inventoryai_spreadsheets.headers import Header
from inventoryai_spreadsheets.sources import Source
from inventoryai_spreadsheets.tables import Table

_NUMBERS = ("quantity", "on_hand", *figures.MONEY)


def decimals(table: Table, delimiter: str, currency_exponent: int) -> dict[str, str]:
    """The decimal separator of each column of numbers, by field."""
    evidence = {
        field: figures.gather(column.texts, column.counts().tolist(), money=field in figures.MONEY)
        for field, column in table.columns.items()
        if field in _NUMBERS
    }
    return figures.decide(evidence, delimiter, money_is_whole=currency_exponent == 0)


def describe(
    source: Source, header: Header, table: Table, separators: dict[str, str], order: DateOrder | None
) -> Dialect:
    """What was found, for the sender to look at."""
    decimal = next(iter(separators.values()))
    texts = (text for field in separators for text in table.columns[field].texts)
    return Dialect(
        encoding=source.encoding,
        compressed=source.compressed,
        delimiter=header.delimiter,
        decimal=decimal,
        thousands=figures.thousands(texts, decimal),
        date_order=order,
        columns={field: column.header for field, column in table.columns.items()},
    )
