"""The errors of the product, their codes and their messages.

Every error is one of nine kinds; an outer layer maps the kind to its own language (HTTP to a
status, the command line to an exit code). The specific errors stand beside the rule they guard.

    Problem
    ├── Malformed         the request cannot be understood at all
    ├── Unauthenticated   nobody, or somebody whose proof is not good
    ├── Forbidden         a known person who may not
    ├── NotFound          no such thing, or one that belongs to another company
    ├── Conflict          it contradicts what is already there
    ├── Stale             it was changed by somebody else in the meantime
    ├── Invalid           it is understood and breaks a rule
    ├── TooMany           too often, too fast
    └── Unavailable       something that is needed does not answer; try again

An error carries a stable dotted ``code`` and data, never a status. Its message exists in English
and in French, with the data filled in.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeVar

Value = TypeVar("Value")
Locale = Literal["en", "fr"]
LOCALES: Final[tuple[Locale, ...]] = ("en", "fr")


class Problem(Exception):
    """Something the caller can read, understand and mend.

    Args:
        data: What the message's placeholders stand for, as JSON-able values.
    """

    code: ClassVar[str]
    en: ClassVar[str]
    fr: ClassVar[str]

    def __init__(self, **data: object) -> None:
        super().__init__(self.code)
        self.data: Mapping[str, object] = data

    def message(self, locale: Locale = "en") -> str:
        """The message in one language, with the data filled in."""
        return (self.fr if locale == "fr" else self.en).format_map(_Blank(self.data))

    def __str__(self) -> str:
        return f"{self.code}: {self.message()}"

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...], dict[str, object]]:
        """Errors travel between processes whatever their own ``__init__`` takes."""
        return _revive, (type(self),), vars(self)


def _revive(kind: type[Problem]) -> Problem:
    """An error without its data, which pickle then gives back."""
    return kind.__new__(kind, kind.code)


class _Blank(dict[str, object]):
    """Leaves a placeholder without data empty: an old stored error must still be readable."""

    def __missing__(self, key: str) -> str:
        return ""


class Malformed(Problem):
    """The request cannot be understood at all."""


class Unauthenticated(Problem):
    """Nobody, or somebody whose proof is not good."""


class Forbidden(Problem):
    """A known person who may not do this."""


class NotFound(Problem):
    """No such thing, or one that belongs to another company: the answer is the same."""


class Conflict(Problem):
    """It contradicts what is already there."""


class Stale(Problem):
    """It was changed by somebody else in the meantime."""


class Invalid(Problem):
    """It is understood and breaks a rule."""


class TooMany(Problem):
    """Too often, too fast."""


class Unavailable(Problem):
    """Something that is needed does not answer; the same request may succeed later."""


KINDS: Final = (
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Stale,
    Invalid,
    TooMany,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of an input that breaks a rule: where, and what.

    ``field`` is the path of the field as the caller wrote it: ``counts.3.on_hand``.
    """

    field: str
    problem: Invalid


class InvalidFields(Invalid):
    """Several fields break rules; all of them are named."""

    code = "request.invalid"
    en = "Some fields are not valid: {fields}."
    fr = "Certains champs ne sont pas valables : {fields}."

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(fields=", ".join(problem.field for problem in problems))
        self.problems = tuple(problems)


class FieldCheck:
    """Collects what is wrong with each field, so that all of it is said at once."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def __call__(self, field: str, value: Callable[[], Value | None]) -> Value | None:
        """The value, or None when working it out raised: the problem is then kept under ``field``."""
        try:
            return value()
        except Invalid as problem:
            self.problems.append(FieldProblem(field, problem))
            return None

    def done(self) -> None:
        """Raise ``InvalidFields`` if any field was wrong."""
        if self.problems:
            raise InvalidFields(self.problems)


def every_problem(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every error that has a code, among the modules imported so far."""
    for kind in root.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from every_problem(kind)


def explain(code: str, data: Mapping[str, object], locale: Locale = "en") -> str:
    """The message of an error that was stored as its code and data.

    An unknown code (written by a newer version) is its own message.
    """
    known = {kind.code: kind for kind in every_problem()}
    if code not in known:
        return code
    text = known[code].fr if locale == "fr" else known[code].en
    return text.format_map(_Blank(data))
