import asyncio
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID, uuid4

from people import NOON, Begin, register, some_user

from inventoryai.domain.identity import Email, EmailVerification, Session, SessionId, User
from inventoryai.ports.storage import Anonymous, AsUser

LATER = NOON + timedelta(days=1)


async def log_in(storage: Begin, user: User, family: UUID | None = None) -> Session:
    session = Session(SessionId(uuid4()), family or uuid4(), user.id, token_bytes(32), LATER)
    async with storage(AsUser(user.id)) as work:
        await work.sessions.add(session)
    return session


async def user_of(storage: Begin, session: Session) -> User | None:
    async with storage(AsUser(session.user_id)) as work:
        return await work.users.find_by_session(session.id, NOON)


async def test_an_account_is_found_by_its_email(storage: Begin) -> None:
    user = await register(storage)
    async with storage(Anonymous()) as work:
        assert await work.users.find_by_email(user.email) == user
        assert await work.users.find_by_email(Email("nobody@example.com")) is None


async def test_a_taken_email_changes_nothing(storage: Begin) -> None:
    first = await register(storage)
    async with storage(Anonymous()) as work:
        assert not await work.users.add(some_user(email=first.email, full_name="Somebody Else"))
    async with storage(Anonymous()) as work:
        assert await work.users.find_by_email(first.email) == first


async def test_of_many_who_register_one_email_at_once_one_is_kept(storage: Begin) -> None:
    email = some_user().email

    async def add() -> bool:
        async with storage(Anonymous()) as work:
            return await work.users.add(some_user(email=email))

    assert sum(await asyncio.gather(*(add() for _ in range(5)))) == 1


async def test_a_password_is_changed_by_its_owner_alone(storage: Begin) -> None:
    user, other = await register(storage), await register(storage)
    async with storage(AsUser(user.id)) as work:
        await work.users.change_password_hash(user.id, "new")
        await work.users.change_password_hash(other.id, "stolen")
    async with storage(Anonymous()) as work:
        mine, theirs = (
            await work.users.find_by_email(user.email),
            await work.users.find_by_email(other.email),
        )
    assert mine is not None
    assert mine.password_hash == "new"
    assert theirs == other


async def test_the_first_proof_of_an_address_stands(storage: Begin) -> None:
    user = await register(storage, verified_at=None)
    async with storage(AsUser(user.id)) as work:
        await work.users.mark_verified(user.id, NOON)
        await work.users.mark_verified(user.id, LATER)
    async with storage(Anonymous()) as work:
        found = await work.users.find_by_email(user.email)
    assert found is not None
    assert found.verified_at == NOON


async def test_a_session_names_its_user_until_it_expires(storage: Begin) -> None:
    user, other = await register(storage), await register(storage)
    session = await log_in(storage, user)
    async with storage(AsUser(user.id)) as work:
        assert await work.users.find_by_session(session.id, NOON) == user
        assert await work.users.find_by_session(session.id, LATER) is None
    async with storage(AsUser(other.id)) as work:
        assert await work.users.find_by_session(session.id, NOON) is None


async def test_a_refresh_token_is_found_by_whoever_presents_it(storage: Begin) -> None:
    session = await log_in(storage, await register(storage))
    async with storage(Anonymous()) as work:
        assert await work.sessions.find_by_token(session.token_hash) is None
        await work.present(session.token_hash)
        assert await work.sessions.find_by_token(session.token_hash) == session
    async with storage(Anonymous()) as work:
        await work.present(token_bytes(32))
        assert await work.sessions.find_by_token(session.token_hash) is None


async def test_a_replaced_session_says_so_and_keeps_its_user(storage: Begin) -> None:
    session = await log_in(storage, await register(storage))
    async with storage(AsUser(session.user_id)) as work:
        await work.sessions.mark_replaced(session.id, NOON)
    async with storage(AsUser(session.user_id)) as work:
        found = await work.sessions.find_by_token(session.token_hash)
    assert found is not None
    assert found.replaced_at == NOON
    assert await user_of(storage, session) is not None


async def test_S8_of_many_refreshes_at_once_one_finds_the_token_unused(storage: Begin) -> None:
    session = await log_in(storage, await register(storage))

    async def refresh() -> bool:
        async with storage(AsUser(session.user_id)) as work:
            found = await work.sessions.find_by_token(session.token_hash)
            assert found is not None
            await work.sessions.mark_replaced(session.id, NOON)
            return found.replaced_at is None

    assert sum(await asyncio.gather(*(refresh() for _ in range(10)))) == 1


async def test_S7_a_family_ends_as_a_whole_and_alone(storage: Begin) -> None:
    user = await register(storage)
    first, other = await log_in(storage, user), await log_in(storage, user)
    second = await log_in(storage, user, first.family)
    async with storage(AsUser(user.id)) as work:
        await work.sessions.end_family(first.family)
    assert [await user_of(storage, one) for one in (first, second, other)] == [None, None, user]


async def test_S9_all_sessions_of_a_user_end_at_once(storage: Begin) -> None:
    user = await register(storage)
    mine = [await log_in(storage, user), await log_in(storage, user)]
    theirs = await log_in(storage, await register(storage))
    async with storage(AsUser(user.id)) as work:
        await work.sessions.end_all(user.id)
        await work.sessions.end_all(theirs.user_id)
    assert [await user_of(storage, one) for one in mine] == [None, None]
    assert await user_of(storage, theirs) is not None


async def linked(storage: Begin) -> EmailVerification:
    user = some_user(verified_at=None)
    link = EmailVerification(token_bytes(32), user.id, LATER)
    async with storage(Anonymous()) as work:
        assert await work.users.add(user)
        await work.verifications.add(link)
    return link


async def test_a_link_proves_an_address_to_nobody_in_particular(storage: Begin) -> None:
    link = await linked(storage)
    async with storage(Anonymous()) as work:
        await work.present(link.token_hash)
        assert await work.verifications.use(link.token_hash, NOON) == link.user_id
        await work.users.mark_verified(link.user_id, NOON)
    session = await log_in(storage, some_user(id=link.user_id))
    user = await user_of(storage, session)
    assert user is not None
    assert user.verified_at == NOON


async def test_a_link_is_good_once_and_for_a_time(storage: Begin) -> None:
    link = await linked(storage)

    async def use(*, late: bool = False) -> bool:
        async with storage(Anonymous()) as work:
            await work.present(link.token_hash)
            return await work.verifications.use(link.token_hash, LATER if late else NOON) is not None

    assert not await use(late=True)
    assert sum(await asyncio.gather(*(use() for _ in range(5)))) == 1


async def test_a_link_that_nobody_presented_is_not_there(storage: Begin) -> None:
    link = await linked(storage)
    async with storage(Anonymous()) as work:
        assert await work.verifications.use(link.token_hash, NOON) is None
