"""The SQL that the containers' PostgreSQL runs first makes a database that the product accepts."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from servers import temporary_folder

from inventoryai_postgres import PostgresSettings, PostgresUnitOfWork, check_start, migrate
from inventoryai_server.embedded.credentials import credentials
from inventoryai_server.embedded.postgres import Postgres
from inventoryai_server.supervision import Supervisor

ROOT = Path(__file__).parents[2]
OWNER = "inventoryai_owner"
LOGIN = "inventoryai_login"
PASSWORDS = {"OWNER_PASSWORD": "b1f0", "LOGIN_PASSWORD": 'it\'s "odd" $HOME'}


@pytest.fixture(scope="module")
async def postgres() -> AsyncIterator[Postgres]:
    """A PostgreSQL that knows only its superuser, as the image's does before its first script runs."""
    with temporary_folder() as folder:
        folder.prepare()
        server = Postgres.on(folder, credentials(folder.path), durable=False)
        async with Supervisor() as supervisor:
            await server.make()
            await supervisor.start(server.child(lambda _name, _line: None))
            await asyncio.to_thread(run_script, server)
            yield server


def run_script(server: Postgres) -> None:
    psql = (str(server.binaries / "psql"), "--no-psqlrc", "--quiet", server.superuser_url)
    subprocess.run(
        [*psql, "--file", str(ROOT / "docker/roles.sql")],
        env={**os.environ, **PASSWORDS},
        check=True,
        timeout=60,
        capture_output=True,
    )


def url(server: Postgres, role: str) -> str:
    password = PASSWORDS["OWNER_PASSWORD" if role == OWNER else "LOGIN_PASSWORD"]
    return server.url(role, password, "inventoryai")


async def test_the_owner_migrates_and_the_weak_login_may_serve(postgres: Postgres) -> None:
    assert await migrate(url(postgres, OWNER), app_login=LOGIN)

    begin = PostgresUnitOfWork(PostgresSettings(url(postgres, LOGIN)))
    try:
        await check_start(begin)
    finally:
        await begin.close()


async def test_the_weak_login_owns_inherits_and_makes_nothing(postgres: Postgres) -> None:
    connection = await asyncpg.connect(url(postgres, LOGIN), ssl=False)
    try:
        for statement in ("create table mine (n int)", "create role more", "create database more"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_neither_role_steps_around_row_level_security(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.superuser_url, ssl=False)
    try:
        rows = await connection.fetch(
            "select rolsuper or rolbypassrls as strong from pg_roles where rolname = any($1)", [OWNER, LOGIN]
        )
    finally:
        await connection.close()

    assert [row["strong"] for row in rows] == [False, False]
