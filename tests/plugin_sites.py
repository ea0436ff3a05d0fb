"""Folders with plugins in them, as an installer leaves them: a module and its metadata."""

from pathlib import Path


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
