"""A plugin of strangers, built and installed where no other test finds it."""

from pathlib import Path

import pytest
from wheels import install, wheel

collect_ignore = ["kolanut"]
"""Its own tests are run where it is installed, by ``test_kit.py``."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where it is installed."""
    made = tmp_path_factory.mktemp("thirdparty")
    return install([wheel(Path(__file__).parent / "kolanut", made)], made / "site")
