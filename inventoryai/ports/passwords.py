"""Keeping passwords without knowing them."""

from typing import ClassVar, Protocol

from inventoryai.domain.errors import Unavailable


class PasswordsBusy(Unavailable):
    """More logins at once than can be hashed."""

    code = "login.busy"
    en = "Too many people are logging in at once. Try again in a few seconds."
    fr = "Trop de connexions en même temps. Réessayez dans quelques secondes."


class PasswordHasher(Protocol):
    """Slow on purpose, and never on the event loop."""

    decoy: ClassVar[str]
    """A hash that no password matches, verified when there is no account: equal time, equal answer."""

    async def hash(self, password: str) -> str:
        """The hash to store.

        Raises:
            PasswordsBusy: The queue is full.
        """
        ...

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether the password is the one; raises ``PasswordsBusy`` as ``hash`` does."""
        ...

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        ...
