"""What the fakes keep, and the transaction in which they look at it."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from memory.job_rows import JobRow, WorkerRow

from inventoryai.domain.companies import Company, CompanyId, Membership
from inventoryai.domain.forecast_runs import ForecastId
from inventoryai.domain.identity import EmailVerification, Session, SessionId, User, UserId
from inventoryai.domain.imports import ImportId
from inventoryai.domain.invitations import Invitation, InvitationId
from inventoryai.domain.jobs import JobId
from inventoryai.domain.models import Lap, ModelId, ModelUse, NewModel
from inventoryai.domain.products import Product, ProductId
from inventoryai.domain.promotions import PromotionDetails, PromotionId
from inventoryai.domain.stock import CountedStock
from inventoryai.ports.model_storage import Lineage, Taught


def database_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A trained model with all that it is made of."""

    new: NewModel
    job_id: JobId
    lineage: Lineage | None = None
    checkpoints: Mapping[Lap, bytes] = field(default_factory=dict)
    taught: Taught | None = None
    current: bool = False


@dataclass(slots=True)
class Rows:
    """Every row there is. Rows are values, so a copy of the containers is a snapshot."""

    users: dict[UserId, User] = field(default_factory=dict)
    sessions: dict[SessionId, Session] = field(default_factory=dict)
    verifications: dict[bytes, EmailVerification] = field(default_factory=dict)
    companies: dict[CompanyId, Company] = field(default_factory=dict)
    memberships: dict[tuple[CompanyId, UserId], Membership] = field(default_factory=dict)
    invitations: dict[tuple[CompanyId, InvitationId], Invitation] = field(default_factory=dict)
    products: dict[tuple[CompanyId, ProductId], Product] = field(default_factory=dict)
    promotions: dict[tuple[CompanyId, PromotionId], PromotionDetails] = field(default_factory=dict)
    models: dict[tuple[CompanyId, ModelId], ModelRow] = field(default_factory=dict)
    model_uses: dict[tuple[CompanyId, ForecastId, str], ModelUse] = field(default_factory=dict)
    counts: list[tuple[CompanyId, CountedStock, ImportId | None]] = field(default_factory=list)
    jobs: dict[JobId, JobRow] = field(default_factory=dict)
    workers: dict[UUID, WorkerRow] = field(default_factory=dict)

    def snapshot(self) -> Self:
        return type(self)(**{one.name: copy.copy(getattr(self, one.name)) for one in fields(self)})


@dataclass(slots=True)
class Transaction:
    """Rows as one unit of work sees and changes them, and whom it acts for."""

    rows: Rows
    user: UserId | None = None
    company: CompanyId | None = None
    presented: bytes | None = None
    now: Callable[[], datetime] = database_clock

    @property
    def user_id(self) -> UserId:
        assert self.user is not None, "nobody in this scope"
        return self.user

    @property
    def company_id(self) -> CompanyId:
        assert self.company is not None, "no company in this scope"
        return self.company

    def become(self, user_id: UserId) -> None:
        assert self.user in {None, user_id}, "a unit of work is of one person"
        self.user = user_id
