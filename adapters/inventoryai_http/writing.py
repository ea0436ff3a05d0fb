"""Writing answers: numbers as they are, never as a rounded binary fraction and never as a text."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Response
from litestar.serialization import default_serializer
from litestar.types import Serializer

Answer = TypeVar("Answer")
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class ExactResponse(Response[Answer]):
    """A response whose JSON holds a Decimal digit by digit."""

    def render(self, content: Any, media_type: str, enc_hook: Serializer = default_serializer) -> bytes:
        """The body."""
        if media_type.startswith("application/") and "json" in media_type and not isinstance(content, bytes):
            return _ENCODER.encode(content)
        return super().render(content, media_type, enc_hook)
