"""Torch is installed where it can be used; a build for CUDA is not, where there is no GPU for it."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from subprocess import CompletedProcess

import pytest

from inventoryai_lstm import install_torch

CPU = ("torch", "filelock", "sympy", "networkx")
CUDA = (*CPU, "nvidia-cublas", "cuda-bindings", "triton")
ADDRESS = "https://torch.example.com/cpu"

Install = Callable[..., tuple[int, list[list[str]]]]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Runs the command where pip finds what it is told to, and gives the arguments that pip got."""

    def run(
        *arguments: str, found: Sequence[str], gpu: bool = False, code: int = 0, there: bool = False
    ) -> tuple[int, list[list[str]]]:
        asked: list[list[str]] = []

        def pip(command: list[str], **_: object) -> CompletedProcess[str]:
            assert command[:4] == [sys.executable, "-m", "pip", "install"]
            asked.append(command[6:])
            report = {"install": [{"metadata": {"name": name}} for name in found]}
            return CompletedProcess(command, code, stdout=json.dumps(report))

        spec = ModuleSpec("torch", None) if there else None
        monkeypatch.setattr(subprocess, "run", pip)
        monkeypatch.setattr(install_torch, "find_spec", lambda _name: spec)
        monkeypatch.setattr(install_torch, "has_gpu", lambda: gpu)
        return install_torch.main(arguments), asked

    return run


def test_a_build_without_cuda_is_installed(install: Install) -> None:
    code, asked = install("--constraint", "c.txt", found=CPU)

    assert code == 0
    assert asked[0] == ["--constraint", "c.txt", "--dry-run", "--report", "-", "torch>=2.6"]
    assert asked[1:] == [["--constraint", "c.txt", "torch>=2.6"]]


def test_a_build_for_cuda_is_not_installed_without_a_gpu(
    install: Install, capsys: pytest.CaptureFixture[str]
) -> None:
    code, asked = install(found=CUDA)

    assert code == 0
    assert [command for command in asked if "--dry-run" not in command] == []
    assert "TORCH_INDEX=" in capsys.readouterr().err


def test_a_build_for_cuda_is_installed_where_there_is_a_gpu(install: Install) -> None:
    assert install(found=CUDA, gpu=True) == (0, [["torch>=2.6"]])


def test_the_index_that_is_given_has_torch_alone(install: Install) -> None:
    code, asked = install("--index-url", ADDRESS, found=CUDA)

    assert code == 0
    assert asked == [["--no-deps", "--index-url", ADDRESS, "torch>=2.6"], ["torch>=2.6"]]


def test_an_empty_index_is_none(install: Install) -> None:
    assert install("--index-url", "", found=CPU)[1] == install(found=CPU)[1]


def test_nothing_is_done_where_torch_is(install: Install) -> None:
    assert install(found=CUDA, there=True) == (0, [])


def test_what_pip_refuses_stops_the_installation(install: Install) -> None:
    assert install("--index-url", ADDRESS, found=CPU, code=1)[0] == 1
    with pytest.raises(SystemExit):
        install(found=CPU, code=1)
