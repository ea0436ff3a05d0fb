"""What the documentation of replenishment says is what happens."""

import doctest
from pathlib import Path

import numpy as np
import pytest
from replenishing import Scenario, Shelf, straight

from inventoryai.domain import demand, planning, replenishment, supply_terms
from inventoryai.domain.errors import every_problem
from inventoryai.domain.lead_times import LeadTimes

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "replenishment.md", DOCS / "fr" / "replenishment.md"]
MODULES = {module.__name__ for module in (demand, planning, replenishment, supply_terms)}


def test_the_worked_example_gives_what_it_shows() -> None:
    page = PAGES[0].read_text(encoding="utf-8").replace("```", "")
    example = doctest.DocTestParser().get_doctest(page, {}, PAGES[0].name, str(PAGES[0]), 0)
    assert len(example.examples) > 10
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example)
    assert results.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=["en", "fr"])
def test_every_error_and_every_field_is_documented(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    codes = {problem.code for problem in every_problem() if problem.__module__ in MODULES}
    assert "plan.horizon_too_short" in codes
    fields = {"order_quantity", "order_by", "reorder_point", "safety_stock", "order_up_to", "on_hand"}
    fields |= {"on_order", "days_of_cover", "stockout_risk", "cost", "explanation"}
    assert not [name for name in codes | fields if f"`{name}`" not in text]


def test_every_part_of_an_explanation_is_documented() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    explanation = Scenario(straight([0.5, 0.95], [10, 15], mean=10), Shelf()).recommendation().explanation
    told_elsewhere = {"version", "status", "order_quantity", "protection"}
    assert not [name for name in explanation.keys() - told_elsewhere if name not in text]


def test_an_uncertain_lead_time_reaches_as_far_as_the_page_says() -> None:
    assert LeadTimes.of(np.array([7.0]), np.array([3.0])).longest() == 21
