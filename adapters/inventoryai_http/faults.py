"""What is wrong with the fields of a body, all of it at once, in words a person can act on.

The decoder stops at the first fault and speaks of types. Once it has stopped, this walks the body
beside the type that was expected and names every fault.
"""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import msgspec
from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    StrType,
    Type,
    UUIDType,
    VarTupleType,
)

from inventoryai.domain.errors import FieldProblem, Invalid

MOST_FAULTS: Final = 100
_LONGEST_NAME: Final = 100


class FieldMissing(Invalid):
    """A field that must be there."""

    code = "field.missing"
    en = "This field is required."
    fr = "Ce champ est obligatoire."


class FieldUnknown(Invalid):
    """A field that means nothing here: it would be lost without a word."""

    code = "field.unknown"
    en = "There is no such field here."
    fr = "Ce champ n’existe pas ici."


class FieldDoubled(Invalid):
    """A form field that came twice."""

    code = "field.doubled"
    en = "This field is given more than once."
    fr = "Ce champ est donné plusieurs fois."


class FieldNotText(Invalid):
    """Something else where a text belongs."""

    code = "field.not_text"
    en = "This must be a text."
    fr = "Cette valeur doit être un texte."


class FieldNotInteger(Invalid):
    """Something else where a whole number belongs."""

    code = "field.not_integer"
    en = "This must be a whole number."
    fr = "Cette valeur doit être un nombre entier."


class FieldNotNumber(Invalid):
    """Something else where a number belongs."""

    code = "field.not_number"
    en = "This must be a number."
    fr = "Cette valeur doit être un nombre."


class FieldNumberTooLarge(Invalid):
    """A number such as 1e999, where one is meant that can be calculated with."""

    code = "field.number_too_large"
    en = "This number is too large."
    fr = "Ce nombre est trop grand."


class FieldNotBoolean(Invalid):
    """Something else where true or false belongs."""

    code = "field.not_boolean"
    en = "This must be true or false."
    fr = "Cette valeur doit être true ou false."


class FieldNotId(Invalid):
    """Something else where an id belongs."""

    code = "field.not_id"
    en = "This must be an id (a UUID)."
    fr = "Cette valeur doit être un identifiant (UUID)."


class FieldNotMoment(Invalid):
    """Something else where a moment belongs, or one without an offset, which could be any hour."""

    code = "field.not_moment"
    en = "This must be a date and time with an offset, such as 2024-03-01T08:30:00+01:00."
    fr = "Cette valeur doit être une date et heure avec décalage, comme 2024-03-01T08:30:00+01:00."


class FieldNotDay(Invalid):
    """Something else where a day belongs."""

    code = "field.not_day"
    en = "This must be a day, such as 2024-03-01."
    fr = "Cette valeur doit être un jour, comme 2024-03-01."


class FieldNotList(Invalid):
    """Something else where a list belongs."""

    code = "field.not_list"
    en = "This must be a list."
    fr = "Cette valeur doit être une liste."


class FieldNotObject(Invalid):
    """Something else where an object belongs."""

    code = "field.not_object"
    en = "This must be an object."
    fr = "Cette valeur doit être un objet."


class FieldNotChoice(Invalid):
    """A value outside a fixed choice."""

    code = "field.not_a_choice"
    en = "This must be one of: {choices}."
    fr = "Cette valeur doit être l’une de : {choices}."


class ParameterInvalid(Invalid):
    """A parameter of the path, the query or a header that cannot be read as what it should be."""

    code = "parameter.invalid"
    en = "This value cannot be read as what is expected here."
    fr = "Cette valeur ne correspond pas à ce qui est attendu ici."


_FAULT_OF: Final[Mapping[type[Type], type[Invalid]]] = {
    StrType: FieldNotText,
    IntType: FieldNotInteger,
    FloatType: FieldNotNumber,
    DecimalType: FieldNotNumber,
    BoolType: FieldNotBoolean,
    UUIDType: FieldNotId,
    DateTimeType: FieldNotMoment,
    DateType: FieldNotDay,
    ListType: FieldNotList,
    VarTupleType: FieldNotList,
}


def faults(value: object, expected: Any) -> list[FieldProblem]:
    """Everything that keeps a value from being what is expected, up to a hundred faults.

    Args:
        value: A body, decoded without a type.
        expected: The type it should have had: a ``Struct``, or what one is made of.
    """
    return list(islice(_walk("", value, expected), MOST_FAULTS))


def _walk(path: str, value: object, expected: Any) -> Iterator[FieldProblem]:
    kind = _without_nothing(expected)
    if value is None and NoneType in get_args(expected):
        return
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _walk_struct(path, value, kind)
    elif get_origin(kind) is dict and isinstance(value, dict):
        yield from _walk_free(path, value)
    elif kind is float and _too_large(value):
        yield FieldProblem(path.removesuffix("."), FieldNumberTooLarge())
    elif get_origin(kind) in {list, tuple} and isinstance(value, list):
        for place, item in enumerate(value):
            yield from _walk(f"{path}{place}.", item, get_args(kind)[0])
    elif not _fits(value, kind):
        yield FieldProblem(path.removesuffix(".") or "body", _fault(msgspec.inspect.type_info(kind)))


def _walk_struct(path: str, value: object, struct: type[msgspec.Struct]) -> Iterator[FieldProblem]:
    if not isinstance(value, dict):
        yield FieldProblem(path.removesuffix(".") or "body", FieldNotObject())
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name in value:
        if name not in fields:
            yield FieldProblem(path + name[:_LONGEST_NAME], FieldUnknown())
    for name, field in fields.items():
        if name in value:
            yield from _walk(f"{path}{name}.", value[name], field.type)
        elif field.required:
            yield FieldProblem(path + name, FieldMissing())


def _walk_free(path: str, value: object) -> Iterator[FieldProblem]:
    """Inside an object whose fields are anybody's: any JSON will do, but for numbers that no float holds."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _walk_free(f"{path}{name[:_LONGEST_NAME]}.", one)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _walk_free(f"{path}{place}.", one)
    elif _too_large(value):
        yield FieldProblem(path.removesuffix("."), FieldNumberTooLarge())


def _too_large(value: object) -> bool:
    return isinstance(value, Decimal) and math.isinf(float(value))


def _without_nothing(expected: Any) -> Any:
    """``T`` of ``T | None``, and where a field may be left out; anything else as it is."""
    if get_origin(expected) in {Union, UnionType}:
        others = [one for one in get_args(expected) if one not in {NoneType, msgspec.UnsetType}]
        return others[0] if len(others) == 1 else expected
    return expected


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, ValueError):
        return False
    return True


def _fault(kind: Type) -> Invalid:
    if isinstance(kind, EnumType):
        return FieldNotChoice(choices=", ".join(str(one.value) for one in kind.cls))
    if isinstance(kind, LiteralType):
        return FieldNotChoice(choices=", ".join(str(one) for one in kind.values))
    if isinstance(kind, msgspec.inspect.Metadata):
        return _fault(kind.type)
    return _FAULT_OF.get(type(kind), FieldNotObject)()
