"""Which forms are tried for which products, and in which order the kernel gets them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel
from inventoryai_ets import _ets
from inventoryai_ets.forms import LONGEST_SEASON, NUMBERS, aicc
from inventoryai_ets.names import FITTED, NAMES, bits, simpler

_STEPS: Final = 8
"""Of the search for parameters where there is a season; most searches need fewer."""

_CHEAP_STEPS: Final = 16
"""The same without a season, where a step costs next to nothing."""

_PATIENT: Final = 24
"""The same where one form alone is wanted."""

_CYCLES: Final = 2
"""Full seasons that a product must have for its season to be believed."""

_LEAST_RATIO: Final = 1e-4
"""Of the mean: where demand was less, a relative error says nothing, as where it was 0."""

_HOPELESS: Final = 25.0
"""How far in AICc a season may be behind where its search would start, before it is given up.

Where it starts, the initial states are the best ones already; smoothing parameters gain a few points more.
"""

_CLOSE: Final = 6.0
"""How far it may be behind to be worth a full search; products of one kind go to the kernel together."""


_SEASONAL: Final = frozenset(name for name in FITTED if name[-1] != "N")


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Demand in units of each product's mean.

    Attributes:
        panel: Where it came from.
        values: float64[total], end to end as in the panel, rounded to what single precision holds: so that
            demand times c is exactly the same here, and every choice that is made of it.
        means: float64[n], the units; 1 where nothing was sold.
    """

    panel: Panel
    values: NDArray[np.float64]
    means: NDArray[np.float64]

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """The panel's demand, scaled."""
        sums = np.bincount(panel.owners(), weights=np.nan_to_num(panel.values), minlength=len(panel))
        means = sums / panel.known()
        means = np.where(means > 0, means, 1.0)
        values = (panel.values / np.repeat(means, panel.lengths)).astype(np.float32).astype(np.float64)
        return cls(panel, values, means)


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """What each form came to, for each product.

    Attributes:
        season: Length of the season, 1 for none.
        known: int64[n], known periods.
        cost: float64[n, 18], −2 / n times the logarithm of the likelihood, up to a constant of the product;
            infinite for forms that were not tried.
        squares: float64[n, 18], sum of squared one-step errors in the history, in scaled units.
        parameters: float64[n, 18, 30]; see ``forms.NUMBERS``.
    """

    season: int
    known: NDArray[np.int64]
    cost: NDArray[np.float64]
    squares: NDArray[np.float64]
    parameters: NDArray[np.float64]

    def criterion(self) -> NDArray[np.float64]:
        """float64[n, 18], AICc."""
        return aicc(self.cost, self.known, self.season)


def fit(scaled: Scaled, names: AbstractSet[str] = frozenset(FITTED)) -> Fits:
    """Fits forms to products: seasons from two full ones on, and what multiplies where demand is above 0.

    Args:
        scaled: The demand.
        names: Forms that are wanted; forms that a search starts from are fitted on the way. Where all are in
            the race, those that fall far behind are left unfinished.
    """
    products, frequency = len(scaled.panel), scaled.panel.frequency
    season = frequency.season if frequency.season <= LONGEST_SEASON else 1
    fits = Fits(
        season=season,
        known=scaled.panel.known(),
        cost=np.full((products, len(NAMES)), np.inf),
        squares=np.full((products, len(NAMES)), np.inf),
        parameters=np.zeros((products, len(NAMES), NUMBERS)),
    )
    race = names >= frozenset(FITTED)
    wanted = frozenset[str]().union(*(simpler(name) for name in names))
    positive = np.fmin.reduceat(scaled.values, scaled.panel.offsets[:-1]) > _LEAST_RATIO
    seasonal = (season > 1) & (fits.known >= _CYCLES * season)
    everybody = np.ones(products, dtype=np.bool_)
    known: frozenset[str] = frozenset()
    for error, who in (("A", everybody), ("M", positive)):
        for seasons, those in (("N", who), ("AM", who & seasonal)):
            forms = {name for name in wanted if name[0] == error and name[-1] in seasons}
            kernel = _Kernel(scaled, fits, race=race)
            kernel.fit(np.flatnonzero(those), forms, known)
            known |= forms
    return fits


@dataclass(frozen=True, slots=True, eq=False)
class _Kernel:
    """Calls of the compiled part, which writes into ``fits``."""

    scaled: Scaled
    fits: Fits
    race: bool

    def fit(self, products: NDArray[np.int64], forms: AbstractSet[str], known: AbstractSet[str]) -> None:
        """Fits some forms to some products; eight of like kind and length share the work of the longest."""
        if not len(products) or not forms:
            return
        close = np.zeros(len(products), dtype=np.bool_)
        if self.race and not forms.isdisjoint(_SEASONAL):
            behind = self._behind(products, known)
            products, close = products[behind < _HOPELESS], behind[behind < _HOPELESS] < _CLOSE
        lengths = self.scaled.panel.lengths[products]
        steps = _CHEAP_STEPS if forms.isdisjoint(_SEASONAL) else _STEPS
        order = products[np.lexsort((lengths, close))]
        self._call(order, forms, known, steps if self.race else _PATIENT)

    def _behind(self, products: NDArray[np.int64], known: AbstractSet[str]) -> NDArray[np.float64]:
        """float64[n], by how much a season is worse than none, by where its search would start."""
        if "ANA" not in known:
            order = products[np.argsort(self.scaled.panel.lengths[products], kind="stable")]
            self._call(order, {"ANA"}, known, 0)
        criterion = self.fits.criterion()[products]
        with np.errstate(invalid="ignore"):
            behind = criterion[:, NAMES.index("ANA")] - criterion[:, NAMES.index("ANN")]
        return np.nan_to_num(behind, nan=np.inf)

    def _call(
        self, order: NDArray[np.int64], forms: AbstractSet[str], known: AbstractSet[str], steps: int
    ) -> None:
        fits, scaled = self.fits, self.scaled
        _ets.fit(
            scaled.values,
            scaled.panel.offsets,
            order,
            fits.season,
            bits(forms),
            bits(known),
            steps,
            self.race,
            fits.cost,
            fits.squares,
            fits.parameters,
        )
