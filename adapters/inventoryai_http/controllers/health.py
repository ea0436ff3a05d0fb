"""Health, for whoever runs the system: outside ``/api/v1``, and without a login."""

from typing import Any, ClassVar

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from inventoryai_http.observing import Metrics
from inventoryai_http.operations import described
from inventoryai_http.problems import NotReady
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Health"]


class Health(Struct, frozen=True):
    """How the process is."""

    status: str

    example: ClassVar[dict[str, Any]] = {"status": "ready"}


class CheckLife:
    """The process answers. Nothing else is looked at: a restart would not mend a database."""


class CheckReadiness:
    """Everything that serving needs is there: database, migrations, queue and at least one worker.

    What is missing is named.
    """


class ReadMetrics:
    """Counts and times of requests, in the text format of Prometheus."""


@get("/health/live", tags=TAGS, **described(CheckLife))
async def live() -> Health:
    """Answers 200."""
    return Health("live")


@get("/health/ready", tags=TAGS, **described(CheckReadiness, NotReady))
async def ready(use_cases: NamedDependency[HttpUseCases]) -> Health:
    """Answers 200, or 503 that names what is missing."""
    missing = await use_cases.find_missing()
    if missing:
        raise NotReady(missing)
    return Health("ready")


@get("/metrics", tags=TAGS, media_type=CONTENT_TYPE_LATEST, **described(ReadMetrics))
async def metrics(metrics: NamedDependency[Metrics]) -> Response[bytes]:
    """Answers 200 with the metrics."""
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


AT_ROOT = (live, ready, metrics)
