"""A form with a file in it, taken in as it arrives: the file goes to the store piece by piece.

Neither memory nor a temporary file ever holds the whole of it, and its fields may stand before or
behind it.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from litestar import Request
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from inventoryai.domain.errors import FieldProblem, InvalidFields
from inventoryai.domain.imports import ReceivedFile
from inventoryai.ports.files import FileStore, UploadTooLarge
from inventoryai_http.faults import FieldDoubled, FieldMissing
from inventoryai_http.problems import FormMalformed, MediaTypeUnsupported

MULTIPART: Final = "multipart/form-data"
FORM_ALLOWANCE: Final = 1 << 20
"""Bytes that the fields and boundaries of a form may have beside its file."""

_LONGEST_FIELD: Final = 64 << 10
_MOST_PARTS: Final = 20
_LONGEST_FILENAME: Final = 255

Event: TypeAlias = MultipartSegment | bytes | None


@dataclass(slots=True)
class Upload:
    """What has come in: the fields in their order, and the file once it is safe."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    file: ReceivedFile | None = None

    def received(self) -> ReceivedFile:
        """The file.

        Raises:
            InvalidFields: None came.
        """
        if self.file is None:
            raise InvalidFields([FieldProblem("file", FieldMissing())])
        return self.file


async def receive_upload(request: Request[Any, Any, Any], files: FileStore, limit: int) -> Upload:
    """Takes in a form whose part ``file`` is a file.

    Raises:
        MediaTypeUnsupported, FormMalformed: It is no such form.
        UploadTooLarge: The file is over the limit; known at once when the request says its length.
        InvalidFields: There is no file, or two. The file that came is then forgotten again.
    """
    kind, options = request.content_type
    if kind != MULTIPART:
        raise MediaTypeUnsupported(expected=MULTIPART)
    if (request.content_length or 0) > limit + FORM_ALLOWANCE:
        raise UploadTooLarge(limit=limit)
    upload = Upload()
    try:
        async with aclosing(_events(request, options.get("boundary", ""))) as events:
            await _take_parts(events, upload, files)
    except BaseException:
        await forget(upload, files)
        raise
    upload.received()
    return upload


async def forget(upload: Upload, files: FileStore) -> None:
    """Lets go of a file that nothing came of."""
    if upload.file is not None:
        await files.discard(upload.file.stored_as)


async def _events(request: Request[Any, Any, Any], boundary: str) -> AsyncGenerator[Event, None]:
    """The parts of the form: each a segment, then its bytes, then None."""
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS) as parser:
            async for chunk in request.stream():
                if parser.closed or not chunk:
                    break
                for event in parser.parse(chunk):
                    yield event
    except MultipartError as malformed:
        raise FormMalformed from malformed


async def _take_parts(events: AsyncIterator[Event], upload: Upload, files: FileStore) -> None:
    async for event in events:
        if not isinstance(event, MultipartSegment):
            raise FormMalformed
        if event.name == "file":
            if upload.file is not None:
                raise InvalidFields([FieldProblem("file", FieldDoubled())])
            async with aclosing(_bytes_of_part(events)) as content:
                upload.file = await files.receive(content, filename_of(event))
        else:
            upload.fields.append((event.name or "", await _text_of_part(events)))


async def _bytes_of_part(events: AsyncIterator[Event]) -> AsyncGenerator[bytes, None]:
    """The bytes of one part, to its end."""
    async for event in events:
        if event is None:
            return
        if isinstance(event, bytes | bytearray):
            yield bytes(event)


async def _text_of_part(events: AsyncIterator[Event]) -> str:
    text = bytearray()
    async with aclosing(_bytes_of_part(events)) as pieces:
        async for piece in pieces:
            text += piece
            if len(text) > _LONGEST_FIELD:
                raise FormMalformed
    try:
        return text.decode()
    except UnicodeDecodeError as foreign:
        raise FormMalformed from foreign


def filename_of(segment: MultipartSegment) -> str:
    """The sender's name of the file: its last part, without control characters, and never empty."""
    given = (segment.filename or "").replace("\\", "/").rpartition("/")[2]
    tidy = "".join(character for character in given if character.isprintable()).strip()
    return tidy[:_LONGEST_FILENAME] or "file"
