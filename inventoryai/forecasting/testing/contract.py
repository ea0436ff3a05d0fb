# ruff: noqa: S101 - asserting is what a conformance kit is for
"""All tests of the kit, as one class."""

from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from inventoryai.forecasting.announcing import check_spec
from inventoryai.forecasting.engine import Engine, TrainableEngine
from inventoryai.forecasting.testing.answering import Answering
from inventoryai.forecasting.testing.covariates import Covariates
from inventoryai.forecasting.testing.histories import ordinary_panel
from inventoryai.forecasting.testing.learning import Learning
from inventoryai.forecasting.testing.repeating import Repeating


class EngineContract(Answering, Repeating, Covariates, Learning):
    """What an engine promises. Subclass it, give a ``spec`` or an ``engine`` fixture, and run pytest.

    See ``EngineUnderTest`` for what else may be said of the engine.
    """

    def test_the_spec_is_complete(self, engine: Engine) -> None:
        """The host would take it, it can be shown to people, and is trainable exactly when it says so."""
        assert isinstance(engine, Engine)
        if self.spec is None:
            pytest.skip("no spec was given")
        check_spec(self.spec)
        assert self.spec.title
        assert self.spec.description
        assert self.spec.options.get("type") == "object"
        assert isinstance(engine, TrainableEngine) == self.spec.trainable

    def test_the_ends_of_every_option_can_be_used(self) -> None:
        """What the schema allows, ``load`` takes, and the engine forecasts with."""
        if self.spec is None:
            pytest.skip("no spec was given")
        panel = ordinary_panel().chunk(8, 10)
        for option, value in _ends(self.spec.options):
            self.ask(self.spec.load({option: value}), panel, 3)


def _ends(options: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Each option alone, with its default, its lowest, its highest, and each of its choices."""
    properties = cast("Mapping[str, Mapping[str, object]]", options.get("properties", {}))
    for option, rule in properties.items():
        choices = rule.get("enum", [True, False] if rule.get("type") == "boolean" else [])
        ends = [rule[end] for end in ("default", "minimum", "maximum") if end in rule]
        for value in [*ends, *cast("list[object]", choices)]:
            yield option, value
