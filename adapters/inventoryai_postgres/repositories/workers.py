"""Which workers are alive, and what they can run."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import msgspec

from inventoryai.domain.engines import EngineCatalogue
from inventoryai_postgres.session import Session
from inventoryai_postgres.texts import to_json

_REPORT = """
insert into workers (id, host, catalogue, seen_at) values ($1, $2, $3, clock_timestamp())
on conflict (id) do update set
    host = excluded.host, catalogue = excluded.catalogue, seen_at = excluded.seen_at
"""
_FORGET = "delete from workers where seen_at < now() - interval '1 day'"
_RETIRE = "delete from workers where id = $1"
_LIVE = """
select catalogue from workers where seen_at > now() - interval '1 minute' order by seen_at desc, id
"""


@dataclass(frozen=True, slots=True)
class PostgresWorkers:
    """Reports of workers."""

    session: Session

    async def report(self, worker_id: UUID, host: str, catalogue: EngineCatalogue) -> None:
        """Says that a worker is alive; forgets those unseen for a day."""
        await self.session.execute(_FORGET)
        await self.session.execute(_REPORT, worker_id, host, _to_json(catalogue))

    async def retire(self, worker_id: UUID) -> None:
        """Says that a worker has stopped."""
        await self.session.execute(_RETIRE, worker_id)

    async def live(self) -> Sequence[EngineCatalogue]:
        """What the workers seen in the last minute can run, newest report first."""
        reports = [_catalogue(row["catalogue"]) for row in await self.session.fetch(_LIVE)]
        return [report for report in reports if report is not None]


def _to_json(catalogue: EngineCatalogue) -> str:
    engines, rejected = map(_records, (catalogue.engines, catalogue.rejected))
    return to_json({"engines": engines, "rejected": rejected})


def _records(values: Sequence[Any]) -> list[dict[str, object]]:
    """Dataclasses field by field: ``asdict`` would copy the options, which may be of a kind it cannot."""
    return [{field.name: getattr(value, field.name) for field in fields(value)} for value in values]


def _catalogue(kept: str) -> EngineCatalogue | None:
    """A report; None for one of another version of the program, while versions are being exchanged."""
    try:
        return msgspec.json.decode(kept, type=EngineCatalogue)
    except msgspec.ValidationError:
        return None
