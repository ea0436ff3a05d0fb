"""One whole system for the tests that disturb it, each of which leaves it well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inside import Inside
from plugin_sites import install_plugin
from schooling import SOURCE as LEARNING
from servers import temporary_folder
from system import Person, running
from trade import two_months

BROKEN = {
    "broken_plugin.py": "raise RuntimeError('the glass was fragile')\n",
    "broken-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n",
    "broken-1.0.dist-info/entry_points.txt": "[inventoryai]\nfragile = broken_plugin\n",
}
"""A distribution as an installer leaves it, with a plugin that cannot be imported."""


ENDLESS = {
    "endless_plugin.py": """
import os, time
from pathlib import Path
from inventoryai.forecasting import CONTRACT_VERSION, EngineSpec, hookimpl

class Endless:
    def predict(self, panel, horizon, levels, seed):
        Path(__file__).with_suffix(".pid").write_text(str(os.getpid()))
        time.sleep(3600)

@hookimpl
def inventoryai_engines():
    return [EngineSpec("endless", "Endless", "Never answers.", lambda options: Endless(), CONTRACT_VERSION)]
""",
    "endless-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: endless\nVersion: 1.0\n",
    "endless-1.0.dist-info/entry_points.txt": "[inventoryai]\nendless = endless_plugin\n",
}
"""The same of a plugin whose engine never answers, and tells in which process it does not."""


@pytest.fixture(scope="session")
def broken_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a broken plugin, an endless one, and one whose engines learn are installed."""
    site = tmp_path_factory.mktemp("site-packages")
    for name, content in (BROKEN | ENDLESS).items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(content)
    return install_plugin(site, "learning", LEARNING.read_text("utf-8"))


@pytest.fixture(scope="session")
def inside(broken_plugin: Path) -> Iterator[Inside]:
    """A whole system that runs, with these plugins beside the good ones."""
    with pytest.MonkeyPatch.context() as patch, temporary_folder() as folder:
        patch.setenv("PYTHONPATH", str(broken_plugin))
        with running(folder) as system, Inside.of(system) as inside:
            yield inside


@pytest.fixture(scope="session")
def shop(inside: Inside) -> Person:
    """The owner of a shop with two months of sales of five products."""
    owner = Person.register(inside.system, "chaos@shop.example")
    owner.found("Boutique du Chaos", country="CM")
    owner.imported(two_months(5))
    return owner
