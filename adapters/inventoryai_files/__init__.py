"""Files: those that users send, in a folder that the API and every worker share, and those for a moment."""

from inventoryai_files.folder import FolderFileStore
from inventoryai_files.scratch import TemporaryScratch

__all__ = ["FolderFileStore", "TemporaryScratch"]
