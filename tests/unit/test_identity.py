"""Accounts: what an address and a password may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.domain.errors import Invalid
from inventoryai.domain.identity import (
    EmailInvalid,
    LocaleUnknown,
    PasswordHasNul,
    PasswordTooLong,
    PasswordTooShort,
    as_locale,
    normalise_email,
    normalise_password,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Awa@Boutique.CM", "awa@boutique.cm"),
        ("  awa@boutique.cm ", "awa@boutique.cm"),
        ("o'brien+shop@a-b.co.uk", "o'brien+shop@a-b.co.uk"),
        ("aïcha@marché.sn", "aïcha@marché.sn"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "awa",
        "@boutique.cm",
        "awa@",
        "awa@localhost",
        "a b@c.cm",
        "a@b@c.cm",
        "a@b..cm",
        "a@b.c\r\nBcc: x@y.z",
        "a\x00@b.cm",
        "a\u200b@b.cm",
        "\u202ea@b.cm",
        "<a@b.cm>",
        "a" * 65 + "@b.cm",
        "a@" + "b." * 130 + "cm",
        "a" * 1_000_000,
    ],
)
def test_what_no_message_could_be_sent_to_is_refused(typed: str) -> None:
    with pytest.raises(EmailInvalid):
        normalise_email(typed)


@given(st.text(max_size=80))
def test_an_address_that_was_normalised_stays_as_it_is(typed: str) -> None:
    try:
        kept = normalise_email(typed)
    except EmailInvalid:
        return
    assert normalise_email(kept) == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("short", PasswordTooShort),
        ("nul in it\x00 here", PasswordHasNul),
        ("x" * 1_000_000, PasswordTooLong),
    ],
)
def test_S14_a_password_is_bounded_before_it_is_hashed(typed: str, problem: type[Invalid]) -> None:
    with pytest.raises(problem):
        normalise_password(typed)


def test_S14_every_keyboard_types_the_same_password() -> None:
    assert normalise_password("mot de passe é") == normalise_password("mot de passe e\u0301")


def test_two_languages_are_spoken() -> None:
    assert (as_locale("fr"), as_locale("en"), as_locale(None, "fr")) == ("fr", "en", "fr")
    with pytest.raises(LocaleUnknown):
        as_locale("de")
