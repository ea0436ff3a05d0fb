"""Filling the demo company, as any frontend would: through the API alone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from inventoryai.domain.errors import Unavailable
from inventoryai_server.demo.shop import DemoProduct, assortment, sales_file
from inventoryai_server.orders import show_orders

EMAIL: Final = "demo@inventoryai.example"
PASSWORD: Final = "demo-inventoryai"  # noqa: S105 - printed for everybody: the demo is no secret
COMPANY: Final = {"name": "Boutique Démo, Douala", "country": "CM"}
HORIZON: Final = 42
"""Days: far enough for the longest lead time, which is uncertain, and the week until the next order."""
MOST_COUNTS: Final = 1_000
ASK_AGAIN: Final = 0.25
ENDED: Final = frozenset({"succeeded", "failed", "cancelled"})


class NothingRuns(Unavailable):
    """There is no system to fill."""

    code = "demo.nothing_runs"
    en = "No system runs on this data folder. Start one with `inventoryai up`, or name one with --url."
    fr = "Aucun système ne tourne sur ce dossier. Lancez `inventoryai up`, ou nommez-en un avec --url."


class DemoFailed(Unavailable):
    """The system did not do what the demo asked."""

    code = "demo.failed"
    en = "The demo could not be filled: {step} answered {answer}"
    fr = "La démonstration n’a pas pu être remplie : {step} a répondu {answer}"


@dataclass(frozen=True, slots=True)
class Api:
    """The API as the demo's user, in the demo's company."""

    client: httpx.AsyncClient

    async def call(self, method: str, path: str, *fine: int, **body: Any) -> Any:
        """The answer's JSON; what is neither a success nor ``fine`` ends the demo."""
        try:
            answer = await self.client.request(method, f"/api/v1{path}", **body)
        except httpx.HTTPError as error:
            raise DemoFailed(step=path, answer=type(error).__name__) from error
        if not answer.is_success and answer.status_code not in fine:
            raise DemoFailed(step=path, answer=answer.text[:300])
        return answer.json()

    async def finish(self, job: Mapping[str, Any], progress: Progress, what: str) -> None:
        """Waits for a job, showing how far it is."""
        row = progress.add_task(what, total=None)
        while job["state"] not in ENDED:
            await asyncio.sleep(ASK_AGAIN)
            job = await self.call("GET", f"/jobs/{job['id']}")
            progress.update(row, completed=job["done"], total=job["total"])
        if job["state"] != "succeeded":
            raise DemoFailed(step=what, answer=job["error"])


async def fill_and_show(url: str, products: int = 60) -> None:
    """Makes the demo company unless it is there, brings it up to yesterday, and shows what to order.

    Raises:
        DemoFailed: The system did not do what was asked of it.
    """
    console = Console()
    async with httpx.AsyncClient(base_url=url, timeout=120, trust_env=False) as client:
        api = Api(client)
        await _log_in(api)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            await _fill(api, assortment(products), progress)
        orders = await api.call("GET", "/recommendations?limit=10")
    show_orders(console, orders["items"])
    console.print(
        f"\nAPI documentation  {url}/docs\nlog in as          {EMAIL}  {PASSWORD}\n", highlight=False
    )


async def _log_in(api: Api) -> None:
    form = {"username": EMAIL, "password": PASSWORD}
    login = await api.call("POST", "/login/token", httpx.codes.UNAUTHORIZED, data=form)
    if "access_token" not in login:
        account = {"email": EMAIL, "password": PASSWORD, "full_name": "Awa Démo", "locale": "fr"}
        await api.call("POST", "/register", json=account)
        login = await api.call("POST", "/login/token", data=form)
    api.client.headers["Authorization"] = f"Bearer {login['access_token']}"
    mine = [one for one in login["companies"] if one["name"] == COMPANY["name"]]
    company = mine[0] if mine else await api.call("POST", "/company/", json=COMPANY)
    api.client.headers["X-Company-ID"] = company["id"]


async def _fill(api: Api, products: tuple[DemoProduct, ...], progress: Progress) -> None:
    entering = progress.add_task("products", total=len(products))
    for product in products:
        await api.call("POST", "/products", httpx.codes.CONFLICT, json=_as_json(product))
        progress.advance(entering)
    for start in range(0, len(products), MOST_COUNTS):
        counts = [{"sku": one.sku, "on_hand": one.on_hand} for one in products[start : start + MOST_COUNTS]]
        await api.call("POST", "/stock/counts", json={"counts": counts})
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    file = await asyncio.to_thread(sales_file, products, yesterday)
    upload = {"file": ("ventes.csv", file, "text/csv")}
    imported = await api.call("POST", "/imports", files=upload, data={"kind": "sales"})
    await api.finish(imported["job"], progress, "sales")
    forecast = await api.call("POST", "/forecasts", json={"engine": "auto", "horizon": HORIZON})
    await api.finish(forecast["job"], progress, "forecast")
    plan = await api.call("POST", "/plans", json={"forecast_id": forecast["id"]})
    await api.finish(plan["job"], progress, "plan")


def _as_json(product: DemoProduct) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "cost": product.cost,
        "price": product.price,
        "lead_time_days": product.lead_time_days,
        "lead_time_sd": product.lead_time_sd,
        "moq": product.moq,
        "pack_size": product.pack_size,
    }
