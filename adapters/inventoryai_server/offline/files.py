"""The files on the command line: whether one can be read, and writing one whole or not at all."""

import errno
import io
import os
import secrets
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from inventoryai.domain.errors import Invalid, NotFound

_NOT_WRITTEN: Final = frozenset(
    {".xlsx", ".xls", ".ods", ".gz", ".zip", ".parquet", ".json", ".svg", ".png", ".pdf"}
)


class FileNotThere(NotFound):
    """The file that is to be read does not exist."""

    code = "file.not_found"
    en = "There is no file {path}."
    fr = "Le fichier {path} n’existe pas."


class FileIsFolder(Invalid):
    """A folder where a file is meant."""

    code = "file.is_folder"
    en = "{path} is a folder, not a file."
    fr = "{path} est un dossier, pas un fichier."


class FileIsPipe(Invalid):
    """A pipe or a device: files are read twice, which those do not allow."""

    code = "file.is_pipe"
    en = "{path} is a pipe or a device; save it as a file first."
    fr = "{path} est un tube ou un périphérique ; enregistrez-le d’abord dans un fichier."


class FileNotReadable(Invalid):
    """It is there, and may not or cannot be read."""

    code = "file.not_readable"
    en = "{path} cannot be read: {reason}."
    fr = "{path} ne peut pas être lu : {reason}."


class OutputNotWritable(Invalid):
    """The result cannot be put where it should go."""

    code = "output.not_writable"
    en = "{path} cannot be written: {reason}."
    fr = "{path} ne peut pas être écrit : {reason}."


class OutputIsInput(Invalid):
    """The result would take the place of what it was made from."""

    code = "output.is_input"
    en = "{path} is the file that is read; name another with --out."
    fr = "{path} est le fichier lu ; indiquez-en un autre avec --out."


class OutputFormatUnknown(Invalid):
    """The name promises a format that is not written."""

    code = "output.format_unknown"
    en = "{suffix} is not written by this command; end the name of --out with: {known}."
    fr = "Cette commande n’écrit pas de {suffix} ; terminez le nom de --out par : {known}."


def check_input(path: Path) -> None:
    """That a file can be read.

    Raises:
        FileNotThere, FileIsFolder, FileIsPipe, FileNotReadable: It cannot.
    """
    try:
        if path.is_dir():
            raise FileIsFolder(path=str(path))
        if path.exists() and not path.is_file():
            raise FileIsPipe(path=str(path))
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise FileNotThere(path=str(path)) from None
    except OSError as error:
        raise FileNotReadable(path=str(path), reason=error.strerror) from error


def check_output(path: Path, inputs: Collection[Path], known: Collection[str]) -> None:
    """That a file could be written, before the work that it is to hold.

    Args:
        path: Where it shall be.
        inputs: Files that are there, none of which it may replace.
        known: How its name may end; endings that promise nothing are fine, too.

    Raises:
        OutputFormatUnknown, OutputIsInput, FileIsFolder, OutputNotWritable: It could not.
    """
    if is_standard_output(path):
        return
    suffix = path.suffix.lower()
    if suffix not in known and suffix in _NOT_WRITTEN:
        raise OutputFormatUnknown(suffix=suffix, known=", ".join(sorted(known)))
    try:
        _check_place(path, inputs)
    except OSError as error:
        raise OutputNotWritable(path=str(path), reason=error.strerror) from error


def _check_place(path: Path, inputs: Collection[Path]) -> None:
    """As ``check_output``; also raises OSError."""
    if path.is_dir():
        raise FileIsFolder(path=str(path))
    if path.exists() and any(path.samefile(one) for one in inputs):
        raise OutputIsInput(path=str(path))
    folder = path.resolve().parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def is_standard_output(path: Path) -> bool:
    """Whether a path means standard output: ``-``, and every other name of what that is connected to.

    ``/dev/stdout`` may be a file that a shell has opened; replacing it would take away the shell's.
    """
    if str(path) == "-":
        return True
    try:
        return os.path.samestat(path.stat(), os.fstat(1))
    except OSError:
        return False


def utf8_output() -> TextIO:
    """Standard output for machines: UTF-8, whatever the terminal's encoding, and lines as they are."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A text file that takes the place of ``path`` once it is whole, and leaves nothing if it never is.

    Standard output, a device or a pipe has no place to be taken, and is written to.

    Raises:
        OutputNotWritable: The disk is full, the folder gone, or the like.
    """
    if is_standard_output(path):
        yield utf8_output()
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
            return
        with _draft(path.resolve()) as file:
            yield file
    except OSError as error:
        raise OutputNotWritable(path=str(path), reason=error.strerror) from error


@contextmanager
def _draft(target: Path) -> Iterator[TextIO]:
    """A file beside the target, on the same disk, so that one step puts it there."""
    draft = target.with_name(f".inventoryai-{secrets.token_hex(8)}.part")
    try:
        with draft.open("x", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
