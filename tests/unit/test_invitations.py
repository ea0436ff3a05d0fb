"""S15: an invitation is for one address, once, and not for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from inventoryai.domain.companies import CompanyId, Role
from inventoryai.domain.errors import Problem
from inventoryai.domain.identity import Actor, Email, EmailNotVerified, UserId
from inventoryai.domain.invitations import (
    Invitation,
    InvitationExpired,
    InvitationId,
    InvitationNotFound,
    InvitationState,
    InvitationUsed,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MOUSSA = Actor(UserId(UUID(int=5)), Email("moussa@shop.example"), "Moussa", "fr", verified=True)
OFFER = Invitation(
    id=InvitationId(UUID(int=1)),
    company_id=CompanyId(UUID(int=2)),
    email=MOUSSA.email,
    role=Role.MEMBER,
    state=InvitationState.PENDING,
    token_hash=b"",
    invited_by=UserId(UUID(int=3)),
    created_at=NOW,
    expires_at=NOW + timedelta(days=7),
)


def test_accepting_makes_a_member_of_the_role_that_was_offered() -> None:
    accepted, membership = OFFER.accept(MOUSSA, NOW)
    assert accepted.state is InvitationState.ACCEPTED
    assert (membership.company_id, membership.user_id, membership.role) == (
        OFFER.company_id,
        MOUSSA.id,
        Role.MEMBER,
    )


@pytest.mark.parametrize(
    ("offer", "actor", "now", "problem"),
    [
        (OFFER, replace(MOUSSA, email=Email("awa@shop.example")), NOW, InvitationNotFound),
        (OFFER, replace(MOUSSA, verified=False), NOW, EmailNotVerified),
        (OFFER, MOUSSA, OFFER.expires_at, InvitationExpired),
        (replace(OFFER, state=InvitationState.ACCEPTED), MOUSSA, NOW, InvitationUsed),
        (replace(OFFER, state=InvitationState.DECLINED), MOUSSA, NOW, InvitationUsed),
        (replace(OFFER, state=InvitationState.REVOKED), MOUSSA, NOW, InvitationUsed),
    ],
    ids=["another address", "unproved address", "too old", "accepted", "declined", "revoked"],
)
def test_nobody_else_and_not_twice(
    offer: Invitation, actor: Actor, now: datetime, problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        offer.accept(actor, now)
    with pytest.raises(problem):
        offer.decline(actor, now)
