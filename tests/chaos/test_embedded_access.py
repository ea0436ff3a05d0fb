"""S41: the embedded servers listen on a socket or loopback, and every login needs its password."""

import json
import os

import asyncpg
import psutil
import pytest
from embedded_systems import mode
from redis import Redis
from redis.exceptions import AuthenticationError

from inventoryai_server.embedded import DataFolder, embedded

pytestmark = pytest.mark.chaos


async def test_S41_nobody_else_gets_in(folder: DataFolder) -> None:
    above = mode(folder.path.parent)
    async with embedded(folder, durable=False) as stack:
        assert mode(folder.path.parent) == above
        assert mode(folder.path) == (0o711 if os.geteuid() == 0 else 0o700)
        for found in folder.path.iterdir():
            assert mode(found) == (0o700 if found.is_dir() else 0o600), found
        secrets = json.loads((folder.path / "secrets.json").read_text()).values()
        for name in ("postgres", "valkey"):
            process = psutil.Process(stack.supervisor.pid(name))
            listens = {
                connection.laddr.ip
                for connection in process.net_connections("inet")
                if connection.status == psutil.CONN_LISTEN
            }
            assert listens == ({"127.0.0.1"} if name == "valkey" else set())
            assert not any(secret in " ".join(process.cmdline()) for secret in secrets)


async def test_S41_every_login_needs_its_password(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as stack:
        for url in (stack.database.owner, stack.database.app):
            for wrong in ("wrong", ""):
                with pytest.raises(asyncpg.InvalidPasswordError):
                    await asyncpg.connect(url, password=wrong)
        server = stack.redis_url.rpartition("@")[2]
        for credentials_of_nobody in ("", ":wrong@"):
            with pytest.raises(AuthenticationError):
                Redis.from_url(f"redis://{credentials_of_nobody}{server}").ping()


async def test_the_owner_makes_roles_and_the_login_only_switches_to_them(folder: DataFolder) -> None:
    async with embedded(folder, durable=False) as stack:
        owner = await asyncpg.connect(stack.database.owner)
        await owner.execute("create role inventoryai_app nologin noinherit; create table goods (sku text)")
        await owner.execute(
            "grant select on goods to inventoryai_app; grant inventoryai_app to inventoryai_login"
        )
        power = await owner.fetchrow(
            "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        )
        assert tuple(power) == (False, False)
        await owner.close()
        login = await asyncpg.connect(stack.database.app)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.fetch("select * from goods")
        await login.execute("set role inventoryai_app")
        assert await login.fetch("select * from goods") == []
        for forbidden in ("create table mine (a int)", "create role mine", "set role inventoryai_owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.execute(forbidden)
        described = await login.fetchrow(
            "select datlocale, pg_encoding_to_char(encoding), current_setting('timezone')"
            " from pg_database where datname = current_database()"
        )
        assert tuple(described) == ("C.UTF-8", "UTF8", "UTC")
        await login.close()
