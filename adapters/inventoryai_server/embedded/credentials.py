"""Passwords and keys of the embedded servers: made once, kept in the data folder, mode 0600."""

import secrets
from pathlib import Path
from typing import Final

import msgspec

from inventoryai.domain.errors import Invalid
from inventoryai_server.embedded.files import write_private

_FILE: Final = "secrets.json"


class CredentialsUnreadable(Invalid):
    """The file with the passwords is damaged; without it the databases cannot be opened."""

    code = "folder.secrets_unreadable"
    en = "{file} is damaged or cannot be read: restore it from a backup, the databases need its passwords."
    fr = (
        "{file} est abîmé ou illisible : restaurez-le d’une sauvegarde, les bases ont besoin de ses mots "
        "de passe."
    )


def _new() -> str:
    return secrets.token_urlsafe(48)


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """What the embedded servers and the tokens are locked with; each 64 characters of base64url.

    A field that an older version did not know is made when the file is read next.
    It does not show itself in a log or a traceback.
    """

    secret_key: str = msgspec.field(default_factory=_new)
    postgres: str = msgspec.field(default_factory=_new)
    owner: str = msgspec.field(default_factory=_new)
    login: str = msgspec.field(default_factory=_new)
    valkey: str = msgspec.field(default_factory=_new)

    def __repr__(self) -> str:
        return "Credentials(…)"


def credentials(folder: Path) -> Credentials:
    """The credentials kept in a data folder, made on the first call; hold the folder's lock.

    Raises:
        CredentialsUnreadable: The file is there and cannot be understood.
    """
    path = folder / _FILE
    try:
        kept = path.read_bytes()
    except FileNotFoundError:
        kept = b"{}"
    except OSError as error:
        raise CredentialsUnreadable(file=str(path)) from error
    try:
        found = msgspec.json.decode(kept, type=Credentials)
    except msgspec.DecodeError as error:
        raise CredentialsUnreadable(file=str(path)) from error
    content = msgspec.json.format(msgspec.json.encode(found))
    if content != kept:
        write_private(path, content)
    return found
