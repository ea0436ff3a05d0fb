"""What one prediction by each engine costs that the automatic plan tries, of the same products."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.scoring.census import seconds
from benchmarks.scoring.forecaster import LEFT_OUT, MEMORY, PROCESSES, Order

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.forecast_runs import PART_SIZE
from inventoryai.domain.products import ProductId
from inventoryai.forecasting import Calendar, Panel
from inventoryai.forecasting.discovery import unneeded
from inventoryai.ports.storage import InCompany
from inventoryai.usecases.asking import AskEngines, PredictionLimits
from inventoryai.usecases.assembling import AssembleHistories, Wanted
from inventoryai.usecases.engines import DescribeEngines
from inventoryai.usecases.isolation import EngineCall
from inventoryai_holidays import CountryHolidays
from inventoryai_postgres import PostgresSettings, PostgresUnitOfWork
from inventoryai_processes import PooledProcesses


@dataclass(frozen=True, slots=True)
class Singles:
    """Processor seconds of this process and its processes, for each engine alone."""

    processor: dict[str, float]

    @property
    def together(self) -> float:
        """What one prediction by each of them costs."""
        return sum(self.processor.values())


def ask_each(order: Order, as_of: int) -> Singles:
    """Asks each engine once for all products, a part of a run at a time; nothing is stored."""
    return asyncio.run(_ask_each(order, as_of))


async def _ask_each(order: Order, as_of: int) -> Singles:
    begin = PostgresUnitOfWork(PostgresSettings(order.url, "benchmark"))
    processes = PooledProcesses(PROCESSES)
    try:
        catalogue = await DescribeEngines(processes, memory=MEMORY)(LEFT_OUT)
        panels = await _histories(begin, order, catalogue, as_of)
        spent = {}
        for engine in catalogue.asked(order.request.engine):
            before = seconds()
            async with asyncio.TaskGroup() as group:
                for panel in panels:
                    disabled = LEFT_OUT | unneeded(catalogue, engine.name)
                    call = EngineCall(
                        panel.taking(engine.covariates), order.request, 0, engine.name, disabled
                    )
                    ask = AskEngines(
                        processes, PredictionLimits(memory=MEMORY), asyncio.Semaphore(order.at_once)
                    )
                    group.create_task(ask(call, np.flatnonzero(panel.known() > 0), _nobody))
            spent[engine.name] = seconds() - before
        return Singles(spent)
    finally:
        await processes.close()
        await begin.close()


async def _histories(
    begin: PostgresUnitOfWork, order: Order, catalogue: EngineCatalogue, as_of: int
) -> list[Panel]:
    scope = InCompany.of(order.member)
    async with begin(scope) as work:
        products = [one.id for one in await work.products.every(order.products)]
    engines = catalogue.asked(order.request.engine)
    covariates = {name for engine in engines for name in engine.covariates}
    wanted = Wanted(Calendar.closing(order.request.frequency, as_of), order.request.horizon, covariates)
    assemble = AssembleHistories(begin, CountryHolidays())
    return [await assemble(scope, part, wanted) for part in _parts(products)]


def _parts(products: Sequence[ProductId]) -> list[Sequence[ProductId]]:
    return [products[start : start + PART_SIZE] for start in range(0, len(products), PART_SIZE)]


def _nobody(done: float) -> None:
    del done
