"""New products forecast after others: whose histories that takes, and what comes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.forecast_runs import PART_SIZE
from inventoryai.domain.forecasts import ForecastOutcome, ForecastStatus, Reason
from inventoryai.domain.newcomers import COLD_START, like_category, like_product
from inventoryai.domain.periods import Frequency
from inventoryai.domain.products import Product, ProductId, SimilarTo
from inventoryai.forecasting import Panel
from inventoryai.forecasting.cold_start import NEW_BELOW, Likeness, cold_start, new_products
from inventoryai.forecasting.evaluation import Trial
from inventoryai.ports.storage import InCompany, UnitOfWork, Work
from inventoryai.usecases.prediction import Predictions

MOST_MODELS: Final = 50
"""Products of a category that a new one is forecast after, at most: those with the longest histories."""


@dataclass(frozen=True, slots=True)
class Chance:
    """One way to forecast a new product, and how it is explained."""

    likeness: Likeness
    reason: Reason


@dataclass(frozen=True, slots=True)
class Relatives:
    """After whom the new products of a panel may be forecast.

    Attributes:
        others: Products outside the panel that are needed for it; in likenesses they follow the panel's.
        chances: In the order in which they are tried.
    """

    others: tuple[ProductId, ...] = ()
    chances: tuple[Chance, ...] = ()


@dataclass(frozen=True, slots=True)
class FindRelatives:
    """A new product is forecast after the one that it is said to sell like, else after its category.

    A product is new until it has 14 known days, 8 weeks or 6 months, and longer where the engine that
    was asked for needs more. The named product may be archived, as the predecessor of a new one often
    is. Of a category the 50 products with the longest histories are looked at, none of them new itself.
    """

    begin: UnitOfWork

    async def __call__(
        self, scope: InCompany, products: Sequence[ProductId], panel: Panel, minimum_history: int = 1
    ) -> Relatives:
        """What there is for the new ones among the products of a panel; asked in bulk, if at all."""
        new = np.flatnonzero(new_products(panel, minimum_history)).tolist()
        if not new:
            return Relatives()
        needed = max(NEW_BELOW[panel.frequency], minimum_history)
        # A first week or month that is not whole may be unknown: it is no part of a long history.
        whole = 1 if panel.frequency is Frequency.DAY else 0
        before = panel.frequency.first_day(panel.end - needed + whole)
        async with self.begin(scope) as work:
            rows = {one.id: one for one in await work.products.every([products[place] for place in new])}
            newcomers = [(place, rows[products[place]]) for place in new if products[place] in rows]
            named = await _named(work, [product for _, product in newcomers])
            categories = sorted({product.category for _, product in newcomers if product.category})
            most = max(1, min(MOST_MODELS, PART_SIZE // max(1, len(categories))))
            oldest = await work.sales.oldest(categories, before, most) if categories else {}
        young = {products[place] for place in new}
        oldest = {name: [one for one in models if one not in young] for name, models in oldest.items()}
        return _relatives(products, panel, newcomers, named, oldest)


async def _named(work: Work, newcomers: Sequence[Product]) -> Mapping[ProductId, Product]:
    """The products that some newcomers are said to sell like."""
    ids = {product.similar_to.product_id for product in newcomers if product.similar_to}
    return {one.id: one for one in await work.products.every(sorted(ids))} if ids else {}


def _relatives(
    products: Sequence[ProductId],
    panel: Panel,
    newcomers: Sequence[tuple[int, Product]],
    named: Mapping[ProductId, Product],
    oldest: Mapping[str, Sequence[ProductId]],
) -> Relatives:
    """The chances of the newcomers, those by a named product first."""
    models = [*named, *(one for category in sorted(oldest) for one in oldest[category])]
    inside = frozenset(products)
    others = [one for one in dict.fromkeys(models) if one not in inside]
    place_of = {product: place for place, product in enumerate([*products, *others])}
    known = panel.known()

    def by_name(place: int, similar: SimilarTo, model: Product) -> Chance:
        likeness = Likeness(place, (place_of[model.id],), float(similar.share))
        return Chance(likeness, like_product(similar, model.sku, int(known[place])))

    first = [
        by_name(place, product.similar_to, named[product.similar_to.product_id])
        for place, product in newcomers
        if product.similar_to and product.similar_to.product_id in named
    ]
    second = [
        by_category(place, category, [place_of[one] for one in oldest[category]], int(known[place]))
        for place, product in newcomers
        if (category := product.category) and oldest.get(category)
    ]
    return Relatives(tuple(others), (*first, *second))


def by_category(place: int, category: str, models: Sequence[int], known: int) -> Chance:
    """The chance of a product to be forecast after others of its category.

    Args:
        place: Its own.
        category: Its category.
        models: Places of the others, at least one.
        known: How many periods of it are known.
    """
    likeness = Likeness(place, tuple(sorted(models)))
    return Chance(likeness, like_category(category, len(models), known))


def chances_by_category(
    panel: Panel, categories: Sequence[str | None], minimum_history: int = 1
) -> tuple[Chance, ...]:
    """The chances of the new products of a panel that holds all there are.

    Args:
        panel: All products.
        categories: Of each; of those that the panel has beyond, none is known.
        minimum_history: Known periods below which the engine is not asked.
    """
    new, known = new_products(panel, minimum_history), panel.known()
    oldest: dict[str, list[int]] = {}
    for place in np.argsort(panel.starts, kind="stable").tolist():
        category = categories[place] if place < len(categories) else None
        if category and not new[place]:
            oldest.setdefault(category, []).append(place)
    return tuple(
        by_category(place, category, oldest[category][:MOST_MODELS], int(known[place]))
        for place, category in enumerate(categories)
        if category in oldest and new[place]
    )


def warmed_up(panel: Panel, found: Predictions, chances: Sequence[Chance], count: int) -> Predictions:
    """The forecasts of the first ``count`` products, the new ones after others where that can be done.

    Args:
        panel: Those products, and others after whom they are forecast.
        found: A forecast of all of them.
        chances: What is tried for each product, in this order, until it succeeds.
        count: How many products were asked for.
    """
    places, made = cold_start(panel, found.prediction, [chance.likeness for chance in chances])
    taken: dict[int, int] = {}
    for part, place in enumerate(places.tolist()):
        taken.setdefault(chances[place].likeness.product, part)
    products = np.array(list(taken), dtype=np.int64)
    parts = list(taken.values())

    prediction = found.prediction.subset(np.arange(count))
    for name in ("mean", "quantiles", "totals"):
        getattr(prediction, name)[products] = getattr(made, name)[parts]
    outcomes = list(found.outcomes[:count])
    for product, part in taken.items():
        reason = chances[places[part]].reason
        outcomes[product] = ForecastOutcome(ForecastStatus.FALLBACK, COLD_START, reason)
    trials = tuple(_without(trial.subset(np.arange(count)), products) for trial in found.trials)
    return Predictions(prediction, tuple(outcomes), trials)


def _without(trial: Trial, products: NDArray[np.int64]) -> Trial:
    """The trial of an engine that has no part in the forecasts of some products."""
    weight = trial.weight.copy()
    weight[products] = 0
    return replace(trial, weight=weight)
