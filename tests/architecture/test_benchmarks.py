"""Benchmarks that look inside find what they look for."""

import inspect

import pytest
from benchmarks.scoring.stages import STAGES

PLACES = [(owner, name) for places in STAGES.values() for owner, name in places]


@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_what_is_timed_is_there(owner: object, name: str) -> None:
    assert callable(inspect.getattr_static(owner, name))
