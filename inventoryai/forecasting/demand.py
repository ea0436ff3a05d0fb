"""What kind of demand a product has: it decides which products are alike, and what is said of them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.demand_classes import CLASSES, DemandClass
from inventoryai.domain.periods import Frequency
from inventoryai.forecasting.panel import Panel

_OFTEN: Final = 1.32
"""Mean periods between demands above which demand is intermittent (Syntetos, Boylan & Croston 2005)."""
_VARIED: Final = 0.49
"""Squared coefficient of variation of the demands above which they are erratic (the same)."""
_YOUNG: Final = {Frequency.DAY: 28, Frequency.WEEK: 12, Frequency.MONTH: 12}
"""Known periods below which nothing is said of the kind of demand."""


def demand_classes(panel: Panel) -> NDArray[np.int64]:
    """int64[n], the place in ``CLASSES`` of each product's kind of demand.

    A product is young with few known periods, or fewer than two demands. Otherwise it is intermittent or
    lumpy when there are more than 1.32 periods to a demand, and erratic or lumpy when the squared
    coefficient of variation of its demands, those of 0 aside, exceeds 0.49.
    """
    owners = panel.owners()
    sold = np.nan_to_num(panel.values) > 0
    owner, size = owners[sold], panel.values[sold]
    demands = np.bincount(owner, minlength=len(panel))
    known = panel.known()
    mean = np.bincount(owner, weights=size, minlength=len(panel)) / np.maximum(demands, 1)
    relative = size / mean[owner] - 1
    spread = np.bincount(owner, weights=relative**2, minlength=len(panel)) / np.maximum(demands, 1)
    seldom = known > _OFTEN * demands
    varied = spread > _VARIED
    young = (known < _YOUNG[panel.frequency]) | (demands <= 1)
    places = {one: CLASSES.index(one) for one in DemandClass}
    kinds = np.where(
        seldom,
        np.where(varied, places[DemandClass.LUMPY], places[DemandClass.INTERMITTENT]),
        np.where(varied, places[DemandClass.ERRATIC], places[DemandClass.SMOOTH]),
    )
    return np.where(young, places[DemandClass.YOUNG], kinds).astype(np.int64)
