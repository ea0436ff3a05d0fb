"""S18, S20, S25: whatever a statement asks for, the database shows and takes only what is the scope's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from secrets import token_bytes
from uuid import uuid4

import asyncpg
import pytest
from people import NOON, Founded, found, join, register, some_product

from inventoryai.domain.identity import EmailVerification, Session, SessionId
from inventoryai.domain.stock import CountedStock
from inventoryai.ports.storage import Anonymous, AsUser, Dispatching, Scope
from inventoryai_postgres.roles import APP, JOBS
from inventoryai_postgres.starting import (
    RoleTooPowerful,
    TableUnprotected,
    check_roles,
    check_start,
    check_tables,
)
from inventoryai_postgres.unit_of_work import PostgresSettings, PostgresUnitOfWork
from inventoryai_server.embedded import PostgresUrls

LATER = NOON + timedelta(days=1)
COMPANY_TABLES = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and exists (
    select from pg_attribute
    where attrelid = pg_class.oid and attname = 'company_id' and not attisdropped
) order by relname
"""
PERSONAL_TABLES = ("users", "sessions", "email_verifications", "companies")


@pytest.fixture
async def owner(database: PostgresUrls) -> AsyncIterator[asyncpg.Connection]:
    """The owner's own connection, for what no role of the application may do."""
    connection = await asyncpg.connect(database.owner)
    yield connection
    await connection.close()


@pytest.fixture
async def stocked(begin: PostgresUnitOfWork) -> Founded:
    """A company with a row in each of the first tables."""
    founded = await found(begin)
    product = some_product("A")
    async with begin(founded.scope) as work:
        await work.products.add(product)
        await work.stock.count([CountedStock(product.id, Decimal(1), NOON)])
    async with begin(AsUser(founded.admin.id)) as work:
        session = Session(SessionId(uuid4()), uuid4(), founded.admin.id, token_bytes(32), LATER)
        await work.sessions.add(session)
        await work.verifications.add(EmailVerification(token_bytes(32), founded.admin.id, LATER))
    return founded


async def tables_with_rows(begin: PostgresUnitOfWork, scope: Scope) -> set[str]:
    """Where a statement without any condition finds something, among what the role may read at all."""
    async with begin(scope) as work:
        names = [row["relname"] for row in await work.session.fetch(COMPANY_TABLES)]
        readable = [
            name
            for name in {*names, *PERSONAL_TABLES}
            if await work.session.fetchval("select has_table_privilege($1, 'select')", name)
        ]
        return {
            name
            for name in readable
            if await work.session.fetchval(f"select exists (select from {name})")  # noqa: S608 - a name of ours
        }


