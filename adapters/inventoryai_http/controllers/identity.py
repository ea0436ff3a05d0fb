"""Accounts."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from inventoryai.domain.identity import Actor, EmailTokenInvalid, LoginRejected, TokenInvalid
from inventoryai.ports.passwords import PasswordsBusy
from inventoryai.usecases.identity import LogIn, RefreshLogin, Register, VerifyEmail
from inventoryai_http.operations import BODY, LOGGED_IN, described
from inventoryai_http.problems import FormMalformed
from inventoryai_http.reading import FORM, ExactRequest, read_form
from inventoryai_http.schemas.identity import (
    EmailToken,
    LoginForm,
    NewAccount,
    Profile,
    RefreshToken,
    Registered,
    Tokens,
)
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Accounts"]
LOGIN_BODY: dict[str, Any] = {"request_body": (FORM, LoginForm)}


class GetProfile:
    """The caller's own account."""


@post("/register", tags=TAGS, **described(Register, BODY, PasswordsBusy))
async def register(data: JSONBody[NewAccount], use_cases: NamedDependency[HttpUseCases]) -> Registered:
    """Answers 201 with the address."""
    return Registered(await use_cases.register(data.understood()))


@post(
    "/login/token",
    tags=TAGS,
    status_code=HTTP_200_OK,
    opt=LOGIN_BODY,
    **described(LogIn, BODY, FormMalformed, LoginRejected, PasswordsBusy),
)
async def log_in(request: ExactRequest, use_cases: NamedDependency[HttpUseCases]) -> Tokens:
    """Answers 200 with tokens."""
    form: LoginForm = await read_form(request, LoginForm)
    return Tokens.of(await use_cases.log_in(form.username, form.password))


@post("/login/refresh", tags=TAGS, status_code=HTTP_200_OK, **described(RefreshLogin, BODY, TokenInvalid))
async def refresh_login(data: JSONBody[RefreshToken], use_cases: NamedDependency[HttpUseCases]) -> Tokens:
    """Answers 200 with new tokens."""
    return Tokens.of(await use_cases.refresh_login(data.refresh_token))


@post(
    "/email/verify",
    tags=TAGS,
    status_code=HTTP_204_NO_CONTENT,
    **described(VerifyEmail, BODY, EmailTokenInvalid),
)
async def verify_email(data: JSONBody[EmailToken], use_cases: NamedDependency[HttpUseCases]) -> None:
    """Answers 204."""
    await use_cases.verify_email(data.token)


@get("/me", tags=TAGS, **described(GetProfile, LOGGED_IN))
async def get_profile(actor: NamedDependency[Actor]) -> Profile:
    """Answers 200 with the account."""
    return Profile.of(actor)


OPEN = (register, log_in, refresh_login, verify_email)
PERSONAL = (get_profile,)
