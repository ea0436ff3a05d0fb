"""Where a model comes from: a hash of its data that tells every change, and the versions it was made with."""

from dataclasses import replace
from importlib.metadata import version
from uuid import UUID

import numpy as np

from inventoryai.forecasting import Frequency, Panel
from inventoryai.forecasting.provenance import data_hash, versions

PRODUCTS = [UUID(int=1), UUID(int=2)]


def panel(*histories: list[float], frequency: Frequency = Frequency.DAY, end: int = 100) -> Panel:
    return Panel.of(list(histories), frequency=frequency, end=end)


def hashed(products: list[UUID], panel: Panel, until: int = 90) -> str:
    return data_hash(products, panel, until)


def test_a_hash_is_of_products_and_every_number() -> None:
    base = panel([1.0, 2.0], [3.0])
    column = np.zeros(3)
    promoted = replace(base, covariates={"promotion": column}, future={})
    different = [
        hashed(PRODUCTS, base),
        hashed(PRODUCTS, base, until=91),
        hashed(PRODUCTS[::-1], base),
        hashed(PRODUCTS, panel([1.0], [2.0, 3.0])),
        hashed(PRODUCTS, panel([1.0, 2.0], [4.0])),
        hashed(PRODUCTS, panel([1.0, np.nan], [3.0])),
        hashed(PRODUCTS, panel([1.0, 2.0], [3.0], end=101)),
        hashed(PRODUCTS, panel([1.0, 2.0], [3.0], frequency=Frequency.WEEK)),
        hashed(PRODUCTS, promoted),
        hashed(PRODUCTS, replace(promoted, covariates={"holiday": column})),
    ]
    assert len(set(different)) == len(different)
    assert hashed(PRODUCTS, panel([1.0, 2.0], [3.0])) == different[0]


def test_unknown_is_unknown_however_it_is_written() -> None:
    other = np.array([-np.nan])
    assert hashed(PRODUCTS[:1], panel([np.nan])) == hashed(PRODUCTS[:1], panel(other.tolist()))


def test_versions_are_of_what_the_plugin_needs_and_of_its_extras_that_are_there() -> None:
    found = versions("inventoryai-naive")
    assert found["inventoryai-naive"] == version("inventoryai-naive")
    assert {"python", "numpy", "inventoryai"} <= set(found)
    assert versions("inventoryai")["hypothesis"] == version("hypothesis")
    assert set(versions("no-such-distribution")) == set(versions("")) == {"python", "numpy"}
