"""One whole system for the tests that disturb it, each of which leaves it well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from inside import Inside
from servers import temporary_folder
from system import Person, running
from trade import two_months

BROKEN = {
    "broken_plugin.py": "raise RuntimeError('the glass was fragile')\n",
    "broken-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n",
    "broken-1.0.dist-info/entry_points.txt": "[inventoryai]\nfragile = broken_plugin\n",
}
"""A distribution as an installer leaves it, with a plugin that cannot be imported."""


@pytest.fixture(scope="session")
def broken_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a broken plugin is installed."""
    site = tmp_path_factory.mktemp("site-packages")
    for name, content in BROKEN.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(content)
    return site


@pytest.fixture(scope="session")
def inside(broken_plugin: Path) -> Iterator[Inside]:
    """A whole system that runs, with a broken plugin beside the good ones."""
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
