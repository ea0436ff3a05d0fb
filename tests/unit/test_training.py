"""Training an engine in its process: what it says leaves through a folder, and what it learns is checked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from schooling import learning_installed

from inventoryai.domain.models import (
    EngineNotTrainable,
    ModelNotRestored,
    StateInvalid,
    StateTooLarge,
    TrainingFailed,
)
from inventoryai.forecasting import Frequency, Panel, Training
from inventoryai.forecasting.states import MOST_BYTES
from inventoryai.forecasting.training import Pupil, Word, _FolderTraining, checked, heard, kept, train_engine

PANEL = Panel.of([[1.0, 2.0, 3.0]] * 3, frequency=Frequency.DAY)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "site").mkdir()
    with learning_installed(tmp_path / "site"):
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def pupil(folder: Path, engine: str = "learner", checkpoint: bytes | None = None) -> Pupil:
    return Pupil(engine, {}, frozenset(), folder, checkpoint)


@pytest.mark.usefixtures("installed")
def test_what_is_said_last_is_heard_and_what_is_kept_last_is_there(folder: Path) -> None:
    assert heard(folder) == Word()
    state = train_engine(pupil(folder), PANEL, 0)
    assert heard(folder).done == 1.0
    assert kept(folder) == b'{"epoch": 4, "factor": 1.125}'
    assert train_engine(pupil(folder, checkpoint=b'{"epoch": 2, "factor": 1.5}'), PANEL, 0) == state


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("engine", "error"),
    [
        ("failing", TrainingFailed),
        ("forgetful", ModelNotRestored),
        ("naive", EngineNotTrainable),
        ("pickled", StateInvalid),
        ("wordy", StateInvalid),
    ],
)
def test_what_comes_to_nothing_says_why(folder: Path, engine: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        train_engine(pupil(folder, engine), PANEL, 0)


@pytest.fixture
def training(folder: Path) -> Training:
    return _FolderTraining(pupil(folder, checkpoint=b"[1]"))


def test_shares_do_not_fall_whatever_the_engine_says(folder: Path, training: Training) -> None:
    for said, heard_then in ((0.25, 0.25), (0.1, 0.25), (np.nan, 0.25), (0.5, 0.5), (7.0, 1.0)):
        training(said)
        assert heard(folder).done == heard_then


def test_each_checkpoint_takes_the_place_of_the_one_before(folder: Path, training: Training) -> None:
    assert training.checkpoint == b"[1]"
    seen = {heard(folder).kept}
    for content in (b"[2]", b"[3]"):
        training.keep(content)
        seen.add(heard(folder).kept)
        assert kept(folder) == content
    assert len(seen) == 3
    assert [path.name for path in folder.iterdir()] == ["checkpoint"]


REFUSED: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "text": (lambda: "{}", StateInvalid),
    "none": (lambda: None, StateInvalid),
    "pickle": (lambda: b"\x80\x04K\x01.", StateInvalid),
    "large": (lambda: b"[" + b" " * MOST_BYTES + b"]", StateTooLarge),
}


@pytest.mark.parametrize(("content", "error"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused(
    folder: Path, training: Training, content: Callable[[], bytes], error: type[Exception]
) -> None:
    with pytest.raises(error):
        training.keep(content())
    assert heard(folder) == Word()


def test_bytes_of_other_kinds_are_bytes() -> None:
    assert checked("mine", memoryview(bytearray(b"[1]"))) == b"[1]"


def test_what_an_engine_leaves_in_its_folder_by_itself_is_no_word(folder: Path) -> None:
    (folder / "done").write_text("soon")
    with (folder / "checkpoint").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    assert heard(folder) == Word()
