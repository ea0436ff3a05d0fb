"""Torch, in a build that this machine can use: ``python -m inventoryai_lstm.install_torch``.

What pip finds for Linux is, unless it is set up otherwise, the build for CUDA: several gigabytes that are of
no use without an NVIDIA GPU. So pip is first asked what it would install, and tells it without
downloading it.
"""

import json
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

REQUIREMENT: Final = "torch>=2.6"
_CUDA: Final = ("nvidia-", "cuda-")
"""How the distributions begin that only a build for CUDA needs."""
_DRIVERS: Final = ("/dev/nvidiactl", "/dev/dxg")
"""What there is where an NVIDIA driver is: on Linux, and on Linux inside Windows."""
_LEFT_OUT: Final = """\
torch is left out, and the engine lstm with it: pip would install its build for CUDA, several gigabytes, and
there is no NVIDIA GPU. For the CPU build, take the index that PyTorch's install page shows for compute
platform CPU: make install TORCH_INDEX=ADDRESS, or
python -m inventoryai_lstm.install_torch --index-url ADDRESS"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Install torch, or say why not; 0 in both cases, and what pip says when it fails."""
    wanted = _parsed(arguments)
    if find_spec("torch") is not None:
        return 0
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pinned = (*pip, *(("--constraint", wanted.constraint) if wanted.constraint else ()))
    if wanted.index_url:
        # The index has torch itself; what torch needs comes from where everything comes from.
        alone = subprocess.run(  # noqa: S603 - our own pip, and a requirement that stands here
            [*pinned, "--no-deps", "--index-url", wanted.index_url, REQUIREMENT], check=False
        )
        if alone.returncode:
            return alone.returncode
    elif not has_gpu() and needs_cuda(would_be_installed(pinned)):
        print(_LEFT_OUT, file=sys.stderr)  # noqa: T201 - it is a command
        return 0
    return subprocess.run([*pinned, REQUIREMENT], check=False).returncode  # noqa: S603 - as above


def would_be_installed(pip: Sequence[str]) -> list[str]:
    """The names of what pip would install for torch.

    Raises:
        SystemExit: pip fails; it has said why.
    """
    asked = subprocess.run(  # noqa: S603 - as above
        [*pip, "--dry-run", "--report", "-", REQUIREMENT], check=False, stdout=subprocess.PIPE
    )
    if asked.returncode:
        raise SystemExit(asked.returncode)
    return [one["metadata"]["name"] for one in json.loads(asked.stdout)["install"]]


def needs_cuda(names: Collection[str]) -> bool:
    """Whether a build for CUDA is among these distributions, by what comes with it."""
    return any(name.lower().replace("_", "-").startswith(_CUDA) for name in names)


def has_gpu() -> bool:
    """Whether there is an NVIDIA GPU, as far as its driver shows."""
    return shutil.which("nvidia-smi") is not None or any(Path(driver).exists() for driver in _DRIVERS)


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser("python -m inventoryai_lstm.install_torch", description=__doc__)
    parser.add_argument("--index-url", metavar="URL", help="where to take torch from, and torch alone")
    parser.add_argument("--constraint", metavar="FILE", help="the versions that are allowed, as for pip")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
