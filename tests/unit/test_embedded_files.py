"""The small files of the data folder: private, whole, and never without end."""

import stat
from pathlib import Path

import pytest

from inventoryai_server.embedded.credentials import credentials
from inventoryai_server.embedded.files import FileNotWritten, write_private
from inventoryai_server.embedded.folder import DataFolder, RunningSystem
from inventoryai_server.embedded.logfile import LogFiles


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    (tmp_path / "secrets.json.new").write_text("left by a crash")
    for content in (b"one", b"two"):
        write_private(file, content)
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["secrets.json"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match=r"secrets\.json"):
        write_private(tmp_path / "missing" / "secrets.json", b"")


def test_a_new_field_is_made_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text('{"secret_key": "kept"}')
    first, second = credentials(tmp_path), credentials(tmp_path)
    assert first.secret_key == "kept"
    assert first == second
    assert len({first.postgres, first.owner, first.login, first.valkey}) == 4


def test_S38_credentials_do_not_show_themselves(tmp_path: Path) -> None:
    found = credentials(tmp_path)
    system = RunningSystem(
        1, "http://127.0.0.1:8000", found.owner, found.login, found.valkey, found.secret_key
    )
    shown = repr(found) + repr(system)
    assert not any(secret in shown for secret in (found.secret_key, found.owner, found.login, found.valkey))
    assert set(system.environment().values()) == {found.secret_key, found.owner, found.login, found.valkey}


def test_a_note_without_a_lock_is_no_running_system(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data", None)
    assert folder.running() is None
    folder.prepare()
    folder.announce(RunningSystem(pid=1))
    assert folder.running() is None
    with folder.lock():
        assert folder.running() == RunningSystem(pid=0)
        folder.announce(RunningSystem(pid=1))
        assert folder.running() == RunningSystem(pid=1)
    assert folder.running() is None


def test_a_full_log_makes_room_once(tmp_path: Path) -> None:
    log = LogFiles(tmp_path, largest=10)
    for number in range(6):
        log("postgres", f"line {number}")
    assert (tmp_path / "postgres.log").read_text() == "line 4\nline 5\n"
    assert (tmp_path / "postgres.log.1").read_text() == "line 2\nline 3\n"
