"""R3, R5: the database is killed under load; what was promised is there, and work goes on by itself."""

import asyncio
import os
import signal

import pytest
from people import register
from servers import running_servers, temporary_folder

from inventoryai.domain.identity import User
from inventoryai.ports.storage import Anonymous, StorageUnavailable
from inventoryai_postgres.migrations import migrate
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork

pytestmark = pytest.mark.chaos

AT_ONCE = 12


class Load:
    """People who register without a pause, each on a task of its own, until told to stop."""

    def __init__(self, begin: PostgresUnitOfWork) -> None:
        self.begin = begin
        self.stopped = asyncio.Event()
        self.begun = asyncio.Event()
        self.failed = asyncio.Event()
        self.kept: list[User] = []
        self.since_failure = 0

    async def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.kept.append(await register(self.begin))
            except StorageUnavailable:  # any other failure fails the test
                self.failed.set()
                self.since_failure = 0
                await asyncio.sleep(0.01)
            else:
                self.begun.set()
                self.since_failure += 1
                if self.failed.is_set() and self.since_failure > 20 * AT_ONCE:
                    self.stopped.set()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
async def test_R5_units_of_work_fail_as_unavailable_and_go_on_when_it_is_back(how: signal.Signals) -> None:
    with temporary_folder() as folder, running_servers(folder, durable=True) as stack:
        await migrate(stack.database.owner, app_login="inventoryai_login")
        begin = PostgresUnitOfWork(PostgresSettings(stack.database.app))
        load = Load(begin)
        async with asyncio.timeout(120), asyncio.TaskGroup() as people:
            for _ in range(AT_ONCE):
                people.create_task(load.run())
            await load.begun.wait()
            pid = int((folder.postgres / "postmaster.pid").read_text().split()[0])
            os.kill(pid, how)
        async with begin(Anonymous()) as work:
            lost = [one for one in load.kept if await work.users.find_by_email(one.email) != one]
        assert lost == []
        await begin.close()
