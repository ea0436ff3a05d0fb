"""The API inside the test's own process, and people who call it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

import httpx
from litestar import Litestar

from inventoryai.domain.jobs import JobId
from inventoryai.ports.mail import Message
from inventoryai.ports.storage import UnitOfWork
from inventoryai.usecases.letters import Letters
from inventoryai_files import FolderFileStore
from inventoryai_http import HttpSettings, create_app
from inventoryai_security import JwtAccessTokens, RandomSecrets
from inventoryai_server import wiring
from inventoryai_server.system import Uuid7Identifiers

PASSWORD = "a long password"
SECRET = "a secret for tests that is long enough"
UPLOAD_LIMIT = 200_000
Json = Any
"""What an answer holds: tests look into it freely."""


@dataclass
class StoppedClock:
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.time


class PlainPasswords:
    """Quick, for tests that are not about hashing."""

    decoy: ClassVar[str] = "nobody's"

    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def verify(self, password_hash: str, password: str) -> bool:
        return password_hash == f"hash of {password}"

    def outdated(self, password_hash: str) -> bool:
        del password_hash
        return False


@dataclass
class Outbox:
    messages: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def token(self, to: str) -> str:
        """The token of the last message to somebody: the longest line."""
        texts = [message.text for message in self.messages if message.to == to]
        return max((line for line in texts[-1].splitlines() if " " not in line), key=len)


@dataclass
class WakeUps:
    jobs: list[JobId] = field(default_factory=list)

    async def wake(self, jobs: Sequence[JobId]) -> bool:
        self.jobs += jobs
        return True


@dataclass
class Missing:
    """What readiness says is not there."""

    names: tuple[str, ...] = ()

    async def __call__(self) -> Sequence[str]:
        return self.names


@dataclass
class Api:
    """The application over some storage, everything else being made for tests."""

    begin: Any
    folder: Path
    settings: HttpSettings = field(default_factory=lambda: HttpSettings(upload_limit=UPLOAD_LIMIT))
    require_verified_email: bool = False
    clock: StoppedClock = field(default_factory=StoppedClock)
    outbox: Outbox = field(default_factory=Outbox)
    wake_ups: WakeUps = field(default_factory=WakeUps)
    missing: Missing = field(default_factory=Missing)
    lifetime: timedelta = timedelta(minutes=30)

    def app(self) -> Litestar:
        """The application."""
        ports = wiring.Ports(
            # The fakes lack the repositories that only the real database has.
            begin=cast("UnitOfWork", self.begin),
            clock=self.clock,
            identifiers=Uuid7Identifiers(),
            passwords=PlainPasswords(),
            tokens=self.tokens(),
            secrets=RandomSecrets(),
            mail=self.outbox,
            letters=Letters("http://test"),
            files=FolderFileStore(self.folder, self.settings.upload_limit),
            queue=self.wake_ups,
            find_missing=self.missing,
            require_verified_email=self.require_verified_email,
        )
        return create_app(wiring.http_use_cases(ports), self.settings)

    def tokens(self) -> JwtAccessTokens:
        """What signs access tokens."""
        return JwtAccessTokens(SECRET, "HS256", self.lifetime)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Callers"]:
        """People who call the application."""
        transport = httpx.ASGITransport(app=cast("Any", self.app()))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Callers(self, client)


@dataclass
class Callers:
    """Whoever calls; nobody in particular, until somebody registers."""

    api: Api
    client: httpx.AsyncClient

    async def register(self, email: str = "", *, verified: bool = True, **said: Any) -> "Caller":
        """A person with an account, logged in."""
        email = email or f"ama.{uuid4().hex}@example.com"
        account = {"email": email, "password": PASSWORD, "full_name": "Ama Mensah", **said}
        answer = await self.client.post("/api/v1/register", json=account)
        assert answer.status_code == 201, answer.text
        if verified:
            token = {"token": self.api.outbox.token(email)}
            answer = await self.client.post("/api/v1/email/verify", json=token)
            assert answer.status_code == 204, answer.text
        return Caller(self, email, await self.log_in(email))

    async def log_in(self, email: str, password: str = PASSWORD) -> Json:
        """The tokens of a login."""
        form = {"username": email, "password": password}
        answer = await self.client.post("/api/v1/login/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def founder(self, **company: Any) -> "Caller":
        """A person with a company of their own."""
        person = await self.register()
        await person.found(**company)
        return person


@dataclass
class Caller:
    """A person who is logged in."""

    callers: Callers
    email: str
    tokens: Json
    companies: list[UUID] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """What proves who calls."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One call as this person; ``headers`` are added to the person's own."""
        headers = {**self.headers, **more.pop("headers", {})}
        return await self.callers.client.request(method, f"/api/v1{path}", headers=headers, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return await self.call("POST", path, json=json, **more)

    async def found(self, **said: Any) -> Json:
        """A company of one's own."""
        answer = await self.post("/company/", {"name": "Épicerie Douala", **said})
        assert answer.status_code == 201, answer.text
        self.companies.append(UUID(answer.json()["id"]))
        return answer.json()

    async def bring_in(self, email: str = "", role: str = "member") -> "Caller":
        """Another person, in this one's company."""
        person = await self.callers.register(email)
        company_id = self.companies[0]
        invited = await self.post(f"/company/{company_id}/invite", {"email": person.email, "role": role})
        assert invited.status_code == 201, invited.text
        accepted = await person.post("/invitations/accept", {"id": invited.json()["id"]})
        assert accepted.status_code == 200, accepted.text
        person.companies.append(company_id)
        return person
