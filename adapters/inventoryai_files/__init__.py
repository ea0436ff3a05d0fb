"""The files that users send, in a folder that the API and every worker share."""

from inventoryai_files.folder import FolderFileStore

__all__ = ["FolderFileStore"]
