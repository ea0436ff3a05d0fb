"""New products among a run's: which chance is taken, and what becomes of the others."""

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.forecasts import ForecastOutcome, ForecastStatus, HistoryEmpty, Reason
from inventoryai.domain.newcomers import ColdStartCategory, ColdStartSimilar
from inventoryai.forecasting import Frequency, Panel, Prediction
from inventoryai.forecasting.cold_start import Likeness
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai.usecases.cold_start import Chance, chances_by_category, warmed_up
from inventoryai.usecases.prediction import Predictions

LEVELS = np.array([0.1, 0.5, 0.9])
FINE = ForecastOutcome(ForecastStatus.OK, "mine")
NOTHING = ForecastOutcome(ForecastStatus.FAILED, "", Reason.of(HistoryEmpty()))


def named(product: int, *models: int) -> Chance:
    return Chance(Likeness(product, models), Reason.of(ColdStartSimilar(product="A")))


def grouped(product: int, *models: int) -> Chance:
    return Chance(Likeness(product, models), Reason.of(ColdStartCategory(category="C")))


def panel(*histories: list[float]) -> Panel:
    return Panel.of(list(histories), frequency=Frequency.DAY, end=100)


def found(*levels: float) -> Predictions:
    point = np.repeat(np.array(levels)[:, None], 2, axis=1)
    return Predictions(
        Prediction.certain(point, LEVELS), tuple(FINE if level else NOTHING for level in levels)
    )


def test_the_first_chance_that_can_be_taken_is() -> None:
    whole = panel([], [], [2.0] * 30, [0.0] * 30, [6.0] * 30)
    chances = [named(0, 2), named(1, 3), grouped(0, 4), grouped(1, 3, 4)]
    warm = warmed_up(whole, found(0, 0, 2, 0, 6), chances, 3)

    assert [outcome.engine for outcome in warm.outcomes] == ["cold_start", "cold_start", "mine"]
    codes = [outcome.reason and outcome.reason.code for outcome in warm.outcomes]
    assert codes == ["forecast.cold_start_similar", "forecast.cold_start_category", None]
    np.testing.assert_allclose(warm.prediction.mean, [[2, 2], [6, 6], [2, 2]])
    np.testing.assert_allclose(warm.prediction.totals[1], [[6] * 3, [12] * 3])


def test_a_product_without_a_chance_keeps_what_it_got() -> None:
    warm = warmed_up(panel([], [2.0] * 30, [0.0] * 30), found(0, 2, 0), [named(0, 2)], 2)

    assert warm.outcomes == (NOTHING, FINE)
    assert warm.count(ForecastStatus.FALLBACK) == 0


def test_what_it_is_made_of_is_not_touched() -> None:
    before = found(0, 2)
    warmed_up(panel([], [2.0] * 30), before, [named(0, 1)], 2)
    assert before.prediction.mean.tolist() == [[0, 0], [2, 2]]


def test_an_engine_has_no_part_in_a_forecast_made_after_others() -> None:
    marks: list[NDArray[np.float64]] = [np.arange(3.0) for _ in MARKS]
    trial = Trial("mine", Scores(*marks), np.ones(3))
    before = found(1, 2, 3)
    tried = Predictions(before.prediction, before.outcomes, (trial,))
    warm = warmed_up(panel([1.0], [2.0] * 30, [3.0] * 30), tried, [named(0, 2)], 2)

    assert warm.trials[0].weight.tolist() == [0, 1]
    assert len(warm.trials[0].scores) == 2


def test_a_category_is_that_of_its_oldest_products() -> None:
    whole = panel([1.0], [1.0] * 20, *([1.0] * (30 + place) for place in range(60)), [1.0] * 90)
    (chance,) = chances_by_category(whole, ["C"] * 62)

    assert chance.likeness.product == 0
    assert chance.likeness.models == tuple(range(12, 62))
    assert chance.reason.data == {"category": "C", "products": 50, "known": 1}
