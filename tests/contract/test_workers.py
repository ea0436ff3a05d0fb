from types import MappingProxyType
from uuid import UUID, uuid4

from people import Begin, found
from time_travel import let_worker_fall_silent

from inventoryai.domain.engines import EngineCatalogue, EngineInfo, RejectedPlugin
from inventoryai.ports.storage import Anonymous, Dispatching
from inventoryai_postgres.unit_of_work import PostgresUnitOfWork


def catalogue(engine: str) -> EngineCatalogue:
    info = EngineInfo(
        name=engine,
        title="Last value",
        description="Tomorrow is today.",
        minimum_history=1,
        options=MappingProxyType({"properties": {"window": {"type": "integer", "minimum": 1}}}),
        trainable=False,
        contract_version=1,
        plugin="naive",
        distribution="inventoryai-naive",
        version="0.1.0",
        automatic=True,
        covariates=("holiday",),
    )
    return EngineCatalogue((info,), (RejectedPlugin("odd", "odd-engines", "it cannot be imported"),))


async def report(storage: Begin, engine: str) -> UUID:
    worker = uuid4()
    async with storage(Dispatching()) as work:
        await work.workers.report(worker, "host", catalogue(engine))
    return worker


async def live(storage: Begin) -> list[EngineCatalogue]:
    async with storage(Anonymous()) as work:
        return list(await work.workers.live())


async def test_the_newest_report_comes_first(storage: Begin) -> None:
    await report(storage, "first")
    worker = await report(storage, "second")
    assert (await live(storage))[:2] == [catalogue("second"), catalogue("first")]
    async with storage(Dispatching()) as work:
        await work.workers.report(worker, "host", catalogue("third"))
    assert (await live(storage))[:2] == [catalogue("third"), catalogue("first")]


async def test_a_worker_that_stopped_or_fell_silent_is_not_counted_on(storage: Begin) -> None:
    stopped, silent = await report(storage, "stopped"), await report(storage, "silent")
    async with storage(Dispatching()) as work:
        await work.workers.retire(stopped)
    await let_worker_fall_silent(storage, silent)
    assert {"stopped", "silent"}.isdisjoint(one.engines[0].name for one in await live(storage))


async def test_a_report_of_another_version_is_left_out(begin: PostgresUnitOfWork) -> None:
    await found(begin)
    odd = uuid4()
    async with begin(Dispatching()) as work:
        await work.workers.report(odd, "host", catalogue("ours"))
        await work.session.execute("update workers set catalogue = '{\"engines\": 7}' where id = $1", odd)
    assert catalogue("ours") not in (await live(begin))[:1]
    async with begin(Dispatching()) as work:
        await work.workers.retire(odd)
