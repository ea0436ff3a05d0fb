"""What an engine answers: for every product and step, the distribution of demand and of its running total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventoryai.forecasting.panel import chosen_places
from inventoryai.forecasting.sampling import empirical_quantiles, paths_from_errors

Levels = Sequence[float] | NDArray[np.float64]

_CELLS = 200_000
"""How many sampled numbers are held at once: few enough to stay in a processor's cache."""


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
        paths = np.asarray(samples, dtype=np.float64).swapaxes(1, 2)
        return cls._from_paths(np.ascontiguousarray(paths), levels)

    @classmethod
    def _from_paths(cls, paths: NDArray[np.float64], levels: Levels) -> Self:
        """As ``from_samples``, of float64[n, h, s]."""
        level = np.asarray(levels, dtype=np.float64)
        demand = np.maximum(paths, 0.0)
        return cls(
            mean=demand.mean(axis=2),
            quantiles=empirical_quantiles(demand, level),
            totals=empirical_quantiles(np.cumsum(demand, axis=1), level),
            levels=level,
        )

    @classmethod
    def from_errors(
        cls,
        point: NDArray[np.float64],
        errors: NDArray[np.float64],
        levels: Levels,
        seed: int,
        *,
        season: int = 1,
        paths: int = 500,
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
            paths: How many futures are simulated.
        """
        products, horizon = point.shape
        block = max(1, _CELLS // (paths * max(1, horizon)))
        draw = paths_from_errors(horizon, seed, season=season, paths=paths)
        parts = [
            cls._from_paths(draw(point[start : start + block], errors[start : start + block]), levels)
            for start in range(0, max(1, products), block)
        ]
        return cls.join(parts)

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Predictions of different products, same horizon and levels, one after another.

        Raises:
            ValueError: There are none, or their horizons or levels differ.
        """
        if not parts:
            raise ValueError("nothing to join")
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
