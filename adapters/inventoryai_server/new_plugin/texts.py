"""The files of a new plugin that are written rather than copied."""

from collections.abc import Sequence
from string import Template
from typing import Final

from inventoryai_server.new_plugin.naming import PluginName

_PROJECT: Final = Template("""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "$distribution"
version = "0.1.0"
description = "Forecasting engines for InventoryAI"
readme = "README.md"
requires-python = ">=3.11"
license = "Apache-2.0"
dependencies = ["inventoryai>=$version", "numpy>=2"]

[project.optional-dependencies]
test = ["inventoryai[testing]>=$version"]

[project.entry-points.inventoryai]
$name = "$package"

[tool.hatch.build.targets.wheel]
packages = ["$package"]

[tool.pytest.ini_options]
testpaths = ["tests"]
""")

_README: Final = Template("""\
# $distribution

Forecasting engines for InventoryAI. It began as a copy of `inventoryai-naive` (Apache-2.0): replace its
engines with yours, one at a time, and keep the tests passing.

| file | holds |
|---|---|
| `$package/plugin.py` | what is announced: names, descriptions, option schemas, how to load |
| `$package/` | the engines |
| `tests/test_engines.py` | the conformance kit, one class an engine |

```sh
pip install --editable '.[test]'
pytest
INVENTORYAI_RANDOM_PANELS=2000 pytest   # before a release
inventoryai engines                     # where inventoryai-server is installed, too
```

Engines are called $engines: no two plugins may have an engine of the same name. None of them is tried by the
automatic plan until its `automatic` is true.
""")

_TEST: Final = Template('''\
"""The engines of this plugin keep the contract."""

from inventoryai.forecasting.testing import EngineContract

from $package import inventoryai_engines

SPECS = {spec.name: spec for spec in inventoryai_engines()}
$classes

def test_every_engine_is_tested() -> None:
    tested = {kind.spec.name for kind in EngineContract.__subclasses__() if kind.spec}
    assert tested >= set(SPECS)
''')

_CLASS: Final = Template("""

class Test$title(EngineContract):
    spec = SPECS["$engine"]
""")


def project(name: PluginName, version: str) -> str:
    """The ``pyproject.toml``, for the version of ``inventoryai`` that it is written for."""
    return _PROJECT.substitute(
        name=name.name, package=name.package, distribution=name.distribution, version=version
    )


def readme(name: PluginName, engines: Sequence[str]) -> str:
    """The ``README.md``."""
    listed = ", ".join(f"`{engine}`" for engine in engines)
    return _README.substitute(package=name.package, distribution=name.distribution, engines=listed)


def kit_test(name: PluginName, engines: Sequence[str]) -> str:
    """The test file: the conformance kit, for each of the engines."""
    classes = "".join(
        _CLASS.substitute(title=engine.title().replace("_", ""), engine=engine) for engine in engines
    )
    return _TEST.substitute(package=name.package, classes=classes)
