import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import uuid4

import pytest
from people import NOON, Begin, Founded, actor, found, register

from inventoryai.domain.companies import AlreadyMember, Membership, Role
from inventoryai.domain.errors import Problem
from inventoryai.domain.identity import User
from inventoryai.domain.invitations import (
    Invitation,
    InvitationId,
    InvitationNotFound,
    InvitationOffer,
    InvitationState,
    InvitationUsed,
)
from inventoryai.ports.storage import AsUser

# What is open is judged by the database's own clock, so these invitations lie in the future.
NEXT_WEEK = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)


async def invite(storage: Begin, founded: Founded, user: User, **said: Any) -> Invitation:
    invitation = Invitation(
        id=InvitationId(uuid4()),
        company_id=founded.company.id,
        email=user.email,
        role=Role.MEMBER,
        state=InvitationState.PENDING,
        token_hash=token_bytes(32),
        invited_by=founded.admin.id,
        created_at=NOON,
        expires_at=NEXT_WEEK,
    )
    async with storage(founded.scope) as work:
        return await work.invitations.add(replace(invitation, **said))


async def test_an_invitation_is_found_by_its_token_when_presented(storage: Begin) -> None:
    founded, user = await found(storage), await register(storage, verified_at=None)
    invitation = await invite(storage, founded, user)
    async with storage(AsUser(user.id)) as work:
        with pytest.raises(InvitationNotFound):
            await work.invitations.get_by_token(invitation.token_hash)
        await work.present(invitation.token_hash)
        assert await work.invitations.get_by_token(invitation.token_hash) == invitation


async def test_an_invitation_is_found_by_its_id_by_the_invited_person_alone(storage: Begin) -> None:
    founded, user, other = await found(storage), await register(storage), await register(storage)
    invitation = await invite(storage, founded, user)
    async with storage(AsUser(user.id)) as work:
        assert await work.invitations.get(invitation.id) == invitation
    async with storage(AsUser(other.id)) as work:
        with pytest.raises(InvitationNotFound):
            await work.invitations.get(invitation.id)


async def test_an_address_that_is_not_proved_is_offered_nothing(storage: Begin) -> None:
    founded, user = await found(storage), await register(storage, verified_at=None)
    invitation = await invite(storage, founded, user)
    async with storage(AsUser(user.id)) as work:
        assert await work.invitations.list_mine() == ()
        with pytest.raises(InvitationNotFound):
            await work.invitations.get(invitation.id)


async def test_inviting_again_renews_the_invitation(storage: Begin) -> None:
    founded, user = await found(storage), await register(storage)
    first = await invite(storage, founded, user)
    again = await invite(storage, founded, user, role=Role.ADMIN, created_at=NOON + timedelta(days=1))
    assert again == replace(first, role=Role.ADMIN, token_hash=again.token_hash)
    async with storage(AsUser(user.id)) as work:
        await work.present(first.token_hash)
        with pytest.raises(InvitationNotFound):
            await work.invitations.get_by_token(first.token_hash)


async def test_an_answered_invitation_is_not_renewed(storage: Begin) -> None:
    founded, user = await found(storage), await register(storage)
    first = await invite(storage, founded, user)
    async with storage(AsUser(user.id)) as work:
        declined = (await work.invitations.get(first.id)).decline(actor(user), NOON)
        await work.enter(first.company_id)
        await work.invitations.save(declined)
    again = await invite(storage, founded, user)
    assert again.id != first.id


async def test_offers_are_those_still_open_newest_first(storage: Begin) -> None:
    user, other = await register(storage), await register(storage)
    old, new, past = [await found(storage, name=name) for name in ("Old", "New", "Past")]
    first = await invite(storage, old, user)
    second = await invite(storage, new, user, role=Role.ADMIN, created_at=NOON + timedelta(days=1))
    await invite(storage, past, user, expires_at=NOON)
    await invite(storage, past, other)
    async with storage(AsUser(user.id)) as work:
        offers = await work.invitations.list_mine()
    assert offers == (
        InvitationOffer(second.id, new.company.id, "New", Role.ADMIN, NEXT_WEEK),
        InvitationOffer(first.id, old.company.id, "Old", Role.MEMBER, NEXT_WEEK),
    )


async def test_S15_of_many_who_accept_at_once_one_comes_in(storage: Begin) -> None:
    founded, user = await found(storage), await register(storage)
    invitation = await invite(storage, founded, user)

    async def accept() -> Membership:
        async with storage(AsUser(user.id)) as work:
            await work.present(invitation.token_hash)
            current = await work.invitations.get_by_token(invitation.token_hash)
            accepted, membership = current.accept(actor(user), NOON)
            await work.enter(current.company_id)
            await work.memberships.add(membership)
            await work.invitations.save(accepted)
            return membership

    answers = await asyncio.gather(*(accept() for _ in range(20)), return_exceptions=True)
    taken_in = [one for one in answers if isinstance(one, Membership)]
    refused = [one for one in answers if isinstance(one, Problem)]
    assert len(taken_in) == 1
    assert len(refused) == 19
    assert {type(one) for one in refused} <= {InvitationUsed, AlreadyMember}
    async with storage(founded.scope) as work:
        members = await work.memberships.members()
    assert {one.user_id for one in members} == {founded.admin.id, user.id}
