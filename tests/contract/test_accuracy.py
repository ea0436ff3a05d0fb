"""How engines did, as it is kept: landed with the forecasts, read back by product and as sums."""

from dataclasses import fields
from datetime import date
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from bookkeeping import Books, rising_id
from people import NOON

from inventoryai.domain.forecast_runs import (
    ForecastColumns,
    ForecastId,
    ForecastInUse,
    ForecastNotFound,
    NewForecastRun,
    ProductNotForecast,
)
from inventoryai.domain.forecasts import ForecastOutcome, ForecastRequest, ForecastStatus, Reason
from inventoryai.domain.jobs import JobKind
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.plans import NewPlan, PlanId, PlanRequest
from inventoryai.domain.products import ProductId
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import MARKS, Scores
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork

NAN = np.nan
REQUEST = ForecastRequest(horizon=2, levels=(0.1, 0.5, 0.9))
OK = ForecastOutcome(ForecastStatus.OK, "naive")
FAILED = ForecastOutcome(ForecastStatus.FAILED, "", Reason("forecast.history_empty"))


def scores(*spl: float, **others: list[float]) -> Scores:
    """Marks that are all alike, but for some."""
    same = {field.name: np.array(spl) for field in fields(Scores)}
    return Scores(**(same | {name: np.array(column) for name, column in others.items()}))


def trial(engine: str, spl: list[float], weight: list[float], **others: list[float]) -> Trial:
    return Trial(engine, scores(*spl, **others), np.array(weight))


@pytest.fixture
async def books(begin: PostgresUnitOfWork) -> Books:
    return await Books.open(begin, "A", "B", "C", "D")


async def add(books: Books) -> ForecastId:
    new = NewForecastRun(ForecastId(rising_id()), REQUEST, None, 7, books.founded.admin.id, NOON)
    job = books.new_job(JobKind.FORECAST)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
    return new.id


def columns(products: list[ProductId], outcome: ForecastOutcome = OK) -> ForecastColumns:
    quantiles = np.random.default_rng(1).random((len(products), 2, 3))
    return ForecastColumns(
        products, [outcome] * len(products), quantiles.mean(axis=2), quantiles, quantiles * 2
    )


async def land(books: Books, forecast_id: ForecastId, skus: str, *trials: Trial) -> None:
    products = books.ids(skus)
    async with books.begin(books.scope) as work:
        await work.forecasts.land(forecast_id, columns(products))
        await work.accuracies.land(forecast_id, products, trials)


ROWS = """
select (select count(*) from forecasts where forecast_id = $1)
    + (select count(*) from forecast_scores where forecast_id = $1)
    + (select count(*) from forecast_tallies where forecast_id = $1)
"""


async def rows(books: Books, forecast_id: ForecastId) -> int:
    async with books.begin(books.scope) as work:
        count: int = await work.session.fetchval(ROWS, forecast_id)
    return count


async def test_each_product_has_its_engines_the_weightiest_first(books: Books) -> None:
    forecast_id = await add(books)
    await land(
        books,
        forecast_id,
        "BA",
        trial("naive", [0.5, 0.75], [0.25, 1.0]),
        trial("mean", [0.25, NAN], [0.75, 0.0], demand=[4.0, NAN]),
    )
    async with books.begin(books.scope) as work:
        first, second = await work.accuracies.products(forecast_id, PageRequest())
        (rest,) = await work.accuracies.products(forecast_id, PageRequest(after="A"))
    assert (first.sku, second.sku, rest) == ("A", "B", second)
    assert [(one.engine, one.weight) for one in first.engines] == [("naive", 1.0)]
    assert [(one.engine, one.weight) for one in second.engines] == [("mean", 0.75), ("naive", 0.25)]
    assert second.engines[0].marks == {**dict.fromkeys(MARKS, 0.25), "demand": 4.0}
    assert first.outcome == OK


async def test_what_could_not_be_judged_is_kept_as_null(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "A", trial("naive", [NAN], [1.0]))
    async with books.begin(books.scope) as work:
        (one,) = await work.accuracies.products(forecast_id, PageRequest())
        nulls = await work.session.fetchval(
            "select count(*) from forecast_scores where forecast_id = $1 and mase is null", forecast_id
        )
    assert one.engines[0].marks == dict.fromkeys(MARKS)
    assert nulls == 1


async def test_sums_of_parts_are_those_of_the_run(books: Books) -> None:
    forecast_id = await add(books)
    await land(
        books,
        forecast_id,
        "AB",
        trial("naive", [0.5, 0.75], [0.5, 1.0]),
        trial("mean", [0.25, 1.0], [0.5, 0.0]),
        trial("auto", [0.25, 0.75], [1.0, 1.0]),
    )
    await land(books, forecast_id, "C", trial("naive", [1.0], [0.0]), trial("auto", [0.5], [1.0]))
    await land(books, forecast_id, "D")
    other = await add(books)
    async with books.begin(books.scope) as work:
        naive, mean, auto = await work.accuracies.tallies(forecast_id)
        assert await work.accuracies.tallies(other) == ()
        kept = await work.accuracies.chosen([forecast_id, other])
    assert (naive.engine, naive.leads, naive.weighed, naive.mean_weight) == ("naive", 2, 3, 0.5)
    assert (mean.engine, mean.leads, mean.weighed, mean.mean_weight) == ("mean", 1, 2, 0.25)
    assert (auto.engine, auto.leads) == ("auto", 0)
    assert (naive.summary.products, naive.summary.spl) == (3, 0.75)
    assert list(kept) == [forecast_id]
    assert (kept[forecast_id].products, kept[forecast_id].spl) == (3, 0.5)


