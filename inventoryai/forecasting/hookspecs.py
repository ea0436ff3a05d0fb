"""The one hook that a plugin implements.

In the module that the plugin's entry point (group ``inventoryai``) names::

    from inventoryai.forecasting import EngineSpec, hookimpl

    @hookimpl
    def inventoryai_engines() -> list[EngineSpec]:
        return [EngineSpec(name="mine", ...)]
"""

from collections.abc import Iterable
from typing import Final

import pluggy

from inventoryai.forecasting.engine import EngineSpec

PROJECT: Final = "inventoryai"
"""The name of the entry-point group, and of the project in pluggy's books."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def inventoryai_engines() -> Iterable[EngineSpec]:  # type: ignore[empty-body] # a specification has no body
    """The engines that the plugin brings.

    Called at least once in every process that runs engines, so it imports and computes nothing: an
    ``EngineSpec`` says what there is, and its ``load`` does the work. Hooks that this project does not
    know are refused rather than ignored, as a misspelt one would be.
    """
