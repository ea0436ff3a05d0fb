"""The template's source under another name."""

import io
import re
import tokenize
from collections.abc import Mapping
from typing import Final

from inventoryai.forecasting import CONTRACT_VERSION
from inventoryai_server.new_plugin.naming import PluginName

_ANNOUNCES: Final = "EngineSpec"
"""What the modules name in which engines get their names."""


def renamed(source: str, template: str, name: PluginName, engines: Mapping[str, str]) -> str:
    """The source of a module, with the package and the engines called by their new names.

    Args:
        source: A module of the template.
        template: What the template's package is called.
        name: What the copy is called.
        engines: The new names of the engines by the old. Two plugins may not have engines of one name,
            and the copy shall work beside the template.
    """
    source = re.sub(rf"\b{template}\b", name.package, source)
    if _ANNOUNCES not in source:
        return source
    # A copy has nothing to tell the automatic plan that the template has not told it.
    source = source.replace("automatic=True", "automatic=False")
    # The template moves with the contract; a copy was written for the version of today.
    source = source.replace("contract_version=CONTRACT_VERSION", f"contract_version={CONTRACT_VERSION}")
    if source.count("CONTRACT_VERSION") == 1:
        source = source.replace("CONTRACT_VERSION, ", "")
    return _with_engines(source, {f'"{old}"': f'"{new}"' for old, new in engines.items()})


def _with_engines(source: str, literals: Mapping[str, str]) -> str:
    """The source with string literals replaced: whole ones alone, wherever they stand in the code."""
    lines = source.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    # From the end, so that the places of those before stay what they are.
    for token in reversed(tokens):
        if token.type == tokenize.STRING and token.string in literals:
            (row, first), (_, last) = token.start, token.end
            line = lines[row - 1]
            lines[row - 1] = line[:first] + literals[token.string] + line[last:]
    return "".join(lines)
