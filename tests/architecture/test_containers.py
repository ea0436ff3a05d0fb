"""The containers start what there is: stages, commands, settings and secrets that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from inventoryai_server.cli import app
from inventoryai_server.variables import VARIABLES

ROOT = Path(__file__).parents[2]
OURS = {"migrate", "api", "worker", "schedule"}
THEIRS = {"postgres", "valkey"}
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "LOGIN_PASSWORD", "VALKEY_PASSWORD"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(text("docker-compose.yml"))["services"]
    return found


def stages() -> dict[str, str]:
    """Each stage of the Dockerfile, with its lines."""
    parts = re.split(r"^FROM (\S+) AS (\S+)\n", text("Dockerfile"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[1::3], parts[2::3], strict=True))


def commands() -> set[str]:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return set(group.commands)


def test_everything_that_is_needed_runs() -> None:
    assert set(services()) == OURS | THEIRS


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_is_built_from_a_stage_and_runs_a_command(name: str) -> None:
    service = services()[name]
    stage = stages()[service["build"]["target"]]
    default = re.search(r'^CMD \["(\w+)"', stage, flags=re.MULTILINE)

    assert default is not None
    command = service.get("command", [default.group(1)])[0]
    assert command == ("serve" if name == "api" else name)
    assert command in commands()


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_is_told_settings_that_there_are(name: str) -> None:
    assert set(services()[name]["environment"]) <= {one.name for one in VARIABLES}


def test_the_owner_of_the_tables_is_known_to_the_migrations_alone() -> None:
    for name in OURS - {"migrate"}:
        assert "inventoryai_owner" not in str(services()[name])
        assert "POSTGRES_PASSWORD" not in str(services()[name])


def test_no_secret_has_a_default() -> None:
    used = re.findall(r"(?<!\$)\$\{(\w+)(:?[-?])?", text("docker-compose.yml"))

    assert {name for name, how in used if how == ":?"} == SECRETS
    assert {name for name, how in used if how != ":?"} & SECRETS == set()
    assert all(how in (":?", ":-") for _, how in used)


def test_what_compose_asks_for_stands_in_the_example_of_env() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text("docker-compose.yml")))

    assert used <= set(re.findall(r"^# (\w+)=", text(".env.example"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", sorted(OURS | THEIRS))
def test_a_service_waits_for_services_that_say_when_they_are_ready(name: str) -> None:
    for other, how in services()[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert services()[other]["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert services()[other]["restart"] == "no"


def test_received_files_are_shared_by_the_api_and_the_workers() -> None:
    named = yaml.safe_load(text("docker-compose.yml"))["volumes"]

    assert "files" in named
    assert "files:/data" in services()["api"]["volumes"]
    assert "files:/data" in services()["worker"]["volumes"]
    assert "INVENTORYAI_DATA=/data" in stages()["runtime"]
    assert "VOLUME" not in text("Dockerfile")


def test_the_image_of_the_api_has_no_plugins() -> None:
    for name in ("build", "build-api", "runtime", "api"):
        assert "plugins" not in stages()[name]
        assert "wheels" not in stages()[name]
    assert "--from=build-api" in stages()["api"]
    assert "--from=build-worker" in stages()["worker"]


def test_the_image_of_the_worker_has_every_plugin_without_being_told_its_name() -> None:
    folders = list((ROOT / "plugins").glob("[!._]*/"))

    assert all((folder / "pyproject.toml").is_file() for folder in folders)
    assert "./plugins/*/" in stages()["build-plugins"]
    assert not [folder.name for folder in folders if f"plugins/{folder.name}" in text("Dockerfile")]
    assert "--from=build-plugins /wheels" in stages()["build-worker"]


def test_an_image_that_would_lack_an_engine_is_not_made() -> None:
    assert "inventoryai engines --json" in stages()["build-worker"]
    assert "['rejected']" in stages()["build-worker"]


def test_the_image_of_the_worker_takes_torch_from_where_it_is_told_and_else_never_cuda_s() -> None:
    """The command that installs it is tested by the plugin."""
    args = {name: service["build"].get("args", {}) for name, service in services().items() if name in OURS}
    stage = stages()["build-worker"]

    assert args == {name: {} for name in OURS} | {"worker": {"TORCH_INDEX_URL": "${TORCH_INDEX_URL:-}"}}
    assert "ARG TORCH_INDEX_URL=\n" in stage
    assert "-m inventoryai_lstm.install_torch" in stage
    assert '--index-url "$TORCH_INDEX_URL"' in stage
    assert "pip install torch" not in text("Dockerfile")


def test_the_compiler_stays_behind() -> None:
    installing = {name for name, lines in stages().items() if "apt-get" in lines or "gcc" in lines}

    assert installing == {"build-plugins"}
    for name in ("worker", "api"):
        assert re.findall(r"^COPY (.+)$", stages()[name], flags=re.MULTILINE) == [
            f"--from=build-{name} /venv /venv"
        ]


def test_the_queue_lets_go_of_root() -> None:
    assert "exec docker-entrypoint.sh valkey-server" in services()["valkey"]["command"][-1]


def test_images_are_built_from_what_is_there_and_run_as_nobody_in_particular() -> None:
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", text("Dockerfile"), flags=re.MULTILINE)
        for source in line.split()[:-1]
    ]
    let_in = {line.strip("!/") for line in text(".dockerignore").splitlines() if line.startswith("!")}

    assert {source.strip("./") for source in copied} == let_in
    assert all((ROOT / source).exists() for source in copied)
    assert "USER inventoryai" in stages()["runtime"]
