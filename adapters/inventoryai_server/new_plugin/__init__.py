"""``inventoryai plugin new``: a plugin to begin with."""

from inventoryai_server.new_plugin.copying import new_plugin
from inventoryai_server.new_plugin.naming import PluginName

__all__ = ["PluginName", "new_plugin"]
