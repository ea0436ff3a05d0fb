"""Settings: every one has a default or a clear complaint, and no complaint shows a value."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventoryai.domain.errors import LOCALES
from inventoryai_server.sections import SecretMissing, SecretTooShort, SenderMissing, SettingMissing
from inventoryai_server.settings import from_environment, read
from inventoryai_server.variables import VARIABLES, SettingsError, Variable, processors

SECRET = "s" * 40
OK = {
    "DATABASE_URL": "postgresql://someone:pass-word@db:5432/inventoryai",
    "REDIS_URL": "redis://:pass-word@queue:6379/0",
    "SECRET_KEY": SECRET,
}


def test_nothing_set_is_a_development_system_without_servers() -> None:
    settings = read({})
    assert settings.environment == "development"
    assert settings.database.given_url is None
    assert settings.queue.given_url is None
    assert (settings.tokens.algorithm, settings.tokens.minutes) == ("HS256", 30)
    assert settings.files.upload_limit == 1024**3
    assert settings.http.cors_origins == ()
    assert settings.plugins.disabled == ()
    assert settings.work.processes == processors() >= 1
    assert (settings.work.memory, settings.work.training_minutes) == (2 * 1024**3, 60)
    assert settings.log.format == "console"


def test_an_empty_value_counts_as_not_set() -> None:
    assert read({variable.name: " " for variable in VARIABLES}) == read({})


def test_what_is_set_is_read() -> None:
    settings = read(
        OK
        | {
            "INVENTORYAI_OWNER_DATABASE_URL": "postgresql://owner@db/inventoryai",
            "ALGORITHM": "HS256",
            "ACCESS_TOKEN_EXPIRE_MINUTES": "5",
            "INVENTORYAI_CORS_ORIGINS": "https://app.example.com, http://localhost:3000/",
            "INVENTORYAI_PUBLIC_URL": "https://stock.example.com/",
            "INVENTORYAI_DISABLED_PLUGINS": "lstm,, ets ",
            "INVENTORYAI_DATA": "/srv/stock",
            "INVENTORYAI_UPLOAD_LIMIT": "1048576",
            "INVENTORYAI_WORKER_PROCESSES": "3",
            "INVENTORYAI_TRAINING_MINUTES": "90",
            "INVENTORYAI_ENVIRONMENT": "production",
        }
    )
    assert settings.database.url() == OK["DATABASE_URL"]
    assert settings.database.owner_url() == "postgresql://owner@db/inventoryai"
    assert settings.queue.url() == OK["REDIS_URL"]
    assert settings.tokens.secret_key() == SECRET
    assert settings.tokens.minutes == 5
    assert settings.work.training_minutes == 90
    assert settings.http.cors_origins == ("https://app.example.com", "http://localhost:3000")
    assert settings.http.public_url == "https://stock.example.com"
    assert settings.plugins.disabled == ("lstm", "ets")
    assert settings.files.data == Path("/srv/stock")
    assert settings.files.upload_limit == 1_048_576
    assert settings.work.processes == 3
    assert settings.log.format == "json"


def test_one_database_url_is_also_the_owners() -> None:
    assert read(OK).database.owner_url() == OK["DATABASE_URL"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@/inventoryai?host=/var/run/inventoryai&port=5432",
        "postgresql://u:p@[::1]:5432/inventoryai",
        "postgres:///inventoryai",
    ],
)
def test_sockets_and_ipv6_are_addresses_too(url: str) -> None:
    assert read({"DATABASE_URL": url}).database.url() == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hush-hush@db/inventoryai"),
        ("DATABASE_URL", "hush-hush"),
        ("DATABASE_URL", "postgresql://u:hush-hush@db:port/inventoryai"),
        ("DATABASE_URL", "postgresql://u:hush-hush@db :5432/inventoryai"),
        ("DATABASE_URL", "postgresql://u:hush-hush@[db/inventoryai"),
        ("INVENTORYAI_OWNER_DATABASE_URL", "hush-hush"),
        ("REDIS_URL", "http://hush-hush"),
        ("ALGORITHM", "none"),
        ("ALGORITHM", "RS256"),
        ("ALGORITHM", "hs256"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "-5"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "1441"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "30.5"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "1_0"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "٣"),
        ("INVENTORYAI_UPLOAD_LIMIT", "1GB"),
        ("INVENTORYAI_REQUIRE_VERIFIED_EMAIL", "maybe"),
        ("INVENTORYAI_ENVIRONMENT", "staging"),
        ("INVENTORYAI_CORS_ORIGINS", "*"),
        ("INVENTORYAI_CORS_ORIGINS", "https://good.example, evil"),
        ("INVENTORYAI_CORS_ORIGINS", "https://app.example.com/path"),
        ("INVENTORYAI_PUBLIC_URL", "https://u:hush-hush@app.example.com"),
        ("INVENTORYAI_PUBLIC_URL", "ftp://app.example.com"),
        ("INVENTORYAI_SMTP_URL", "mail.example.com:hush-hush"),
        ("INVENTORYAI_MAIL_FROM", "nobody"),
        ("INVENTORYAI_MAIL_FROM", "a@b.c\r\nBcc: hush-hush@d.e"),
        ("INVENTORYAI_WORKER_PROCESSES", "0"),
        ("INVENTORYAI_WORKER_MEMORY", "lots"),
        ("INVENTORYAI_POOL_SIZE", "0"),
        ("INVENTORYAI_LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({name: value})
    for locale in LOCALES:
        message = caught.value.message(locale)
        assert message.startswith(name)
        assert "\n" not in message
        assert "hush" not in message


def test_S36_a_secret_is_asked_for_only_where_it_is_needed() -> None:
    settings = read({})
    with pytest.raises(SecretMissing):
        settings.tokens.secret_key()


@pytest.mark.parametrize(("algorithm", "least"), [("HS256", 32), ("HS384", 48), ("HS512", 64)])
def test_S36_a_secret_is_as_long_as_the_hash(algorithm: str, least: int) -> None:
    with pytest.raises(SecretTooShort) as caught:
        read({"SECRET_KEY": "k" * (least - 1), "ALGORITHM": algorithm}).tokens.secret_key()
    assert "kkk" not in str(caught.value)
    assert read({"SECRET_KEY": "k" * least, "ALGORITHM": algorithm}).tokens.secret_key()


def test_a_server_that_is_not_named_is_missed_when_it_is_needed() -> None:
    settings = read({})
    for ask in (settings.database.url, settings.database.owner_url, settings.queue.url):
        with pytest.raises(SettingMissing):
            ask()


def test_mails_need_a_sender_and_then_ask_for_verified_addresses() -> None:
    smtp = {"INVENTORYAI_SMTP_URL": "smtp://u:p@mail.example.com:587"}
    with pytest.raises(SenderMissing):
        read(smtp)
    smtp["INVENTORYAI_MAIL_FROM"] = "Stock <stock@example.com>"
    assert read(smtp).tokens.require_verified_email is True
    assert read({}).tokens.require_verified_email is False
    assert read(smtp | {"INVENTORYAI_REQUIRE_VERIFIED_EMAIL": "false"}).tokens.require_verified_email is False


def test_S38_settings_do_not_show_what_they_hold() -> None:
    settings = read(OK | {"INVENTORYAI_SMTP_URL": "smtp://u:p@mail", "INVENTORYAI_MAIL_FROM": "a@b.c"})
    shown = repr(settings)
    assert "pass-word" not in shown
    assert SECRET not in shown
    assert "u:p@" not in shown


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("SECRET_KEY='pa$${HOME}ss'\nINVENTORYAI_POOL_SIZE=7\nEMPTY\n")
    monkeypatch.setenv("INVENTORYAI_POOL_SIZE", "9")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    mapping = from_environment(file)
    assert mapping["SECRET_KEY"] == "pa$${HOME}ss"
    assert mapping["INVENTORYAI_POOL_SIZE"] == "9"
    assert "EMPTY" not in mapping


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert from_environment(tmp_path / ".env")


def test_every_variable_is_described_once_and_its_default_is_good() -> None:
    names = [variable.name for variable in VARIABLES]
    assert len(set(names)) == len(names)
    for variable in VARIABLES:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", variable.name)
        assert variable.help
        assert "\n" not in variable.help
        assert not (variable.secret and variable.default)
        if variable.default is not None:
            variable.parse(variable.name, variable.default)


@given(st.sampled_from(VARIABLES), st.text())
def test_any_text_is_understood_or_refused_as_a_setting(variable: Variable[object], value: str) -> None:
    try:
        read({variable.name: value, "INVENTORYAI_MAIL_FROM": "a@b.c"})
    except SettingsError as error:
        complaint = error.message("fr")
    else:
        complaint = variable.name
    assert variable.name in complaint
    assert "\n" not in complaint
