"""The unit of work, in memory: one at a time, on a copy that replaces the rows when it commits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from memory.company_storage import MemoryCompanies, MemoryInvitations, MemoryMemberships
from memory.identity_storage import MemoryEmailVerifications, MemorySessions, MemoryUsers
from memory.job_storage import MemoryDispatch, MemoryJobs, MemoryWorkers
from memory.model_storage import MemoryModels
from memory.promotion_storage import MemoryPromotions
from memory.rows import Rows, Transaction, database_clock
from memory.stock_storage import MemoryProducts, MemoryStock

from inventoryai.domain.companies import CompanyId
from inventoryai.ports.company_storage import Companies, Invitations, Memberships
from inventoryai.ports.identity_storage import EmailVerifications, Sessions, Users
from inventoryai.ports.job_storage import JobDispatch, Jobs, Workers
from inventoryai.ports.model_storage import Models
from inventoryai.ports.promotion_storage import Promotions
from inventoryai.ports.stock_storage import Products, Stock
from inventoryai.ports.storage import AsUser, InCompany, Scope


class MemoryWork:
    """An open transaction with its repositories."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.users: Users = MemoryUsers(transaction)
        self.sessions: Sessions = MemorySessions(transaction)
        self.verifications: EmailVerifications = MemoryEmailVerifications(transaction)
        self.companies: Companies = MemoryCompanies(transaction)
        self.memberships: Memberships = MemoryMemberships(transaction)
        self.invitations: Invitations = MemoryInvitations(transaction)
        self.products: Products = MemoryProducts(transaction)
        self.promotions: Promotions = MemoryPromotions(transaction)
        self.stock: Stock = MemoryStock(transaction)
        self.models: Models = MemoryModels(transaction)
        self.jobs: Jobs = MemoryJobs(transaction)
        self.dispatch: JobDispatch = MemoryDispatch(transaction)
        self.workers: Workers = MemoryWorkers(transaction)

    async def enter(self, company_id: CompanyId) -> None:
        assert self.transaction.company in {None, company_id}, "a unit of work stays in one company"
        self.transaction.company = company_id

    async def present(self, token_hash: bytes) -> None:
        self.transaction.presented = token_hash


class MemoryUnitOfWork:
    """``async with begin(scope) as work``. ``rows`` is what was committed, for tests to look at."""

    def __init__(self, now: Callable[[], datetime] = database_clock) -> None:
        self.rows = Rows()
        self.now = now
        self._alone = asyncio.Lock()
        self._inside: asyncio.Task[object] | None = None

    @asynccontextmanager
    async def __call__(self, scope: Scope) -> AsyncIterator[MemoryWork]:
        assert self._inside is not asyncio.current_task(), "this task is inside a unit of work already"
        async with self._alone:
            self._inside = asyncio.current_task()
            transaction = Transaction(self.rows.snapshot(), now=self.now)
            if isinstance(scope, (AsUser, InCompany)):
                transaction.user = scope.user_id
            if isinstance(scope, InCompany):
                transaction.company = scope.company_id
            try:
                yield MemoryWork(transaction)
            finally:
                self._inside = None
            self.rows = transaction.rows
