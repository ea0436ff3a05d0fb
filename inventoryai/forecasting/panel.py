"""Histories of many products, end to end in one array."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inventoryai.domain.periods import Frequency


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Histories of ``n`` products on one calendar, all ending in the same period.

    Products have no names here, and their order means nothing. A history begins with the product's first
    sale and may be as short as one period.

    Attributes:
        values: float64[total], demand per period; NaN where it is unknown, and 0 only where nothing
            was wanted.
        offsets: int64[n + 1]; product ``i`` is ``values[offsets[i]:offsets[i + 1]]``.
        starts: int64[n], ordinal of each product's first period (see ``Frequency``).
        frequency: What one period is.
        covariates: float64[total] by name, what is known of each period beside its demand: ``holiday`` and
            ``promotion`` are 1 or 0 for a day, and for a week or month the share of its days.
        future: float64[n, h] by name, the covariates of the periods to come, where they are known; h is at
            least the horizon that is asked for.

    Raises:
        ValueError: The arrays do not fit together, or a demand is negative or infinite.
    """

    values: NDArray[np.float64]
    offsets: NDArray[np.int64]
    starts: NDArray[np.int64]
    frequency: Frequency
    covariates: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    future: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_types(self)
        _check_offsets(self.offsets, len(self.starts), len(self.values))
        _check_values(self.values)
        ends = self.starts + self.lengths
        if len(ends) and (ends != ends[0]).any():
            raise ValueError("all histories must end in the same period: starts + lengths differ")
        for name, column in self.covariates.items():
            if column.shape != self.values.shape:
                raise ValueError(f"covariate {name!r} has shape {column.shape}, not {self.values.shape}")
        for name, column in self.future.items():
            if column.ndim != 2 or len(column) != len(self):  # noqa: PLR2004 - products and steps
                raise ValueError(f"future {name!r} must be [n, h] with n = {len(self)}; it is {column.shape}")

    @classmethod
    def of(cls, histories: list[ArrayLike], *, frequency: Frequency, end: int = 0) -> Self:
        """A panel of histories given one by one: for tests, examples and small panels.

        Args:
            histories: One sequence of demands a product, oldest first.
            frequency: What one period is.
            end: Ordinal of the first period after the histories.
        """
        arrays = [np.asarray(history, dtype=np.float64) for history in histories]
        lengths = np.array([len(array) for array in arrays], dtype=np.int64)
        return cls(
            values=np.concatenate([*arrays, np.empty(0)]),
            offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]),
            starts=end - lengths,
            frequency=frequency,
        )

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Different products on one calendar, one after another; those of no product are left aside.

        Raises:
            ValueError: There are none, they end in different periods, or their covariates differ.
        """
        some = [part for part in parts if len(part)] or list(parts[:1])
        if not some or any(part.covariates.keys() != some[0].covariates.keys() for part in some):
            raise ValueError("panels are joined that have the same covariates, and at least one of them")
        shifts = np.cumsum([0, *(len(part.values) for part in some)])
        offsets = [part.offsets[:-1] + shift for part, shift in zip(some, shifts[:-1], strict=True)]
        return cls(
            values=np.concatenate([part.values for part in some]),
            offsets=np.concatenate([*offsets, shifts[-1:]]),
            starts=np.concatenate([part.starts for part in some]),
            frequency=some[0].frequency,
            covariates={
                name: np.concatenate([part.covariates[name] for part in some]) for name in some[0].covariates
            },
            future={name: np.concatenate([part.future[name] for part in some]) for name in some[0].future},
        )

    def taking(self, names: Collection[str]) -> Self:
        """The panel with those covariates alone that are named here."""
        return replace(
            self,
            covariates={name: column for name, column in self.covariates.items() if name in names},
            future={name: column for name, column in self.future.items() if name in names},
        )

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """int64[n], periods from each product's first to its last."""
        return np.diff(self.offsets)

    @property
    def end(self) -> int:
        """Ordinal of the first period after the history: the first one to forecast.

        Raises:
            ValueError: The panel has no products.
        """
        if not len(self):
            raise ValueError("a panel without products has no end")
        return int(self.starts[0] + self.lengths[0])

    def history(self, product: int) -> NDArray[np.float64]:
        """float64[length], the demands of one product, oldest first; a view, not a copy."""
        return self.values[self.offsets[product] : self.offsets[product + 1]]

    def owners(self) -> NDArray[np.int64]:
        """int64[total], which product each value belongs to."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def known(self) -> NDArray[np.int64]:
        """int64[n], how many periods of each product are known."""
        unknown = np.isnan(self.values)
        if not unknown.any():
            return self.lengths
        counted = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(~unknown)])
        known: NDArray[np.int64] = counted[self.offsets[1:]] - counted[self.offsets[:-1]]
        return known

    def tail(self, periods: int) -> NDArray[np.float64]:
        """float64[n, periods], the last periods of every product, NaN before its first.

        The last column is the last period of the history, so columns are dates: this is what
        turns a ragged panel into something numpy can work on all at once.
        """
        lengths = self.lengths
        column = np.arange(periods, dtype=np.int64) - periods
        index = self.offsets[1:, None] + column
        before = column < -lengths[:, None]
        padded = np.append(self.values, np.nan)
        recent: NDArray[np.float64] = padded[np.where(before, len(self.values), index)]
        return recent

    def chunk(self, start: int, stop: int) -> Self:
        """The products from ``start`` up to, not including, ``stop``; views, not copies."""
        within = slice(self.offsets[start], self.offsets[min(stop, len(self))])
        return type(self)(
            values=self.values[within],
            offsets=self.offsets[start : stop + 1] - self.offsets[start],
            starts=self.starts[start:stop],
            frequency=self.frequency,
            covariates={name: column[within] for name, column in self.covariates.items()},
            future={name: column[start:stop] for name, column in self.future.items()},
        )

    def subset(self, products: ArrayLike) -> Self:
        """Some products, in the order given; a product may be named twice.

        Args:
            products: Indices of products, or a boolean mask of shape [n].
        """
        chosen = chosen_places(products, len(self))
        if np.array_equal(chosen, np.arange(len(self))):
            return self
        lengths = self.lengths[chosen]
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        shift = self.offsets[chosen] - offsets[:-1]
        index = np.arange(offsets[-1]) + np.repeat(shift, lengths)
        return type(self)(
            values=self.values[index],
            offsets=offsets,
            starts=self.starts[chosen],
            frequency=self.frequency,
            covariates={name: column[index] for name, column in self.covariates.items()},
            future={name: column[chosen] for name, column in self.future.items()},
        )


def chosen_places(products: ArrayLike, count: int) -> NDArray[np.int64]:
    """Indices or a boolean mask, as int64 indices below ``count``; nothing at all is none."""
    chosen = np.asarray(products)
    places: NDArray[np.int64] = np.arange(count)[chosen if chosen.size else np.empty(0, dtype=np.int64)]
    return places


def _check_types(panel: Panel) -> None:
    """Engines work on the arrays as they are, so a type that is nearly right is wrong."""
    wanted: dict[str, tuple[object, type]] = {
        "values": (panel.values, np.float64),
        "offsets": (panel.offsets, np.int64),
        "starts": (panel.starts, np.int64),
    }
    for name, (array, dtype) in wanted.items():
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != 1:
            raise ValueError(f"{name} must be a one-dimensional array of {dtype.__name__}")


def _check_offsets(offsets: NDArray[np.int64], products: int, total: int) -> None:
    """Raises ValueError unless the offsets cut ``total`` values into ``products`` slices."""
    if len(offsets) != products + 1 or offsets[0] != 0 or offsets[-1] != total:
        raise ValueError(f"offsets must be {products + 1} numbers from 0 to {total}")
    if (np.diff(offsets) < 0).any():
        raise ValueError("offsets must not fall")


def _check_values(values: NDArray[np.float64]) -> None:
    """Raises ValueError for a demand that cannot be; NaN is how unknown is written."""
    if np.isinf(values).any() or (values < 0).any():
        raise ValueError("demand must be at least 0 and finite, or NaN where it is unknown")
