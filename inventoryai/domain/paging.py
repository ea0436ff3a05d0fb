"""Lists are read page by page, each page starting after the last item of the one before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from inventoryai.domain.errors import Invalid, Malformed

Item = TypeVar("Item")
MAX_LIMIT: Final = 200
DEFAULT_LIMIT: Final = 50


class LimitOutOfRange(Invalid):
    """A page of nothing, or of everything."""

    code = "page.limit_out_of_range"
    en = "limit must be between 1 and {most}."
    fr = "limit doit être compris entre 1 et {most}."


class CursorInvalid(Malformed):
    """A cursor that no list of ours handed out."""

    code = "page.cursor_invalid"
    en = "This cursor is not one that a list returned. Start again without it."
    fr = "Ce curseur n’a été renvoyé par aucune liste. Recommencez sans lui."


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: at most ``limit`` items, after the one whose key is ``after``."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise LimitOutOfRange(most=MAX_LIMIT)

    def number_after(self) -> int | None:
        """``after`` of a list that is ordered by a whole number.

        Raises:
            CursorInvalid: It is not a number.
        """
        if self.after is None:
            return None
        if not (self.after.isascii() and self.after.isdigit() and len(self.after) < len(str(2**63))):
            raise CursorInvalid
        return int(self.after)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page, and where the next one starts; ``next_after`` is None on the last."""

    items: tuple[Item, ...]
    next_after: str | None

    @classmethod
    def cut(cls, items: Sequence[Item], request: PageRequest, key: Callable[[Item], str]) -> "Page[Item]":
        """The page of up to ``limit + 1`` items found: the one too many only says that more follow."""
        kept = tuple(items[: request.limit])
        more = len(items) > request.limit
        return cls(kept, key(kept[-1]) if more else None)