async def test_S25_every_company_table_is_protected_from_its_owner_too(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(COMPANY_TABLES)
    names = {row["relname"] for row in rows} | set(PERSONAL_TABLES)
    protected = await owner.fetch(
        "select relname from pg_class where relrowsecurity and relforcerowsecurity and relname = any($1)",
        names,
    )
    assert {row["relname"] for row in protected} == names
    assert {"memberships", "invitations", "products", "stock_movements"} <= names


async def test_S25_the_roles_own_nothing_and_bypass_nothing(owner: asyncpg.Connection) -> None:
    roles = await owner.fetch(
        "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb"
        " from pg_roles where rolname = any($1) order by rolname",
        [APP, JOBS],
    )
    assert [tuple(row) for row in roles] == [(name, *[False] * 6) for name in (APP, JOBS)]
    owned = (
        "select count(*) from pg_class where relowner in (select oid from pg_roles where rolname = any($1))"
    )
    assert await owner.fetchval(owned, [APP, JOBS]) == 0


async def test_S25_every_policy_for_the_application_names_its_role(owner: asyncpg.Connection) -> None:
    named = await owner.fetch("select distinct unnest(roles)::text as role from pg_policies")
    assert {row["role"] for row in named} <= {APP, JOBS}


async def test_without_a_scope_there_are_no_rows(begin: PostgresUnitOfWork, stocked: Founded) -> None:
    assert await tables_with_rows(begin, Anonymous()) == set()
    assert await tables_with_rows(begin, AsUser(stocked.admin.id)) == {
        "companies",
        "memberships",
        "users",
        "sessions",
        "email_verifications",
    }


async def test_a_company_sees_its_own_rows_alone(begin: PostgresUnitOfWork, stocked: Founded) -> None:
    empty = await found(begin)
    assert {"products", "stock_movements"} <= await tables_with_rows(begin, stocked.scope)
    assert await tables_with_rows(begin, empty.scope) == {"companies", "memberships", "users"}
    async with begin(empty.scope) as work:
        for name in ("companies", "memberships", "users"):
            count = await work.session.fetchval(f"select count(*) from {name}")  # noqa: S608 - see the line above
            assert (name, count) == (name, 1)


async def test_colleagues_see_each_other_inside_the_company_only(
    begin: PostgresUnitOfWork, stocked: Founded
) -> None:
    colleague = await join(begin, stocked)
    emails = "select email from users order by created_at, id"
    async with begin(stocked.scope) as work:
        seen = {row["email"] for row in await work.session.fetch(emails)}
    assert seen == {stocked.admin.email, colleague.email}
    async with begin(AsUser(colleague.id)) as work:
        assert [row["email"] for row in await work.session.fetch(emails)] == [colleague.email]


async def test_nobody_sees_the_one_account_whose_address_they_name(
    begin: PostgresUnitOfWork, stocked: Founded
) -> None:
    await register(begin)
    async with begin(Anonymous()) as work:
        await work.users.find_by_email(stocked.admin.email)
        assert await work.session.fetchval("select count(*) from users") == 1
        assert await work.session.fetchval("select count(*) from sessions") == 0
        assert await work.session.fetchval("select count(*) from memberships") == 0


INSERTS = {
    "products": "insert into products (company_id, id, sku, name, created_at)"
    " values ($1, $2, 'X', 'X', now())",
    "memberships": "insert into memberships values ($1, $2, 'admin', now())",
    "companies": "insert into companies values ($1, 'X', 'CM', 'XAF', 'UTC', 'fr', now())",
}


@pytest.mark.parametrize("table", INSERTS)
@pytest.mark.parametrize("inside", [True, False], ids=["in another company", "in none"])
async def test_a_row_for_another_company_is_refused(
    begin: PostgresUnitOfWork, stocked: Founded, table: str, *, inside: bool
) -> None:
    other = await found(begin)
    scope = other.scope if inside else AsUser(other.admin.id)
    arguments = (uuid4(),) if table == "companies" else (stocked.company.id, other.admin.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with begin(scope) as work:
            await work.session.execute(INSERTS[table], *arguments)


async def test_rows_of_another_company_are_neither_changed_nor_deleted(
    begin: PostgresUnitOfWork, stocked: Founded
) -> None:
    other = await found(begin)
    mine = "where company_id = $1"
    async with begin(other.scope) as work:
        for statement in (
            f"update products set name = 'taken' {mine}",  # noqa: S608 - constants
            f"delete from stock_movements {mine}",  # noqa: S608 - constants
            f"update memberships set role = 'member' {mine}",  # noqa: S608 - constants
            f"delete from memberships {mine}",  # noqa: S608 - constants
        ):
            assert await work.session.execute(statement, stocked.company.id) == 0


async def test_a_row_cannot_be_moved_to_another_company(begin: PostgresUnitOfWork, stocked: Founded) -> None:
    other = await found(begin)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with begin(stocked.scope) as work:
            await work.session.execute("update products set company_id = $1", other.company.id)


async def test_S20_a_reference_to_another_companys_object_is_refused(
    begin: PostgresUnitOfWork, stocked: Founded
) -> None:
    other = await found(begin)
    async with begin(stocked.scope) as work:
        (product,) = await work.products.every()
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
        async with begin(other.scope) as work:
            await work.stock.count([CountedStock(product.id, Decimal(1), NOON)])
    assert refused.value.constraint_name == "stock_movements_product_fkey"


async def test_S20_references_between_company_tables_carry_the_company(owner: asyncpg.Connection) -> None:
    """Every foreign key from one company's table to another's has company_id on both sides."""
    loose = await owner.fetch(
        """
        select conname, conrelid::regclass::text as referring from pg_constraint
        where contype = 'f'
            and exists (select from pg_attribute where attrelid = conrelid and attname = 'company_id')
            and exists (select from pg_attribute where attrelid = confrelid and attname = 'company_id')
            and not exists (
                select from unnest(conkey, confkey) as pair (here, there)
                join pg_attribute as ours on ours.attrelid = conrelid and ours.attnum = here
                join pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = there
                where ours.attname = 'company_id' and theirs.attname = 'company_id'
            )
        """
    )
    assert [tuple(row) for row in loose] == []


@pytest.mark.usefixtures("stocked")
async def test_the_job_role_reads_none_of_the_first_tables(begin: PostgresUnitOfWork) -> None:
    assert await tables_with_rows(begin, Dispatching()) <= {"jobs", "workers"}
    for table in (*PERSONAL_TABLES, "products", "stock_movements", "memberships", "invitations"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with begin(Dispatching()) as work:
                await work.session.fetch(f"select from {table}")


async def test_the_owner_who_is_also_the_application_is_held_to_the_same_rules(
    database: PostgresUrls, stocked: Founded
) -> None:
    begin = PostgresUnitOfWork(PostgresSettings(database.owner))
    await check_start(begin)
    assert await tables_with_rows(begin, Anonymous()) == set()
    async with begin(stocked.scope) as work:
        assert len(await work.products.every()) == 1
    await begin.close()


async def test_the_owner_sees_nothing_even_as_the_owner(owner: asyncpg.Connection, stocked: Founded) -> None:
    query = "select count(*) from products where company_id = $1"
    assert await owner.fetchval(query, stocked.company.id) == 0


async def test_a_safe_database_may_be_served(begin: PostgresUnitOfWork) -> None:
    await check_start(begin)


async def test_a_role_that_owns_tables_may_not_serve(begin: PostgresUnitOfWork) -> None:
    async with begin(Anonymous()) as work:
        with pytest.raises(RoleTooPowerful, match="owner of companies"):
            await check_roles(work.session, ("inventoryai_owner",))
        with pytest.raises(RoleTooPowerful, match="superuser"):
            await check_roles(work.session, ("postgres",))


@pytest.mark.parametrize("table", ["companies", "products"])
async def test_a_table_without_forced_security_stops_the_start(owner: asyncpg.Connection, table: str) -> None:
    opened = owner.transaction()
    await opened.start()
    await owner.execute(f"alter table {table} no force row level security")
    with pytest.raises(TableUnprotected, match=table):
        await check_tables(owner)
    await opened.rollback()
