"""An open transaction with the repositories that belong to it."""

from inventoryai.domain.companies import CompanyId
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
from inventoryai_postgres.repositories.accuracy import PostgresAccuracies
from inventoryai_postgres.repositories.companies import PostgresCompanies, PostgresMemberships
from inventoryai_postgres.repositories.dispatch import PostgresDispatch
from inventoryai_postgres.repositories.forecasts import PostgresForecasts
from inventoryai_postgres.repositories.identity import (
    PostgresEmailVerifications,
    PostgresSessions,
    PostgresUsers,
)
from inventoryai_postgres.repositories.imports import PostgresImports
from inventoryai_postgres.repositories.invitations import PostgresInvitations
from inventoryai_postgres.repositories.jobs import PostgresJobs
from inventoryai_postgres.repositories.models import PostgresModels
from inventoryai_postgres.repositories.overrides import PostgresOverrides
from inventoryai_postgres.repositories.plans import PostgresPlans
from inventoryai_postgres.repositories.products import PostgresProducts
from inventoryai_postgres.repositories.promotions import PostgresPromotions
from inventoryai_postgres.repositories.sales import PostgresSales
from inventoryai_postgres.repositories.stock import PostgresStock
from inventoryai_postgres.repositories.workers import PostgresWorkers
from inventoryai_postgres.session import PRESENTED, Session


class PostgresWork:
    """What a use case works with. Repositories share the session, and with it transaction and scope."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.users: Users = PostgresUsers(session)
        self.sessions: Sessions = PostgresSessions(session)
        self.verifications: EmailVerifications = PostgresEmailVerifications(session)
        self.companies: Companies = PostgresCompanies(session)
        self.memberships: Memberships = PostgresMemberships(session)
        self.invitations: Invitations = PostgresInvitations(session)
        self.products: Products = PostgresProducts(session)
        self.promotions: Promotions = PostgresPromotions(session)
        self.stock: Stock = PostgresStock(session)
        self.imports: Imports = PostgresImports(session)
        self.sales: Sales = PostgresSales(session)
        self.jobs: Jobs = PostgresJobs(session)
        self.dispatch: JobDispatch = PostgresDispatch(session)
        self.workers: Workers = PostgresWorkers(session)
        self.forecasts: Forecasts = PostgresForecasts(session)
        self.accuracies: Accuracies = PostgresAccuracies(session)
        self.models: Models = PostgresModels(session)
        self.overrides: Overrides = PostgresOverrides(session)
        self.plans: Plans = PostgresPlans(session)

    async def enter(self, company_id: CompanyId) -> None:
        """Narrows the transaction to a company, once a row that proves the right to has named it."""
        await self.session.enter(company_id)

    async def present(self, token_hash: bytes) -> None:
        """Opens the one row that carries this hash: a session, a link, an invitation or a key."""
        await self.session.name(PRESENTED, token_hash.hex())
