"""Which migrations there are, which of them a database has had, and whether they still read as they did then.

A migration that has run somewhere must never be edited: that database would be called up to date, and
lack what the edit was about until something crashes on it. So the digest of each is kept beside its name
in Piccolo's table, and whoever starts compares.
"""

import hashlib
import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import Final, cast

import asyncpg
from piccolo.conf.apps import MigrationModule

from inventoryai.domain.errors import Conflict
from inventoryai_postgres.asking import Answers
from inventoryai_postgres.migrations import steps
from inventoryai_postgres.migrations.rules import SqlMigration

APP_NAME: Final = "inventoryai"

_COMMENT: Final = re.compile(r"^\s*--.*$", re.MULTILINE)
# As a JSON object, a row can be asked for a column that older databases lack.
_HAD: Final = """
select name, to_jsonb(migration) ->> 'digest' as digest
from public.migration where app_name = $1 order by name
"""
_HAS_COLUMN: Final = """
select exists (
    select from pg_attribute
    where attrelid = 'public.migration'::regclass and attname = 'digest' and not attisdropped
)
"""
_KEEP: Final = """
update public.migration set digest = $3 where app_name = $1 and name = $2 and digest is null
"""


class MigrationChanged(Conflict):
    """A migration that this database has had was edited later."""

    code = "database.migration_changed"
    en = (
        "{migrations} was edited after this database had run it. Use the version of the program that ran it, "
        "or begin with an empty database; a change of tables belongs in a new migration."
    )
    fr = (
        "{migrations} a été modifié après son exécution dans cette base. Lancez la version du programme qui "
        "l’a exécuté, ou repartez d’une base vide ; un changement de tables demande une nouvelle migration."
    )


def modules() -> dict[str, MigrationModule]:
    """All migrations of this version of the program, by id."""
    names = (found.name for found in pkgutil.iter_modules(steps.__path__))
    found = [importlib.import_module(f"{steps.__name__}.{name}") for name in names]
    return {module.ID: cast("MigrationModule", module) for module in found}


async def had(connection: Answers) -> Mapping[str, str | None]:
    """The migrations that the database has had, in order, with the digest that each had then.

    None stands for one that ran before digests were kept.
    """
    if await connection.fetchval("select to_regclass('public.migration')") is None:
        return {}
    return {row["name"]: row["digest"] for row in await connection.fetch(_HAD, APP_NAME)}


async def pending_migrations(connection: Answers) -> tuple[str, ...]:
    """The ids of migrations that this version of the program needs and the database has not had."""
    done = await had(connection)
    return tuple(one for one in sorted(modules()) if one not in done)


async def check_unchanged(connection: Answers) -> None:
    """Every migration that the database has had reads now as it did then; what came before digests passes.

    Raises:
        MigrationChanged: One or more were edited.
    """
    now = await _digests()
    done = await had(connection)
    changed = [one for one, then in done.items() if then is not None and now.get(one, then) != then]
    if changed:
        raise MigrationChanged(migrations=", ".join(changed))


async def keep_digests(connection: asyncpg.Connection) -> None:
    """Notes what the migrations of the database read like, for those of which that is not known yet."""
    # Asked first, since adding a column shuts the table to everybody, also where it is there.
    if not await connection.fetchval(_HAS_COLUMN):
        await connection.execute("alter table public.migration add column digest text")
    for name, digest in (await _digests()).items():
        await connection.execute(_KEEP, APP_NAME, name, digest)


async def _digests() -> dict[str, str]:
    digests = {}
    for name, module in modules().items():
        step = await module.forwards()
        if not isinstance(step, SqlMigration):
            raise TypeError(f"{name} is not made by inventoryai_postgres.migrations.rules.migration")
        digests[name] = _digest("\n;\n".join(step.statements))
    return digests


def _digest(sql: str) -> str:
    """Of what PostgreSQL is told: comments on lines of their own, and how lines are broken, do not count."""
    return hashlib.sha256(" ".join(_COMMENT.sub("", sql).split()).encode()).hexdigest()
