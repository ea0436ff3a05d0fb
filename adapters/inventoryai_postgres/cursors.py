"""Where a page of a list starts that is ordered by an id or a text."""

from uuid import UUID

from inventoryai.domain.paging import CursorInvalid, PageRequest
from inventoryai_postgres.texts import keepable


def id_after(page: PageRequest) -> UUID | None:
    """The id after which the page starts; None for the first page.

    Raises:
        CursorInvalid: ``page.after`` is no id as a list returned it.
    """
    if page.after is None:
        return None
    try:
        after = UUID(page.after)
    except ValueError:
        raise CursorInvalid from None
    # UUID() also reads braces, "urn:uuid:" and ids without hyphens, which no list of ours returns.
    if str(after) != page.after:
        raise CursorInvalid
    return after


def text_after(page: PageRequest) -> str | None:
    """The text after which the page starts; None for the first page.

    Raises:
        CursorInvalid: It holds what no text of ours does.
    """
    if page.after is not None and keepable(page.after) != page.after:
        raise CursorInvalid
    return page.after
