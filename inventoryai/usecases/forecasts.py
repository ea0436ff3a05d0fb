"""Forecasts: asking for one, and reading what came of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from inventoryai.domain.companies import Membership
from inventoryai.domain.engines import AUTO, check_automatic
from inventoryai.domain.forecast_runs import ForecastId, ForecastRun, NewForecastRun, ProductForecast
from inventoryai.domain.forecasts import ForecastRequest, NoProductsNamed
from inventoryai.domain.jobs import JobFinished, JobId, JobKind, NewJob
from inventoryai.domain.models import ModelUse
from inventoryai.domain.paging import Page, PageRequest
from inventoryai.domain.products import ProductId, ProductNotFound
from inventoryai.forecasting.summaries import Summary
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.storage import InCompany, UnitOfWork, Work
from inventoryai.usecases.engines import ListEngines
from inventoryai.usecases.overrides import as_expected

SEED = 0
"""The same data and the same question give the same forecast."""


@dataclass(frozen=True, slots=True)
class QueueForecast:
    """Writes down a forecast to be made, inside a transaction that is open already."""

    clock: Clock
    identifiers: Identifiers

    async def __call__(
        self,
        work: Work,
        member: Membership,
        request: ForecastRequest,
        products: tuple[ProductId, ...] | None = None,
    ) -> ForecastRun:
        """The run, queued; wake a worker for its job after the commit."""
        new = NewForecastRun(
            id=ForecastId(self.identifiers.new()),
            request=request,
            products=products,
            seed=SEED,
            created_by=member.user_id,
            created_at=self.clock.now(),
        )
        ids = None if products is None else [str(product) for product in products]
        job = NewJob(
            id=JobId(self.identifiers.new()),
            kind=JobKind.FORECAST,
            user_id=member.user_id,
            payload={"forecast_id": str(new.id), "product_ids": ids},
            unit="products",
        )
        await work.jobs.add(job)
        await work.forecasts.add(new, job.id)
        return await work.forecasts.get(new.id)


@dataclass(frozen=True, slots=True)
class StartForecast:
    """Asks for a forecast of all products, or of those named, by one engine or by ``auto``.

    The engine is checked against those that running workers have; while no worker runs, the request
    is taken and checked by the job. Every product gets a forecast or a reason why not.
    """

    begin: UnitOfWork
    queue_forecast: QueueForecast
    engines: ListEngines
    queue: JobQueue

    async def __call__(
        self, member: Membership, request: ForecastRequest, products: Sequence[ProductId] | None = None
    ) -> ForecastRun:
        """The run, queued.

        Raises:
            EngineUnknown, EngineOptionsInvalid, NoProductsNamed, ProductNotFound: It cannot be made.
        """
        if products is not None and not products:
            raise NoProductsNamed
        if request.engine == AUTO:
            check_automatic(request.options)
        elif (catalogue := await self.engines()).engines:
            catalogue.get(request.engine).check(request.options)
        distinct = None if products is None else tuple(dict.fromkeys(products))
        async with self.begin(InCompany.of(member)) as work:
            if distinct is not None and len(await work.products.every(distinct)) < len(distinct):
                raise ProductNotFound
            run = await self.queue_forecast(work, member, request, distinct)
        await self.queue.wake([run.job.id])
        return run


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """A run, and what belongs to it.

    Attributes:
        accuracy: How what was chosen did on past windows; None until some of it was measured.
        models: The trained models that it uses; none until its work has begun.
    """

    run: ForecastRun
    accuracy: Summary | None
    models: tuple[ModelUse, ...] = ()


@dataclass(frozen=True, slots=True)
class GetForecast:
    """A forecast run: its state, for how many products it worked, and how good it would have been before.

    ``accuracy`` sums up how what was chosen did on past windows, of the products that are done so far; it
    is null until some are, and where no history was long enough to judge by. ``models`` are the trained
    models that it uses, ``unused`` why one was passed over.
    """

    begin: UnitOfWork

    async def __call__(self, member: Membership, forecast_id: ForecastId) -> MeasuredRun:
        """Raises ``ForecastNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            return (await _measured(work, [run]))[0]


async def _measured(work: Work, runs: Sequence[ForecastRun]) -> list[MeasuredRun]:
    ids = [run.id for run in runs]
    found = await work.accuracies.chosen(ids)
    models = await work.models.uses(ids)
    return [MeasuredRun(run, found.get(run.id), models.get(run.id, ())) for run in runs]


@dataclass(frozen=True, slots=True)
class DeleteForecast:
    """Stops a run that has not ended, as cancelling its job does; one that has ended is deleted for good.

    A run that a plan rests on is kept, as the plan explains its orders by it. The job stays listed.
    """

    begin: UnitOfWork

    async def __call__(self, member: Membership, forecast_id: ForecastId) -> None:
        """Raises ``ForecastNotFound`` or ``ForecastInUse``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            # It may end between the look and the request; then it is one that has ended.
            with suppress(JobFinished):
                await work.jobs.request_cancel(run.job.id)
                return
            await work.forecasts.delete(forecast_id)


@dataclass(frozen=True, slots=True)
class ListForecasts:
    """The company's forecast runs, newest first."""

    begin: UnitOfWork

    async def __call__(self, member: Membership, page: PageRequest) -> Page[MeasuredRun]:
        """One page."""
        async with self.begin(InCompany.of(member)) as work:
            runs = await _measured(work, await work.forecasts.list(page))
        return Page.cut(runs, page, lambda one: str(one.run.id))


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """A page of a run's products, and the run that they belong to."""

    run: ForecastRun
    products: Page[ProductForecast]


@dataclass(frozen=True, slots=True)
class ListForecastProducts:
    """What a run forecasts for each product, by SKU: mean, quantiles of each period, and of totals.

    Stock is decided from ``totals``, the quantiles of demand summed over the periods; adding up the
    quantiles of single periods would be wrong. Where planners have overridden a forecast, these are the
    numbers as they expect them; ``override`` is the last word, and ``engine_mean`` what was said before.
    """

    begin: UnitOfWork
    clock: Clock

    async def __call__(self, member: Membership, forecast_id: ForecastId, page: PageRequest) -> ForecastPage:
        """One page; raises ``ForecastNotFound``."""
        async with self.begin(InCompany.of(member)) as work:
            run = await work.forecasts.get(forecast_id)
            said = await work.forecasts.products(forecast_id, page)
            products = await as_expected(work, run, said, self.clock.now())
        return ForecastPage(run, Page.cut(products, page, lambda product: product.sku))