async def test_a_part_that_had_one_engine_alone_is_judged_by_that(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "A", trial("naive", [1.0], [0.0]), trial("auto", [0.5], [1.0]))
    await land(books, forecast_id, "B", trial("naive", [0.25], [1.0]))
    async with books.begin(books.scope) as work:
        kept = await work.accuracies.chosen([forecast_id])
    assert kept[forecast_id].spl == (0.5 + 0.25) / 2


async def test_a_new_beginning_forgets_how_engines_did(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "AB", trial("naive", [0.5, 0.75], [1.0, 1.0]))
    async with books.begin(books.scope) as work:
        await work.forecasts.begin(forecast_id, date(2024, 5, 1), date(2024, 5, 1))
        assert await work.accuracies.tallies(forecast_id) == ()
    assert await rows(books, forecast_id) == 0


async def test_a_run_is_deleted_with_all_that_belongs_to_it(books: Books) -> None:
    forecast_id, other = await add(books), await add(books)
    for one in (forecast_id, other):
        await land(books, one, "AB", trial("naive", [0.5, 0.75], [1.0, 1.0]))
    async with books.begin(books.scope) as work:
        await work.forecasts.delete(forecast_id)
        with pytest.raises(ForecastNotFound):
            await work.forecasts.get(forecast_id)
    assert await rows(books, forecast_id) == 0
    assert await rows(books, other) == 2 + 2 + 1


async def test_a_run_that_a_plan_rests_on_is_kept(books: Books) -> None:
    forecast_id, job = await add(books), books.new_job(JobKind.PLAN)
    plan = NewPlan(PlanId(rising_id()), PlanRequest(), forecast_id, books.founded.admin.id, NOON)
    async with books.begin(books.scope) as work:
        await work.jobs.add(job)
        await work.plans.add(plan, job.id)
    with pytest.raises(ForecastInUse):
        async with books.begin(books.scope) as work:
            await work.forecasts.delete(forecast_id)
    async with books.begin(books.scope) as work:
        assert (await work.forecasts.get(forecast_id)).id == forecast_id


async def test_one_product_comes_with_its_numbers_and_its_engines(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "AB", trial("naive", [0.5, 0.75], [1.0, 1.0]))
    async with books.begin(books.scope) as work:
        forecast, engines = await work.accuracies.product(forecast_id, books.products["B"])
        for unknown in (books.products["C"], ProductId(uuid4())):
            with pytest.raises(ProductNotForecast):
                await work.accuracies.product(forecast_id, unknown)
    assert forecast.sku == "B"
    np.testing.assert_array_equal(forecast.quantiles, columns(books.ids("AB")).quantiles[1])
    assert engines[0].marks["spl"] == 0.75


async def test_a_sample_is_of_products_with_a_forecast(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "ABC")
    async with books.begin(books.scope) as work:
        await work.forecasts.land(forecast_id, columns(books.ids("D"), FAILED))
        run = await work.forecasts.get(forecast_id)
        everything = await work.accuracies.sample(forecast_id, 3)
        some = await work.accuracies.sample(forecast_id, 2)
        known, predictions = await work.accuracies.predictions(run, books.ids("DCA"))
    assert set(everything) == set(books.ids("ABC"))
    assert len(some) == 2
    assert known == books.ids("CA")
    expected = columns(books.ids("ABC"))
    np.testing.assert_array_equal(predictions.quantiles, expected.quantiles[[2, 0]])
    np.testing.assert_array_equal(predictions.totals, expected.totals[[2, 0]])


async def test_S18_how_engines_did_elsewhere_is_not_there(books: Books) -> None:
    forecast_id = await add(books)
    await land(books, forecast_id, "A", trial("naive", [0.5], [1.0]))
    other = await Books.open(books.begin, "A")
    async with books.begin(other.scope) as work:
        assert await work.accuracies.tallies(forecast_id) == ()
        assert await work.accuracies.chosen([forecast_id]) == {}
        assert list(await work.accuracies.products(forecast_id, PageRequest())) == []
        with pytest.raises(ProductNotForecast):
            await work.accuracies.product(forecast_id, books.products["A"])
        await work.forecasts.delete(forecast_id)
    assert await rows(books, forecast_id) == 3


async def test_S20_scores_of_what_was_not_forecast_are_refused_by_the_database(books: Books) -> None:
    forecast_id = await add(books)
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="forecast_scores_forecast_fkey"):
        async with books.begin(books.scope) as work:
            await work.accuracies.land(forecast_id, books.ids("A"), [trial("naive", [0.5], [1.0])])
