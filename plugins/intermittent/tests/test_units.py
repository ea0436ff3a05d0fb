"""What demand is counted in."""

import numpy as np
import pytest

from inventoryai_intermittent.windows import units

MANY = np.random.default_rng(5).integers(0, 9, 60).astype(float)
FEW = np.array([0.0, 6.0, 0.0, 12.0])


def unit(*demand: float) -> tuple[float, bool]:
    found, whole = units(np.array(demand)[:, None])
    return float(found[0]), bool(whole[0])


def test_pieces_are_counted_in_pieces() -> None:
    assert unit(*MANY) == (1.0, True)


def test_packs_are_counted_in_packs_once_there_are_enough_of_them() -> None:
    assert unit(*(6 * MANY)) == (6.0, True)
    assert unit(*FEW) == (1.0, True)


@pytest.mark.parametrize("step", [0.1, 0.25, 1e-6, 1e9])
def test_steps_of_any_size_are_found(step: float) -> None:
    found, whole = unit(*(step * (MANY + 2)))
    assert found == pytest.approx(step)
    assert whole


def test_weights_have_no_unit() -> None:
    demand = np.random.default_rng(6).gamma(2.0, 1.0, 60)
    found, whole = unit(*demand)
    assert not whole
    assert found < demand.mean() / 100


def test_nothing_sold_is_counted_in_pieces() -> None:
    assert unit(0.0, 0.0) == (1.0, True)


def test_numbers_too_far_apart_to_be_multiples_have_no_unit() -> None:
    assert not unit(1.0, 1e-82)[1]
