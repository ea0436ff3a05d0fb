from datetime import timedelta
from uuid import uuid4

import pytest
from people import NOON, Begin, found, join, register, some_company

from inventoryai.domain.companies import (
    AlreadyMember,
    CompanyId,
    CompanyNotFound,
    CompanyRole,
    Member,
    Membership,
    Role,
)
from inventoryai.domain.identity import Email
from inventoryai.ports.storage import AsUser, InCompany


async def test_a_company_is_kept_with_its_founder(storage: Begin) -> None:
    founded = await found(storage)
    async with storage(founded.scope) as work:
        assert await work.companies.get() == founded.company
        membership = await work.memberships.get(founded.admin.id)
    assert membership == Membership(founded.company.id, founded.admin.id, Role.ADMIN, NOON)


async def test_nothing_is_founded_when_the_unit_of_work_fails(storage: Begin) -> None:
    user, company = await register(storage), some_company()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the unit of work is what is under test
        async with storage(AsUser(user.id)) as work:
            await work.enter(company.id)
            await work.companies.add(company)
            await work.memberships.add(Membership(company.id, user.id, Role.ADMIN, NOON))
            raise ZeroDivisionError
    async with storage(InCompany(company.id, user.id)) as work:
        with pytest.raises(CompanyNotFound):
            await work.companies.get()


async def test_my_companies_are_mine_alone_and_by_name(storage: Begin) -> None:
    me, somebody = await register(storage), await register(storage)
    zinder = await found(storage, me, name="zinder Gros")
    await found(storage, somebody)
    abidjan = await found(storage, me, name="Abidjan Détail")
    async with storage(AsUser(me.id)) as work:
        mine = await work.companies.list_mine()
    assert mine == (CompanyRole(abidjan.company, Role.ADMIN), CompanyRole(zinder.company, Role.ADMIN))


async def test_a_company_that_does_not_exist_and_one_of_others_look_alike(storage: Begin) -> None:
    founded, stranger = await found(storage), await register(storage)
    for company_id in (founded.company.id, CompanyId(uuid4())):
        async with storage(InCompany(company_id, stranger.id)) as work:
            with pytest.raises(CompanyNotFound):
                await work.memberships.get(stranger.id)


async def test_nobody_is_taken_in_twice(storage: Begin) -> None:
    founded = await found(storage)
    member = await join(storage, founded)
    with pytest.raises(AlreadyMember):
        async with storage(founded.scope) as work:
            await work.memberships.add(Membership(founded.company.id, member.id, Role.ADMIN, NOON))
    async with storage(founded.scope) as work:
        assert (await work.memberships.get(member.id)).role is Role.MEMBER


async def test_members_come_in_the_order_in_which_they_joined(storage: Begin) -> None:
    founded = await found(storage)
    late, early = await register(storage), await register(storage)
    joined = {late.id: NOON + timedelta(days=2), early.id: NOON + timedelta(days=1)}
    async with storage(founded.scope) as work:
        for user_id, at in joined.items():
            await work.memberships.add(Membership(founded.company.id, user_id, Role.MEMBER, at))
        members = await work.memberships.members()
    assert [one.user_id for one in members] == [founded.admin.id, early.id, late.id]
    assert members[1] == Member(early.id, early.email, early.full_name, Role.MEMBER, joined[early.id])


async def test_a_member_is_found_by_email_and_others_are_not(storage: Begin) -> None:
    founded, stranger = await found(storage), await register(storage)
    member = await join(storage, founded)
    async with storage(founded.scope) as work:
        membership = await work.memberships.find_by_email(member.email)
        assert membership is not None
        assert membership.user_id == member.id
        assert await work.memberships.find_by_email(stranger.email) is None
        assert await work.memberships.find_by_email(Email("nobody@example.com")) is None
