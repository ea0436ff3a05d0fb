"""The files of a command: refused before the work when they cannot be, and never half written."""

import os
import stat
from pathlib import Path

import pytest

from inventoryai_server.offline.files import (
    FileIsFolder,
    FileIsPipe,
    FileNotReadable,
    FileNotThere,
    OutputFormatUnknown,
    OutputIsInput,
    OutputNotWritable,
    check_input,
    check_output,
    is_standard_output,
    replacing,
)

CSV = {".csv"}
not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text("date,sku,quantity\n")
    return path


def test_what_cannot_be_read_is_refused(sales: Path, tmp_path: Path) -> None:
    check_input(sales)
    with pytest.raises(FileNotThere, match="nowhere"):
        check_input(tmp_path / "nowhere.csv")
    with pytest.raises(FileIsFolder):
        check_input(tmp_path)
    with pytest.raises(FileIsPipe):
        check_input(Path(os.devnull))


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(FileNotReadable, match="too long"):
        check_input(Path("x" * 5000))
    with pytest.raises(OutputNotWritable, match="too long"):
        check_output(Path("x" * 5000), [], CSV)


@not_root
def test_what_may_not_be_read_is_refused(sales: Path) -> None:
    sales.chmod(0)
    with pytest.raises(FileNotReadable):
        check_input(sales)


def test_what_cannot_be_written_is_refused(sales: Path, tmp_path: Path) -> None:
    check_output(tmp_path / "new.csv", [sales], CSV)
    with pytest.raises(OutputNotWritable, match="No such file or directory"):
        check_output(tmp_path / "nowhere" / "new.csv", [sales], CSV)
    with pytest.raises(FileIsFolder):
        check_output(tmp_path, [sales], CSV)


@not_root
def test_a_folder_that_may_not_be_written_is_refused(sales: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputNotWritable):
        check_output(tmp_path / "new.csv", [sales], CSV)


def test_the_input_is_not_replaced_by_any_name(sales: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(sales)
    for name in (sales, link):
        with pytest.raises(OutputIsInput):
            check_output(name, [sales], CSV)


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.ods", "plan.csv.gz", "plan.JSON"])
def test_a_name_that_promises_what_is_not_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputFormatUnknown, match=r"\.csv"):
        check_output(tmp_path / name, [], CSV)


@pytest.mark.parametrize("name", ["plan.csv", "plan.txt", "plan", "plan.2026"])
def test_any_other_name_is_fine(tmp_path: Path, name: str) -> None:
    check_output(tmp_path / name, [], CSV)


def test_a_file_is_replaced_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(path) as file:
        file.write("né")
        assert path.read_text() == "old"
    assert path.read_bytes() == "né".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["plan.csv"]


def stop_halfway(path: Path, end: type[BaseException]) -> None:
    with replacing(path) as file:
        file.write("half")
        raise end


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
def test_a_file_that_is_not_finished_leaves_nothing(tmp_path: Path, end: type[BaseException]) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("old")
    with pytest.raises(end):
        stop_halfway(path, end)
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["plan.csv"]


def test_what_a_link_leads_to_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with replacing(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(OutputNotWritable, match="No space left"), replacing(Path("/dev/full")) as file:
        file.write("x" * 100_000)


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    assert is_standard_output(Path("-"))
    assert not is_standard_output(tmp_path / "plan.csv")
    check_output(Path("-"), [], CSV)
