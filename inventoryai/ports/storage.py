"""The unit of work: one transaction, in one scope, with the repositories that belong to it.

A scope says on whose behalf the database is asked, and the database holds to it by row-level
security; repositories are born with it, so no method takes a company.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, Self

from inventoryai.domain.companies import CompanyId, Membership
from inventoryai.domain.errors import Unavailable
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Lease
from inventoryai.ports.accuracy_storage import Accuracies
from inventoryai.ports.company_storage import Companies, Invitations, Memberships
from inventoryai.ports.forecast_storage import Forecasts, Plans
from inventoryai.ports.identity_storage import EmailVerifications, Sessions, Users
from inventoryai.ports.job_storage import JobDispatch, Jobs, Workers
from inventoryai.ports.model_storage import Models
from inventoryai.ports.override_storage import Overrides
from inventoryai.ports.promotion_storage import Promotions
from inventoryai.ports.sales_storage import Imports, Sales
from inventoryai.ports.stock_storage import Products, Stock


class StorageUnavailable(Unavailable):
    """The database does not answer, or has no connection to spare in time."""

    code = "storage.unavailable"
    en = "The database does not answer. Try again in a few seconds."
    fr = "La base de données ne répond pas. Réessayez dans quelques secondes."


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody yet: registering, logging in, and rows found by the hash of a secret."""


@dataclass(frozen=True, slots=True)
class AsUser:
    """A person, across companies."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class InCompany:
    """A person, or a job on their behalf, inside one company.

    Entering checks nothing; ``work.memberships.get`` does, for people.
    """

    company_id: CompanyId
    user_id: UserId

    @classmethod
    def of(cls, holder: Membership | Lease) -> Self:
        """The scope of a member, or of a job on behalf of one."""
        return cls(holder.company_id, holder.user_id)


@dataclass(frozen=True, slots=True)
class Dispatching:
    """A worker looking for work: the leases of jobs of all companies, and nothing else."""


Scope = Anonymous | AsUser | InCompany | Dispatching


class Work(Protocol):
    """An open transaction and everything that can be done in it."""

    users: Users
    sessions: Sessions
    verifications: EmailVerifications
    companies: Companies
    memberships: Memberships
    invitations: Invitations
    products: Products
    promotions: Promotions
    stock: Stock
    imports: Imports
    sales: Sales
    jobs: Jobs
    dispatch: JobDispatch
    workers: Workers
    forecasts: Forecasts
    accuracies: Accuracies
    models: Models
    overrides: Overrides
    plans: Plans

    async def enter(self, company_id: CompanyId) -> None:
        """Narrows the transaction to a company, once a row that proves the right to has named it."""
        ...

    async def present(self, token_hash: bytes) -> None:
        """Opens the one row that carries this hash: an invitation or a key."""
        ...


class UnitOfWork(Protocol):
    """``async with begin(scope) as work``: leaving commits, raising rolls back."""

    def __call__(self, scope: Scope) -> AbstractAsyncContextManager[Work]:
        """A transaction in a scope.

        Raises:
            StorageUnavailable: No connection in time, or the database is away.
        """
        ...
