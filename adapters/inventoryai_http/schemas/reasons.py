"""A code for programs with its sentence for people, wherever an answer tells of something that went wrong."""

from collections.abc import Mapping

from msgspec import Struct

from inventoryai.domain.errors import Locale, Problem, explain


class Reason(Struct, frozen=True):
    """Why."""

    code: str
    message: str

    @classmethod
    def of_problem(cls, problem: Problem, locale: Locale) -> "Reason":
        """An error, told in one language."""
        return cls(problem.code, problem.message(locale))

    @classmethod
    def of_code(cls, code: str, data: Mapping[str, object], locale: Locale) -> "Reason":
        """A stored error, told in one language."""
        return cls(code, explain(code, data, locale))
