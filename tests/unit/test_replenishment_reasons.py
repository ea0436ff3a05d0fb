"""Reasons as sentences, in both languages, for every code an explanation may hold."""

import json
from decimal import Decimal

import pytest
from replenishing import Scenario, Shelf, straight

from inventoryai.domain.order_reasons import REASONS, sentences

STEADY = Scenario(straight([0.5, 0.95], [10, 15], mean=10))
SLOW = Scenario(straight([0.5, 0.95], [0.1, 0.2], mean=0.1))
SCENARIOS = [
    STEADY,
    STEADY.having(moq=Decimal(50)),
    STEADY.having(moq=Decimal(250), pack_size=Decimal("0.75")),
    STEADY.holding(on_hand=Decimal(500)),
    STEADY.holding(on_hand=Decimal(150)).having(pack_size=Decimal(7)),
    SLOW.having(pack_size=Decimal(5)),
    SLOW.holding(on_hand=Decimal(2)).having(pack_size=Decimal(5)),
]


def reasons(scenario: Scenario) -> set[str]:
    explanation = json.loads(json.dumps(scenario.recommendation().explanation))
    return {entry["reason"] for entry in (*explanation["steps"], explanation["order_by"])}


def test_every_reason_occurs_and_has_words() -> None:
    assert set().union(*map(reasons, SCENARIOS)) == REASONS
    for scenario in SCENARIOS:
        explanation = scenario.recommendation().explanation
        english, french = sentences(explanation), sentences(explanation, "fr")
        assert len(english) == len(french) == len(json.loads(json.dumps(explanation))["steps"]) + 1
        assert not any("{" in sentence for sentence in (*english, *french))


def test_numbers_are_written_as_the_language_does() -> None:
    explanation = STEADY.having(pack_size=Decimal("0.75"), moq=Decimal("250.5")).recommendation().explanation
    assert sentences(explanation)[0] == "Raised from 210 to the smallest order the supplier takes, 250.5."
    assert sentences(explanation, "fr")[0] == (
        "Porté de 210 à la plus petite commande que le fournisseur accepte, 250,5."
    )


def test_what_is_left_out_says_with_what_probability() -> None:
    (*_, left_out, _) = sentences(
        SLOW.holding(on_hand=Decimal(2)).having(pack_size=Decimal(5)).recommendation().explanation
    )
    assert left_out.startswith(
        "Lowered from 5 to 0: rounding up adds 4.2, more than the 1.4 expected to sell"
    )
    assert left_out.endswith("more than 95 %.")


@pytest.mark.parametrize(("locale", "words"), [("en", "no forecast of"), ("fr", "pas de prévision")])
def test_an_unknown_demand_says_why(locale: str, words: str) -> None:
    unknown = Scenario(straight([0.5, 0.95], [10, float("nan")], mean=10), Shelf()).recommendation()
    (sentence,) = sentences(unknown.explanation, "fr" if locale == "fr" else "en")
    assert words in sentence
