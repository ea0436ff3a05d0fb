"""Folders with plugins in them, as an installer leaves them: a module and its metadata."""

from collections.abc import Collection
from importlib.metadata import distributions
from pathlib import Path

from inventoryai.forecasting import Discovery, discover

SPEC = """
from inventoryai.forecasting import CONTRACT_VERSION, EngineSpec, Prediction, hookimpl

class Zero:
    def predict(self, panel, horizon, levels, seed):
        import numpy
        return Prediction.certain(numpy.zeros((len(panel), horizon)), levels)

class Wordy:
    def predict(self, panel, horizon, levels, seed):
        return "no idea"

class Failing:
    def predict(self, panel, horizon, levels, seed):
        raise ZeroDivisionError("a very long story " * 100)

def broken(options):
    raise ImportError("no module named torch")

def spec(name, **more):
    ready = dict(title="T", description="D", load=lambda options: Zero(), contract_version=CONTRACT_VERSION)
    return EngineSpec(name=name, **(ready | more))
"""

GOOD = SPEC + "@hookimpl\ndef inventoryai_engines():\n    return [spec('zero')]\n"


def install_plugin(folder: Path, name: str, source: str, version: str = "1.0") -> Path:
    """Puts a distribution ``inventoryai-<name>`` with the plugin ``<name>`` there, and gives the folder."""
    module = f"{folder.name}_{name}_plugin".replace("-", "_")
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    info = folder / f"inventoryai_{name}-{version}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: inventoryai-{name}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[inventoryai]\n{name} = {module}\n", encoding="utf-8")
    return folder


class Site:
    """A folder of installed distributions, each a module of its own, that is looked at alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, source: str) -> None:
        install_plugin(self.folder, name, source, "1.5")

    def metadata(self, name: str, file: str) -> Path:
        """A file of what the installer wrote down of a plugin."""
        return self.folder / f"inventoryai_{name}-1.5.dist-info" / file

    def discover(self, disabled: Collection[str] = ()) -> Discovery:
        found = distributions(path=[str(self.folder)])
        points = [point for dist in found for point in dist.entry_points if point.group == "inventoryai"]
        return discover(disabled, points)
