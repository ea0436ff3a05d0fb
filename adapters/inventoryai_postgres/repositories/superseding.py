"""Which imports count, of a product and a day that several speak of.

The last import that does not add, and those after it that do; where all of them add, all.
"""

from typing import Final

import numpy as np

from inventoryai.domain.sales import THOUSANDTHS
from inventoryai.ports.sales_storage import DemandHistory
from inventoryai_postgres.copying import BIGINT, BOOLEAN, INTEGER, Layout, Rows

SAID: Final = Layout.of(product=INTEGER, day=INTEGER, adds=BOOLEAN, net=BIGINT)
"""What an import says of a product's day: units sold less returned, in thousandths."""


def demand_of(said: Rows) -> DemandHistory:
    """The demand of each product and day.

    Args:
        said: Rows of ``SAID``, sorted by product, day and the order of the imports.
    """
    product, day = said["product"].astype(np.int32), said["day"].astype(np.int32)
    count = len(said)
    if not count:
        return DemandHistory(product, day, np.empty(0))
    starts = np.flatnonzero(np.r_[True, (product[1:] != product[:-1]) | (day[1:] != day[:-1])])
    last = np.r_[starts[1:], count] - 1
    # The last row up to here that does not add; where it lies before the pair, the pair has none.
    base = np.maximum.accumulate(np.where(said["adds"] == 1, 0, np.arange(count)))
    first = np.maximum(starts, base[last])
    sums = np.r_[0, np.cumsum(said["net"].astype(np.int64))]
    net = sums[last + 1] - sums[first]
    return DemandHistory(product[starts], day[starts], np.maximum(net, 0) / THOUSANDTHS)
