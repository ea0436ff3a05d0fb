"""Numbers as people and their spreadsheets write them, read exactly.

``1 234,50``, ``1,234.50``, ``1.234,50``, ``12 500 FCFA``, ``(3,5)``, ``7-``: which of comma and point is
the decimal separator is decided from a whole column, since ``1,234`` alone does not say.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LONGEST: Final = 60
MONEY: Final[tuple[str, ...]] = ("unit_price", "amount")
_SPACES: Final = " \u00a0\u202f\u2009\u2007"
_CURRENCY: Final = (
    r"F\.? ?C\.?F\.?A\.?|CFA|XAF|XOF|EUR|€|US ?\$|USD|\$|£|GBP|₦|NGN|GH ?₵|GHS|₵|KSH|KES|TSH|TZS|USH|UGX|"
    r"FRW|RWF|ZAR|MAD|DHS?|DZD|TND|CDF|FC|GNF|FG|MGA|ETB|ZMW|SLE|CHF|CAD|¥|₹|FRS?|AR|N|R|F"
)
_LEADING: Final = re.compile(rf"^([-+]?)(?:{_CURRENCY})\.?(?=[-+\d.,(])", re.IGNORECASE)
_TRAILING: Final = re.compile(rf"(?:(?:{_CURRENCY})\.?|/-)([-+]?)$", re.IGNORECASE)
_PLAIN: Final = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_DASHES: Final = str.maketrans({"−": "-", "–": "-", "’": "'", "`": "'"} | dict.fromkeys(_SPACES, " "))
_GROUPED: Final = r"[1-9]\d{0,2}(?:([ '%s])\d{3})(?:\1\d{3})*"
_EXPONENT: Final = r"(?:E[+-]?\d{1,2})?"
_SHAPES: Final = {
    decimal: re.compile(
        rf"(?:{_GROUPED % re.escape(thousands)}|\d+)(?:{re.escape(decimal)}\d*)?{_EXPONENT}"
        rf"|{re.escape(decimal)}\d+{_EXPONENT}",
        re.ASCII | re.IGNORECASE,
    )
    for decimal, thousands in ((".", ","), (",", "."))
}
_ONE_WAY: Final = re.compile(r"-?\d+([.,])(?:\d{1,2}|\d{4,9})", re.ASCII)
_SEPARATORS: Final = re.compile(r"[.,]")
_AMBIGUOUS: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the texts of one column say about its decimal separator.

    Attributes:
        point: How many lines can only mean a decimal point.
        comma: How many lines can only mean a decimal comma.
        ambiguous: The separators of texts such as ``1,234``, which can mean either.
    """

    point: int = 0
    comma: int = 0
    ambiguous: frozenset[str] = frozenset()

    def decimal(self) -> str | None:
        """The separator that most lines want; None without any."""
        if self.point == self.comma:
            return None
        return "." if self.point > self.comma else ","

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.point + other.point, self.comma + other.comma, self.ambiguous | other.ambiguous)


def decide(evidence: Mapping[str, Evidence], delimiter: str, *, money_is_whole: bool) -> dict[str, str]:
    """The decimal separator of each column.

    A column's own evidence decides, then that of the others, which the same program wrote. Where no
    number of the file says anything, ``1,234`` has a decimal comma, except beside a delimiter that is
    a comma too; and money of a currency without decimals has thousands there, never decimals.

    Args:
        evidence: By field.
        delimiter: What stands between fields.
        money_is_whole: Whether the currency has no decimals.
    """
    pooled = sum(evidence.values(), Evidence()).decimal()
    usual = "." if delimiter == "," else ","
    decided = {}
    for field, own in evidence.items():
        decimal = own.decimal()
        if decimal is None and money_is_whole and field in MONEY and own.ambiguous:
            decimal = "," if "." in own.ambiguous else "."
        if decimal is None:
            decimal = pooled or (usual if "," in own.ambiguous else ".")
        decided[field] = decimal
    return decided


def gather(texts: Iterable[str], counts: Iterable[int], *, money: bool) -> Evidence:
    """The evidence of a column, from its distinct texts and how many lines have each."""
    votes = {".": 0, ",": 0}
    ambiguous: set[str] = set()
    for text, count in zip(texts, counts, strict=True):
        if not _SEPARATORS.search(text) or len(text) > LONGEST:
            continue
        if one_way := _ONE_WAY.fullmatch(text):
            votes[one_way[1]] += count
            continue
        core = _core(text, money=money)[1]
        if _AMBIGUOUS.fullmatch(core):
            ambiguous.update(_SEPARATORS.findall(core))
        elif (decimal := _only_reading(core)) is not None:
            votes[decimal] += count
    return Evidence(votes["."], votes[","], frozenset(ambiguous))


def read(text: str, decimal: str, *, money: bool) -> Decimal | None:
    """The number a text writes, or None when it writes none.

    Args:
        text: As found in the file.
        decimal: The decimal separator, ``.`` or ``,``; the other may separate thousands, as spaces and
            apostrophes may.
        money: Whether a currency may stand before or after it.
    """
    if decimal == "." and _PLAIN.fullmatch(text):
        return Decimal(text)
    if len(text) > LONGEST:
        return None
    negative, core = _core(text, money=money)
    if not _SHAPES[decimal].fullmatch(core):
        return None
    digits = "".join(character for character in core if character not in " '")
    number = Decimal(digits.replace("." if decimal == "," else ",", "").replace(",", "."))
    return -number if negative else number


def thousands(texts: Iterable[str], decimal: str) -> str | None:
    """The thousands separator that the texts use, if any does."""
    separators = re.escape(f"{_SPACES}'’.,".replace(decimal, ""))
    found = re.search(rf"\d([{separators}])\d{{3}}(?!\d)", "\n".join(texts))
    return found[1] if found else None


def _core(text: str, *, money: bool) -> tuple[bool, str]:
    """Whether the text is negative, and its digits and separators."""
    core, negative = text.translate(_DASHES).strip(), False
    if money:
        core = _without_currency(core)
    if core.startswith("(") and core.endswith(")"):
        negative, core = True, core[1:-1].strip()
        core = _without_currency(core) if money else core
    core = _closed(core)
    if core[:1] in {"-", "+"}:
        negative, core = negative != (core[0] == "-"), core[1:].lstrip()
    elif core[-1:] == "-":
        negative, core = not negative, core[:-1].rstrip()
    return negative, core


def _without_currency(core: str) -> str:
    bare = _TRAILING.sub(r" \1", core).strip()
    return _LEADING.sub(r"\1", _closed(bare))


def _closed(core: str) -> str:
    """The text with no space between a currency or sign and the first digit."""
    first = re.search(r"\d", core)
    if first is None:
        return core
    return core[: first.start()].replace(" ", "") + core[first.start() :]


def _only_reading(core: str) -> str | None:
    """The decimal separator under which alone a text is a number."""
    fits = [decimal for decimal, shape in _SHAPES.items() if shape.fullmatch(core)]
    return fits[0] if len(fits) == 1 else None
