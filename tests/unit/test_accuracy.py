"""How engines did on many products: who leads, and sums that parts can be added to."""

from dataclasses import fields

import numpy as np
import pytest

from inventoryai.forecasting.accuracy import added, chosen, leaders, marks_at, tallies
from inventoryai.forecasting.evaluation import Trial
from inventoryai.forecasting.measures import Scores

NAN = np.nan


def trial(engine: str, spl: list[float], weight: list[float] | None = None) -> Trial:
    scores = Scores(**{one.name: np.array(spl, dtype=np.float64) for one in fields(Scores)})
    return Trial(engine, scores, np.array(weight or [1.0] * len(spl)))


def test_the_lowest_loss_leads_and_the_combination_leads_nobody() -> None:
    trials = [trial("a", [1.0, 3.0, NAN, NAN]), trial("b", [2.0, 1.0, 5.0, NAN]), trial("auto", [0.0] * 4)]
    assert leaders(trials).tolist() == [0, 1, 1, -1]
    assert [one.leads for one in tallies(trials)] == [1, 2, 0]


def test_of_equals_the_first_leads() -> None:
    assert leaders([trial("a", [1.0]), trial("b", [1.0])]).tolist() == [0]


def test_without_trials_nobody_leads() -> None:
    assert leaders([]).tolist() == []
    assert tallies([]) == []


@pytest.mark.parametrize(("engines", "place"), [(["a"], 0), (["a", "b", "auto"], 2)])
def test_what_is_kept_is_the_combination_or_the_only_engine(engines: list[str], place: int) -> None:
    assert chosen([trial(engine, [1.0]) for engine in engines]) == place


def test_tallies_of_parts_are_added_engine_by_engine() -> None:
    parts = [
        *tallies([trial("auto", [0.5, 0.5]), trial("a", [1.0, 2.0], [0.25, 0.75])]),
        *tallies([trial("a", [6.0, NAN], [0.5, 0.0]), trial("b", [9.0, 9.0], [0.5, 1.0])]),
    ]
    a, b, auto = added(parts)
    assert [one.engine for one in (a, b, auto)] == ["a", "b", "auto"]
    assert (a.weighed, a.mean_weight, a.summary.products, a.summary.spl) == (4, 0.375, 3, 3.0)
    assert (a.leads, b.leads) == (3, 1)


def test_a_mark_that_is_not_there_is_none() -> None:
    scores = trial("a", [NAN, 0.5]).scores
    assert set(marks_at(scores, 0).values()) == {None}
    assert marks_at(scores, 1)["tpl"] == 0.5
