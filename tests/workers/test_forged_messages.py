"""S39, S40: whatever somebody puts into the queue, a worker trusts only the rows of jobs."""

import json
import os
import pickle
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from workplace import Workplace

from inventoryai.domain.jobs import JobState
from inventoryai.ports.storage import InCompany
from inventoryai_workers.broker import LONGEST_MESSAGE, QUEUE


def message(task: str, *args: Any, **more: Any) -> bytes:
    said = {"task_id": "1", "task_name": task, "labels": {}, "labels_types": {}, "args": args, "kwargs": {}}
    return json.dumps({**said, **more}).encode()


class Canary:
    """Makes a file when somebody unpickles it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


NOBODYS = str(uuid4())
FORGED = {
    "unknown task": message("os.system", "true"),
    "task of a library": message("taskiq.echo", "x"),
    "no arguments": message("run_job"),
    "no id": message("run_job", "../../etc/passwd"),
    "an id of no job": message("run_job", NOBODYS),
    "a number": message("run_job", 7),
    "an object": message("run_job", {"id": NOBODYS}),
    "too many arguments": message("run_job", NOBODYS, NOBODYS),
    "a company of one's own": message("run_job", NOBODYS, kwargs={"company_id": str(uuid4())}),
    "foreign names": message("run_job", kwargs={"job_id": NOBODYS, "self": 1, "broker": None}),
    "odd labels": message("run_job", NOBODYS, labels={"ack_type": "x", "timeout": "soon"}),
    "odd kinds of labels": message("run_job", NOBODYS, labels={"a": "b"}, labels_types={"a": 99}),
    "huge arguments": message("run_job", "9" * 1_000_000),
    "as long as may be": message("run_job", "9" * (LONGEST_MESSAGE - 200)),
    "deep": b"[" * LONGEST_MESSAGE,
    "garbage": bytes(range(256)),
    "nothing": b"",
    "other JSON": b'{"task_name": "run_job"}',
    "a line for the log": message("run_job", "x\n2026-01-01 [critical] all is lost"),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
async def test_S40_a_forged_message_does_nothing_and_the_next_job_is_done(
    workplace: Workplace, forged: bytes
) -> None:
    member = await workplace.company()
    imported = await workplace.upload(member)
    await workplace.redis.lpush(QUEUE, forged)
    async with workplace.worker(at_once=1):  # one message after the other, in their order
        assert await workplace.queue.wake([imported.job.id])
        assert (await workplace.ended(member, imported.job.id)).state is JobState.SUCCEEDED


async def test_S39_a_pickle_in_the_queue_is_not_opened(workplace: Workplace, tmp_path: Path) -> None:
    pickled = pickle.dumps(Canary(tmp_path / "opened"))
    member = await workplace.company()
    imported = await workplace.upload(member)
    for forged in (pickled, message("run_job", pickled.decode("latin-1"))):
        await workplace.redis.lpush(QUEUE, forged)
    async with workplace.worker(at_once=1):
        assert await workplace.queue.wake([imported.job.id])
        assert (await workplace.ended(member, imported.job.id)).state is JobState.SUCCEEDED
    assert not (tmp_path / "opened").exists()
    pickle.loads(pickled)  # noqa: S301 - made by ourselves, to see that it does something
    assert (tmp_path / "opened").exists(), "the canary is alive"


async def test_S40_a_message_cannot_say_for_whom_a_job_is_done(workplace: Workplace) -> None:
    """The real id of one company's job beside another company's: the row alone decides."""
    owner, other = await workplace.company(), await workplace.company()
    imported = await workplace.upload(owner)
    forged = message("run_job", str(imported.job.id), labels={"company_id": str(other.company_id)})
    await workplace.redis.lpush(QUEUE, forged)
    async with workplace.worker(at_once=1):
        await workplace.ended(owner, imported.job.id)
    for member, expected in ((owner, 2), (other, 0)):
        async with workplace.begin(InCompany.of(member)) as work:
            assert len(await work.products.every()) == expected
