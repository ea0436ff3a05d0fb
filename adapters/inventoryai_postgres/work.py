"""An open transaction with the repositories that belong to it."""

from dataclasses import dataclass
from typing import Self

from inventoryai.domain.companies import CompanyId
from inventoryai_postgres.session import PRESENTED, Session


@dataclass(slots=True)
class PostgresWork:
    """What a use case works with. Repositories share the session, and with it transaction and scope."""

    session: Session

    @classmethod
    def of(cls, session: Session) -> Self:
        """Every repository, on one session."""
        return cls(session=session)

    async def enter(self, company_id: CompanyId) -> None:
        """Narrows the transaction to a company, once a row that proves the right to has named it."""
        await self.session.enter(company_id)

    async def present(self, token_hash: bytes) -> None:
        """Opens the one row that carries this hash: a session, a link, an invitation or a key."""
        await self.session.name(PRESENTED, token_hash.hex())
