"""What a till prints that no customer ordered, and how it is told from demand.

Such lines are understood and left out: they are counted by reason, and are no errors.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.domain.sales import LineProblem

_ENGLISH: Final = (
    "post postage dotcompostage shipping carriage delivery deliverycharge deliveryfee freight handling "
    "bankcharge bankcharges bankfee amazonfee fee fees servicecharge discount manual manualentry adjustment "
    "adjust baddebt adjustbaddebt rounding deposit tip commission"
)
_FRENCH: Final = (
    "port fraisdeport fraisport frais fraisdelivraison livraison fraisdetransport transport expedition "
    "fraisbancaires remise rabais ristourne escompte avoir acompte arrondi pourboire consigne deconsigne "
    "ajustement regularisation saisiemanuelle divers"
)
TILL_WORDS: Final = frozenset((_ENGLISH + " " + _FRENCH).split())
"""Codes and names that are no product in any shop, as ``plain`` writes them."""

_PUNCTUATION: Final = re.compile(r"[\W_]+")

CODED_SHARE: Final = 0.95
FEWEST_CODES: Final = 20
PRICE_SPREAD: Final = 20.0
SHORTEST_CODE: Final = 2


@dataclass(frozen=True, slots=True)
class Codes:
    """The distinct codes of a sales file, and what is known of each.

    Attributes:
        skus: str[s].
        names: str[s], the most frequent name of each, where there is one.
        least: float64[s], the smallest unit price other than 0, in any unit; NaN where none is known.
        most: float64[s], the largest.
    """

    skus: tuple[str, ...]
    names: tuple[str | None, ...]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def till_keys(codes: Codes) -> NDArray[np.bool_]:
    """bool[s], which codes are keys of the till and not products.

    A code is a key when it, or its name, is one of ``TILL_WORDS``. Where a shop plainly numbers its
    products (at least 95 % of at least 20 codes hold a digit), a code without any digit is one too if
    it is a single letter or is priced as nothing on a shelf is: below 0, or at prices more than 20
    times apart. A shop whose codes are words (RIZ, LAIT) is untouched by that, and so is the odd word
    among numbers that sells at a steady price.
    """
    named = zip(codes.skus, codes.names, strict=True)
    words = np.array(
        [not TILL_WORDS.isdisjoint({plain(sku), plain(name or "")}) for sku, name in named], bool
    )
    wordy = np.array([not re.search(r"\d", sku) for sku in codes.skus], dtype=bool)
    if len(wordy) < FEWEST_CODES or 1 - wordy.mean() < CODED_SHARE:
        return words
    letter = np.array([len(sku) < SHORTEST_CODE for sku in codes.skus], dtype=bool)
    unsteady = (codes.least < 0) | (codes.most > PRICE_SPREAD * codes.least)
    keys: NDArray[np.bool_] = words | (wordy & (letter | unsteady))
    return keys


def plain(text: str) -> str:
    """A text in small letters and digits alone, without accents: ``Frais de port`` is ``fraisdeport``."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKD", text.casefold()))


class LineIgnored(LineProblem):
    """A line that is understood and left out on purpose; counted, and no error."""


class FreeItem(LineIgnored):
    """A line of a file with prices whose price or amount is exactly 0.

    Write-offs, samples, gifts and the till's own corrections look like this: nobody ordered them, and
    they are no demand.
    """

    code = "line.free_item"
    en = "Ignored: the price is 0, so nobody bought it (write-off, sample, correction)."
    fr = "Ignorée : le prix est 0, personne ne l’a donc acheté (perte, échantillon, correction)."


class NotAProduct(LineIgnored):
    """A line whose code is a key of the till: postage, discount, bank charges."""

    code = "line.not_a_product"
    en = "Ignored: the code is not a product (postage, discount, fee, deposit)."
    fr = "Ignorée : le code n’est pas un produit (port, remise, frais, consigne)."


class Duplicate(LineIgnored):
    """A line whose external id an earlier line of the file has: sent twice, sold once."""

    code = "line.duplicate"
    en = "Ignored: an earlier line has the same external id."
    fr = "Ignorée : une ligne précédente porte le même identifiant externe."
