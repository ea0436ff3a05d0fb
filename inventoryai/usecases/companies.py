"""Companies: founding one, seeing it, and acting inside it."""

from dataclasses import dataclass

from inventoryai.domain.companies import (
    Company,
    CompanyId,
    CompanyMissing,
    CompanyRole,
    CompanySelectionRequired,
    Member,
    Membership,
    NewCompany,
    Role,
)
from inventoryai.domain.identity import Actor
from inventoryai.ports.clock import Clock
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.storage import AsUser, InCompany, UnitOfWork


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """A company, what the caller is in it, and everybody who is."""

    company: Company
    role: Role
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class CreateCompany:
    """Founds a company; whoever does so is its Admin.

    What is left unsaid is what is usual in the country: XAF, Africa/Douala and French in Cameroon,
    which is also the country where none is named.
    """

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers

    async def __call__(self, actor: Actor, new: NewCompany) -> CompanyRole:
        """The company, with the founder's role."""
        now = self.clock.now()
        company = new.found(CompanyId(self.identifiers.new()), now)
        async with self.begin(AsUser(actor.id)) as work:
            await work.enter(company.id)
            await work.companies.add(company)
            await work.memberships.add(Membership(company.id, actor.id, Role.ADMIN, now))
        return CompanyRole(company, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class ListCompanies:
    """The companies that the caller is in, and as what, by name."""

    begin: UnitOfWork

    async def __call__(self, actor: Actor) -> tuple[CompanyRole, ...]:
        """All of them: a person is in a handful."""
        async with self.begin(AsUser(actor.id)) as work:
            return await work.companies.list_mine()


@dataclass(frozen=True, slots=True)
class GetCompany:
    """A company with its members, for its members."""

    begin: UnitOfWork

    async def __call__(self, actor: Actor, company_id: CompanyId) -> CompanyDetails:
        """Raises ``CompanyNotFound`` for a company that does not exist or is not the caller's."""
        async with self.begin(InCompany(company_id, actor.id)) as work:
            membership = await work.memberships.get(actor.id)
            return CompanyDetails(
                await work.companies.get(), membership.role, await work.memberships.members()
            )


@dataclass(frozen=True, slots=True)
class EnterCompany:
    """Decides in which company a call acts, and proves that the caller may.

    Who names a company must be a member of it. Who names none acts in their only one; with several
    it must be said which.
    """

    begin: UnitOfWork

    async def __call__(self, actor: Actor, company_id: CompanyId | None) -> Membership:
        """The caller's place in the company; raises as told above."""
        if company_id is None:
            company_id = await self._only_one(actor)
        async with self.begin(InCompany(company_id, actor.id)) as work:
            return await work.memberships.get(actor.id)

    async def _only_one(self, actor: Actor) -> CompanyId:
        async with self.begin(AsUser(actor.id)) as work:
            mine = await work.companies.list_mine()
        if not mine:
            raise CompanyMissing
        if len(mine) > 1:
            raise CompanySelectionRequired([one.company for one in mine])
        return mine[0].company.id
