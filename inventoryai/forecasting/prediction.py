"""What an engine answers: for every product and step, the distribution of demand and of its running total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventoryai.forecasting.panel import chosen_places
from inventoryai.forecasting.sampling import (
    Described,
    describe_futures,
    describe_tables,
    paths_from_errors,
)

Levels = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Demand of ``n`` products over ``h`` periods to come.

    Attributes:
        mean: float64[n, h], expected demand in each period.
        quantiles: float64[n, h, q], quantiles of demand in each period.
        totals: float64[n, h, q], quantiles of demand summed over periods 1 to k. They are not the sums
            of the quantiles: good and bad days make up for one another.
        levels: float64[q], the levels of the quantiles, rising, within 0 and 1.

    Raises:
        ValueError: The arrays do not fit together, or the levels do not rise.
    """

    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    totals: NDArray[np.float64]
    levels: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("mean", "quantiles", "totals", "levels"):
            array: object = getattr(self, name)
            if not isinstance(array, np.ndarray) or array.dtype != np.float64:
                raise ValueError(f"{name} must be an array of float64")
        if self.levels.ndim != 1 or self.mean.ndim != 2:  # noqa: PLR2004 - products and steps
            raise ValueError("levels must be [q] and mean [n, h]")
        shape = (*self.mean.shape, len(self.levels))
        for name, found in (("quantiles", self.quantiles.shape), ("totals", self.totals.shape)):
            if found != shape:
                raise ValueError(f"{name} must have shape {shape}, not {found}")
        between = ((self.levels > 0) & (self.levels < 1)).all()
        if not between or (np.diff(self.levels) <= 0).any():
            raise ValueError("levels must rise and lie between 0 and 1")

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def horizon(self) -> int:
        """How many periods ahead it goes."""
        return int(self.mean.shape[1])

    @classmethod
    def from_samples(cls, samples: NDArray[np.floating], levels: Levels) -> Self:
        """The distribution that simulated futures describe.

        Quantiles are order statistics of the samples, so counts stay counts, quantiles never cross and
        totals never fall.

        Args:
            samples: [n, s, h], s simulated paths of demand; what is below 0 counts as 0.
            levels: [q], rising, within 0 and 1.
        """
        given = np.asarray(samples)
        products, paths, horizon = given.shape

        def fill(some: slice, futures: NDArray[np.float64]) -> None:
            futures[...] = given[some].transpose(2, 0, 1)

        return cls._described(describe_futures(fill, (products, horizon, paths), _rising(levels)), levels)

    @classmethod
    def from_tables(
        cls,
        tables: NDArray[np.float64],
        table: NDArray[np.integer],
        places: NDArray[np.integer],
        levels: Levels,
        *,
        order: NDArray[np.integer] | None = None,
    ) -> Self:
        """Steps whose distributions are known one by one, and how they come together in a future.

        For engines that know the quantiles of every step: no step is simulated nor sorted, and its
        quantiles owe nothing to chance. What ties the steps together is the order in which ``places``
        runs through the tables, the same for all products (an empirical copula). Take 256 entries, the
        most that a processor sorts without leaving its registers.

        Args:
            tables: float64[n, t, s], distributions of each product: s equally likely values in rising
                order; what is below 0 counts as 0. Entry j stands for the level (j + 1/2) / s.
            table: int[h], which of the tables each step has.
            places: int[h, s], the entry of its table that step k takes in future i; each row is a
                permutation of 0 to s - 1, so that every entry is taken once. Or int[o, h, s], several
                such orders, for products whose steps are not equally dependent.
            levels: [q], rising, within 0 and 1.
            order: int[n], which of the orders each product has; the first unless given.
        """
        chosen = np.zeros(len(tables), dtype=np.intp) if order is None else order
        # Looking costs less than a copy, which is fresh memory.
        demand = tables if tables.min(initial=0.0) >= 0 else np.maximum(tables, 0.0)
        return cls._described(describe_tables(demand, table, places, _rising(levels), chosen), levels)

    @classmethod
    def _described(cls, described: Described, levels: Levels) -> Self:
        """Mean, quantiles and totals, with their levels."""
        mean, quantiles, totals = described
        return cls(mean=mean, quantiles=quantiles, totals=totals, levels=_rising(levels))

    @classmethod
    def from_errors(
        cls,
        point: NDArray[np.float64],
        errors: NDArray[np.float64],
        levels: Levels,
        seed: int,
        *,
        season: int = 1,
        paths: int = 256,
    ) -> Self:
        """A point forecast, made a distribution by the mistakes it made before.

        Past errors are drawn in blocks of one season, added to the point forecast, clipped at 0 and
        only then summed. The draws depend on ``seed`` alone and are the same for every product.

        Args:
            point: float64[n, h], the expected demand.
            errors: float64[n, e], demand minus forecast one step ahead, oldest first; NaN is ignored,
                and a product with nothing but NaN gets its point forecast as a certainty.
            levels: [q], rising, within 0 and 1.
            seed: Where the draws come from.
            season: Periods in one block: ``panel.frequency.season``.
            paths: How many futures are simulated; up to 256 are sorted more than twice as fast, each,
                as more are.
        """
        draw = paths_from_errors(point.shape[1], seed, season=season, paths=paths)

        def fill(some: slice, futures: NDArray[np.float64]) -> None:
            draw(point[some], errors[some], futures)

        return cls._described(describe_futures(fill, (*point.shape, paths), _rising(levels)), levels)

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Predictions of different products, same horizon and levels, one after another.

        Raises:
            ValueError: There are none, or their horizons or levels differ.
        """
        if not parts:
            raise ValueError("nothing to join")
        if len(parts) == 1:
            return parts[0]
        levels = parts[0].levels
        if any(not np.array_equal(part.levels, levels) for part in parts):
            raise ValueError("predictions with different levels cannot be joined")
        return cls(
            mean=np.concatenate([part.mean for part in parts]),
            quantiles=np.concatenate([part.quantiles for part in parts]),
            totals=np.concatenate([part.totals for part in parts]),
            levels=levels,
        )

    @classmethod
    def certain(cls, point: NDArray[np.float64], levels: Levels) -> Self:
        """Demand of which nothing is in doubt: every quantile is the point forecast.

        Args:
            point: float64[n, h], at least 0.
            levels: [q], rising, within 0 and 1.
        """
        return cls.from_samples(point[:, None, :], levels)

    def subset(self, products: ArrayLike) -> Self:
        """Some products, in the order given: indices, or a boolean mask of shape [n]."""
        chosen = chosen_places(products, len(self))
        return type(self)(self.mean[chosen], self.quantiles[chosen], self.totals[chosen], self.levels)


def _rising(levels: Levels) -> NDArray[np.float64]:
    """The levels as an array."""
    return np.asarray(levels, dtype=np.float64)
