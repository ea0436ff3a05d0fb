"""What HTTP is told from outside; whoever wires the system reads it from the environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How the API is reached, and how much it takes at once.

    Attributes:
        version: Of the product, as the OpenAPI document says it.
        cors_origins: Sites whose pages may call the API (``https://app.example.com``); none by default.
        upload_limit: Bytes of an uploaded file.
        body_limit: Bytes of any other body.
        https: Whether people reach the API over TLS; browsers are then told to insist on it.
    """

    version: str = "0.1.0"
    cors_origins: tuple[str, ...] = ()
    upload_limit: int = 1 << 30
    body_limit: int = 1 << 20
    https: bool = False
