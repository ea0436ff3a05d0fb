"""Leaving out the lines of a file whose products the company does not have."""

from dataclasses import replace
from itertools import compress
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.files import RECORDED_PROBLEMS, LineProblems, ParsedSales, ParsedStock
from inventoryai.domain.imports import ProductUnknown
from inventoryai.domain.sales import SalesColumns

Parsed = TypeVar("Parsed", ParsedSales, ParsedStock)


def reject_unknown(parsed: Parsed, unknown: NDArray[np.bool_]) -> Parsed:
    """The file with every line of an unknown SKU rejected as ``line.sku_unknown``.

    Args:
        parsed: A file as understood.
        unknown: bool[s], for each of its distinct SKUs whether the company has no such product.
    """
    if not unknown.any():
        return parsed
    columns = parsed.columns
    out = unknown[columns.sku]
    header = parsed.dialect.columns.get("sku", "")
    values = [columns.skus[index] for index in columns.sku[out][:RECORDED_PROBLEMS].tolist()]
    problems = _merged(parsed.problems, columns.line[out], header, values)
    renumbered = (np.cumsum(~unknown) - 1).astype(np.int32)
    stays = (~unknown).tolist()
    kept_skus = tuple(compress(columns.skus, stays))
    if isinstance(parsed, ParsedSales):
        kept = ~out
        sales = SalesColumns(
            kept_skus,
            renumbered[columns.sku[kept]],
            parsed.columns.day[kept],
            parsed.columns.quantity[kept],
            parsed.columns.revenue[kept],
            columns.line[kept],
        )
        names, categories = (tuple(compress(texts, stays)) for texts in (parsed.names, parsed.categories))
        return replace(parsed, columns=sales, names=names, categories=categories, problems=problems)
    stock = replace(
        parsed.columns,
        skus=kept_skus,
        sku=renumbered[columns.sku[~out]],
        on_hand=parsed.columns.on_hand[~out],
        day=columns.day[~out],
        line=columns.line[~out],
    )
    return replace(parsed, columns=stock, problems=problems)


def _merged(problems: LineProblems, lines: NDArray[np.int64], header: str, values: list[str]) -> LineProblems:
    """The problems found before and these, in the order of the file."""
    line = np.concatenate([problems.line, lines[: len(values)]])
    order = np.argsort(line, kind="stable")[:RECORDED_PROBLEMS].tolist()
    code = [*problems.code, *[ProductUnknown.code] * len(values)]
    column = [*problems.column, *[header] * len(values)]
    value = [*problems.value, *values]
    return LineProblems(
        line=line[order],
        code=tuple(code[place] for place in order),
        column=tuple(column[place] for place in order),
        value=tuple(value[place] for place in order),
        counts=problems.counts
        | {ProductUnknown.code: problems.counts.get(ProductUnknown.code, 0) + len(lines)},
    )
