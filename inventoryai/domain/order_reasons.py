"""The reasons in an explanation, in words: what the JSON says by code, a reader gets as a sentence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, cast

from inventoryai.domain.errors import Locale, explain

_Entry = Mapping[str, object]

_ENGLISH: Final = {
    "moq.none": "{before} are wanting, and the supplier takes any quantity.",
    "moq.raised": "Raised from {before} to the smallest order the supplier takes, {after}.",
    "moq.reached": "{before} is no less than the smallest order the supplier takes, {moq}.",
    "pack.rounded_up": "Rounded up from {before} to {after}, a whole number of packs of {pack_size}.",
    "pack.whole": "{before} is a whole number of packs of {pack_size}.",
    "last_batch.kept": (
        "Rounding up adds {surplus}, more than the {expected_demand} expected to sell, but what goes beyond"
        " an order of {smaller_order} lies idle with a probability of {idle_probability} only,"
        " no more than {service_level}."
    ),
    "last_batch.left_out": (
        "Lowered from {before} to {after}: rounding up adds {surplus}, more than the {expected_demand}"
        " expected to sell, and what goes beyond would lie idle with a probability of {idle_probability},"
        " more than {service_level}."
    ),
    "order_by.late": "Today is already late: demand may use up the position before an order arrives.",
    "order_by.last_day": "An order placed on {date} still comes in time; one placed a day later may not.",
    "order_by.beyond_horizon": "There is no need to order within the days that were forecast.",
}
_FRENCH: Final = {
    "moq.none": "Il manque {before}, et le fournisseur accepte toute quantité.",
    "moq.raised": "Porté de {before} à la plus petite commande que le fournisseur accepte, {after}.",
    "moq.reached": "{before} atteint la plus petite commande que le fournisseur accepte, {moq}.",
    "pack.rounded_up": "Arrondi de {before} à {after}, un nombre entier de lots de {pack_size}.",
    "pack.whole": "{before} est un nombre entier de lots de {pack_size}.",
    "last_batch.kept": (
        "L’arrondi ajoute {surplus}, plus que les {expected_demand} attendus en vente, mais ce qui dépasse"
        " une commande de {smaller_order} ne reste inutilisé qu’avec une probabilité de {idle_probability},"
        " au plus {service_level}."
    ),
    "last_batch.left_out": (
        "Ramené de {before} à {after} : l’arrondi ajoute {surplus}, plus que les {expected_demand} attendus"
        " en vente, et ce qui dépasse resterait inutilisé avec une probabilité de {idle_probability},"
        " plus que {service_level}."
    ),
    "order_by.late": (
        "Il est déjà tard : la demande peut épuiser la position avant l’arrivée d’une commande."
    ),
    "order_by.last_day": (
        "Une commande passée le {date} arrive encore à temps ; un jour plus tard, peut-être pas."
    ),
    "order_by.beyond_horizon": "Il n’y a pas besoin de commander pendant les jours prévus.",
}
REASONS: Final = frozenset(_ENGLISH)
_CHANCES: Final = frozenset({"idle_probability", "service_level"})


def sentences(explanation: _Entry, locale: Locale = "en") -> list[str]:
    """Why a recommendation orders what it does and when, one sentence a step.

    Args:
        explanation: Of a ``Recommendation``, or the same read back from JSON.
        locale: The language.
    """
    if explanation["status"] != "ok":
        reason = cast("Mapping[str, Mapping[str, object]]", explanation["reason"])
        return [explain(str(reason["code"]), reason["data"], locale)]
    steps = cast("list[_Entry]", explanation["steps"])
    return [_sentence(entry, locale) for entry in (*steps, cast("_Entry", explanation["order_by"]))]


def _sentence(entry: _Entry, locale: Locale) -> str:
    texts = _FRENCH if locale == "fr" else _ENGLISH
    words = {name: _written(name, value, locale) for name, value in entry.items()}
    return texts[str(entry["reason"])].format_map(words)


def _written(name: str, value: object, locale: Locale) -> str:
    """A number as it is written in the language, a probability as a percentage."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    plain = f"{100 * float(value):.4g} %" if name in _CHANCES else f"{value:.15g}"
    return plain.replace(".", ",") if locale == "fr" else plain
