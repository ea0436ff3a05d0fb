"""Passwords: hashed slowly, verified truly, and bounded in number."""

import asyncio

from inventoryai.ports.passwords import PasswordsBusy
from inventoryai_security import Argon2Passwords


async def test_a_password_is_known_by_its_hash_and_no_other_is() -> None:
    passwords = Argon2Passwords(threads=1)
    stored = await passwords.hash("correct horse battery")
    assert "correct" not in stored
    assert await passwords.verify(stored, "correct horse battery")
    assert not await passwords.verify(stored, "correct horse batterie")
    assert not passwords.outdated(stored)
    passwords.close()


async def test_the_decoy_is_a_real_hash_of_todays_cost_that_nothing_matches() -> None:
    passwords = Argon2Passwords(threads=1)
    assert not passwords.outdated(passwords.decoy)
    assert not await passwords.verify(passwords.decoy, "")
    passwords.close()


async def test_what_is_no_hash_matches_nothing() -> None:
    passwords = Argon2Passwords(threads=1)
    assert not await passwords.verify("plain text", "plain text")
    passwords.close()


async def test_S13_a_full_line_is_told_to_come_back() -> None:
    passwords = Argon2Passwords(threads=1, most_waiting=2)
    results = await asyncio.gather(*(passwords.hash("x" * 12) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, str) for result in results) == 3
    assert sum(isinstance(result, PasswordsBusy) for result in results) == 7
    passwords.close()
