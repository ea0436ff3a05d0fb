"""The shipped weights can be made again, from where a stop left them, and have not seen what judges them."""

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from inventoryai.forecasting import Frequency

pytest.importorskip("torch", reason="torch is not installed: see the README of the plugin")
pytest.importorskip("pandas", reason="real sales are read with pandas")

import pandas as pd

from inventoryai_lstm import pretrain, weights
from inventoryai_lstm.pretraining.real import SETS, packed, read, sources
from inventoryai_lstm.pretraining.recipe import Recipe
from inventoryai_lstm.pretraining.schooling import LOG, PLOT, Schooling
from inventoryai_lstm.pretraining.synthetic import synthetic

QUICK = Recipe(steps=4, batch=16)


def taught(folder: Path, recipe: Recipe = QUICK) -> bytes:
    schooling = Schooling.begun(recipe, folder)
    schooling.teach({frequency: [] for frequency in Frequency})
    return schooling.result()


class Stopped(Exception):
    """Somebody pulled the plug."""


def test_the_same_seed_gives_the_same_bytes_also_after_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taught(tmp_path / "whole")
    lesson = Recipe.sample

    def unplugged(recipe: Recipe, step: int, sources: object) -> object:
        if step == 3:
            raise Stopped
        return lesson(recipe, step, sources)  # type: ignore[arg-type]

    monkeypatch.setattr(Recipe, "sample", unplugged)
    schooling = Schooling.begun(QUICK, tmp_path / "stopped")
    schooling.kept_every = 2
    with pytest.raises(Stopped):
        schooling.teach({frequency: [] for frequency in Frequency})
    monkeypatch.undo()

    going_on = Schooling.begun(QUICK, tmp_path / "stopped")
    assert going_on.learner.steps == 2
    assert taught(tmp_path / "stopped") == whole
    assert taught(tmp_path / "other", Recipe(steps=4, batch=16, seed=1)) != whole


def test_a_checkpoint_of_another_recipe_is_left_alone(tmp_path: Path) -> None:
    taught(tmp_path)
    with pytest.raises(ValueError, match="another recipe"):
        Schooling.begun(Recipe(steps=5, batch=16), tmp_path)


def test_losses_are_logged_and_drawn(tmp_path: Path) -> None:
    taught(tmp_path)
    lines = (tmp_path / LOG).read_text().splitlines()
    assert lines[0] == "step,frequency,loss"
    assert [int(line.split(",")[0]) for line in lines[1:]] == [0, 1, 2, 3]
    drawn = ET.fromstring((tmp_path / PLOT).read_text())  # noqa: S314 - our own drawing
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3


def test_the_command_writes_weights_that_the_engine_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made.safetensors"
    arguments = ["--data", str(tmp_path), "--folder", str(tmp_path), "--steps", "1", "--out", str(out)]
    assert pretrain.main(arguments) == 0
    weights.restored(weights.unpacked(out.read_bytes())[0])
    assert "1/1" in capsys.readouterr().out
    assert pretrain.main([*arguments[:-3], "2", "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert "another recipe" in told
    assert "no real sales" in told


@pytest.mark.parametrize("steps", ["0", "-5", "many"])
def test_no_steps_are_no_schooling(steps: str) -> None:
    with pytest.raises(SystemExit) as end:
        pretrain.main(["--steps", steps])
    assert end.value.code == 2


def a_set(folder: Path, name: str, days: int) -> None:
    """A set whose demand on each day is the number of that day."""
    dates = pd.date_range("2024-01-01", periods=days)
    rows = [pd.DataFrame({"unique_id": one, "ds": dates, "y": np.arange(days, dtype=float)}) for one in "ab"]
    pd.concat(rows).to_csv(folder / f"{name}.csv.gz", index=False)


def test_the_last_windows_are_not_learnt_from(tmp_path: Path) -> None:
    for name, one in SETS.items():
        a_set(tmp_path, name, 500)
        series = read(tmp_path / f"{name}.csv.gz", one.held_out)
        assert np.nanmax(series.demand) == 500 - one.held_out - 1
    found = sources(tmp_path)
    assert [len(found[frequency]) for frequency in Frequency] == [3, 4, 6]
    assert len(sources(tmp_path, "pasta_daily")[Frequency.DAY]) == 2


def test_packed_days_add_up_and_only_whole_weeks_keep_their_calendar(tmp_path: Path) -> None:
    a_set(tmp_path, "pasta_daily", 100)
    daily = read(tmp_path / "pasta_daily.csv.gz", 0)
    weeks = packed(daily, 7, Frequency.WEEK)
    assert weeks.demand[0, -1] == sum(range(93, 100))
    assert weeks.honest
    assert not packed(daily, 5, Frequency.WEEK).honest


@pytest.mark.parametrize("frequency", list(Frequency))
def test_made_up_demand_is_demand(frequency: Frequency) -> None:
    one, again = (synthetic(np.random.default_rng(7), 300, frequency, 12, 100) for _ in range(2))
    np.testing.assert_array_equal(one.actual, again.actual)
    demand = one.histories.demand
    assert np.nanmin(demand) >= 0
    assert np.isfinite(demand).any(axis=1).all()
    rare = (demand == 0).sum(axis=1) / np.isfinite(demand).sum(axis=1)
    assert (rare > 0.5).mean() > 0.15
    assert (rare < 0.1).mean() > 0.15
    assert np.isnan(demand[:, -20:]).any(axis=1).mean() > 0.05
