"""The benchmark of engines: the windows it cuts, the reference it keeps, and how it compares."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.scoring import fits, reference, report
from benchmarks.scoring.marking import Marks, summary_of
from benchmarks.scoring.windows import DEMAND, IN_STOCK, SETS, DemandSet, windows_of

from inventoryai.domain.forecasts import DEFAULT_LEVELS
from inventoryai.forecasting import Frequency, Prediction

ALL = [*SETS, IN_STOCK]


def write(folder: Path, name: str, header: str, rows: list[str]) -> None:
    with gzip.open(folder / f"{name}.csv.gz", "wt") as file:
        file.write("\n".join([header, *rows]))


def monthly(folder: Path) -> DemandSet:
    """Twelve series of 20 months, series s in month m selling 100 s + m, and one too short."""
    months = [f"{2020 + month // 12}-{month % 12 + 1:02}-01" for month in range(20)]
    rows = [f"s{one:02},{day},{100 * one + at}" for one in range(12) for at, day in enumerate(months)]
    write(folder, "made_up", "unique_id,ds,y", [*rows, f"short,{months[-1]},1"])
    return DemandSet("made_up", 1, 3, 2, 5, Frequency.MONTH, last=18)


def test_the_same_series_are_drawn_every_time(tmp_path: Path) -> None:
    windows = windows_of(monthly(tmp_path), tmp_path)
    again = windows_of(monthly(tmp_path), tmp_path)
    assert [len(window.panel) for window in windows] == [5, 5, 5]
    assert windows[0].panel.values.tolist() == again[0].panel.values.tolist()


def test_windows_end_at_the_last_period_and_begin_a_step_apart(tmp_path: Path) -> None:
    windows = windows_of(monthly(tmp_path), tmp_path)
    assert [(window.actual % 100)[0].tolist() for window in windows] == [
        [13, 14, 15],
        [15, 16, 17],
        [17, 18, 19],
    ]
    assert [window.panel.history(0)[-1] % 100 for window in windows] == [12, 14, 16]
    assert [window.panel.lengths[0] for window in windows] == [11, 13, 15]
    assert windows[-1].panel.end == Frequency.MONTH.of_day(int(np.datetime64("2021-06-01").astype(int)))


def test_days_without_stock_are_not_judged_and_mostly_sold_out_ones_not_learnt(tmp_path: Path) -> None:
    days = np.datetime64("2024-01-01") + np.arange(90)
    hours = np.where(np.arange(90) % 30 == 29, 20, np.where(np.arange(90) % 30 == 28, 3, 0))
    rows = [f"a,{day},{at},{out}" for at, (day, out) in enumerate(zip(days, hours, strict=True))]
    write(tmp_path, "freshretail_daily", "unique_id,ds,y,stockout_hours", rows)
    last = windows_of(IN_STOCK, tmp_path)[-1]
    assert np.flatnonzero(np.isnan(last.panel.values)).tolist() == [29, 59]
    assert np.flatnonzero(np.isnan(last.actual[0])).tolist() == [12, 13]
    told = windows_of(replace(IN_STOCK, in_stock=False), tmp_path)[-1]
    assert not np.isnan(told.panel.values).any()


def test_the_kept_reference_has_every_model_on_every_set() -> None:
    board = reference.read()
    assert set(board) == {(model, one.name) for model in reference.MODELS for one in ALL}
    assert board["AutoETS", "pasta_daily"].measure("spl") == pytest.approx(0.405, abs=0.001)


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reference.read()
    monkeypatch.setattr(reference, "TABLE", tmp_path / "reference.csv")
    reference.write(before)
    assert reference.read() == before


def test_half_the_loss_of_the_reference_is_a_ratio_of_one_half() -> None:
    board = reference.read()
    first = {key: marks for key, marks in board.items() if key[0] == reference.FIRST}
    same = {("copy", one): marks for (_, one), marks in first.items()}
    assert report.relative(first | same, "copy", "spl", DEMAND) == pytest.approx(1.0)
    assert np.isnan(report.relative(first, "copy", "spl", DEMAND))


def test_a_coverage_pooled_counts_every_judged_period_once(tmp_path: Path) -> None:
    demand = monthly(tmp_path)
    windows = windows_of(demand, tmp_path)
    sure = [Prediction.certain(window.actual, DEFAULT_LEVELS) for window in windows]
    marks = Marks(summary_of(demand, windows, sure))
    board = {("sure", one): marks for one in DEMAND}
    assert report.pooled(board, "sure", "below_95") == pytest.approx(1.0)
    assert marks.measure("spl") == 0


def test_the_kept_fits_are_those_of_the_samples() -> None:
    kept = fits.read()
    daily = [one for one in kept if one.set.endswith("_daily")]
    assert len([one for one in daily if one.chosen]) == len(daily) == fits.MIXED
    assert len([one for one in kept if one.chosen]) == 2 * fits.MIXED
    for form in fits.SAMPLES[0].forms:
        assert len([one for one in kept if one.form == form and one.set.endswith("_monthly")]) >= fits.ASKED


def test_fits_that_are_written_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fits.read()
    monkeypatch.setattr(fits, "TABLE", tmp_path / "fits.csv")
    fits.write(before)
    assert fits.read() == before


def test_fits_are_of_all_sets_in_turn_and_of_no_product_that_hardly_sells(tmp_path: Path) -> None:
    sample = fits.SAMPLES[0]
    for one in sample.sets:
        rows = [f"s{at},2020-{month:02}-01,{month}" for at in range(3) for month in range(1, 13)]
        rare = [f"rare,2020-{month:02}-01,{int(month < fits.LEAST_SALES)}" for month in range(1, 13)]
        write(tmp_path, one.name, "unique_id,ds,y", [*rare, *rows])
    found = fits.histories(sample, tmp_path)
    assert [name for name, _ in found] == [one.name for one in sample.sets] * 3
    assert {key for _, key in found} == {"s0", "s1", "s2"}
    assert list(fits.histories(sample, tmp_path)) == list(found)


def test_our_squared_errors_are_in_units_of_demand() -> None:
    """Around a level of 150 that is best kept, demand that swings by 50 misses by 50 each time."""
    swinging = {("made_up", "swinging"): np.tile([100.0, 200.0], 24)}
    theirs = [
        fits.Fit("made_up", "swinging", "ANN", mse, chosen=False) for mse in (50.0**2, 2 * 50.0**2, 40.0**2)
    ]
    found = fits.ratios(theirs, fits.SAMPLES[0], swinging)
    assert found == pytest.approx([1, 0.5, 1.5625], rel=0.02)
    assert report.near_share(found) == pytest.approx(2 / 3)
