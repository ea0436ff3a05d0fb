"""What is logged, how it looks, and what never gets into it.

Passwords, tokens and the ``Authorization`` header are struck out wherever they stand, and a line
break in a value cannot begin a line that looks like one of ours.
"""

import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from inventoryai_server.sections import LogFormat

STRUCK_OUT: Final = "[…]"
_DEEPEST: Final = 6
_META: Final = ("_record", "_from_structlog")
"""structlog's own notes on a library's record; taken out again before anything is written."""

_ACCESS: Final = "inventoryai_http.access"
_PARTS: Final = "inventoryai_workers.parts"
_RECEIVER: Final = "taskiq.receiver"
_TALKATIVE: Final = ("httpx", "httpcore", "taskiq")
"""Libraries that tell of every request or message; only what goes wrong there is worth a line."""

_SECRET_NAME: Final = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|api[-_]?key|credential|\botp\b",
    re.IGNORECASE,
)
_HARMLESS_NAME: Final = re.compile(r"^(token_type|.*_(id|count|bytes|minutes))$", re.IGNORECASE)
_SECRET_TEXT: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {STRUCK_OUT}"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"), STRUCK_OUT),  # a JSON web token
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s/@]+@", re.IGNORECASE), rf"\1:{STRUCK_OUT}@"),
    (
        re.compile(
            r"\b([\w-]*(?:password|passwd|secret|token|api[-_]?key|authorization)[\w-]*[\"']?\s*[=:]\s*[\"']?)"
            r"[^\s\"'&,;}]+",
            re.IGNORECASE,
        ),
        rf"\1{STRUCK_OUT}",
    ),
)
_BREAKS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


def configure(how: LogFormat, *, level: int = logging.INFO, to: TextIO | None = None) -> None:
    """Sets up logging for the whole process: ours through structlog, and libraries' through it too.

    Args:
        how: ``console`` for people, ``json`` for machines.
        level: What is less important is not written.
        to: Where it is written; standard error by default, since answers go to standard output.
    """
    stream = to or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        strike_out,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _without_colours, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(how, stream)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # On a console people look for what went wrong; requests that were answered, and parts of a forecast that
    # were done, are for machines to count.
    for name in (_ACCESS, _PARTS):
        logging.getLogger(name).setLevel(max(level, logging.WARNING) if how == "console" else level)
    # It warns of every ordinary stop.
    logging.getLogger(_RECEIVER).setLevel(max(level, logging.ERROR))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def strike_out(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Takes secrets and line breaks out of an event: by the names of values, and by how they look."""
    return {name: value if name in _META else _value(str(name), value) for name, value in event.items()}


def _without_colours(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Uvicorn says what it says a second time, for terminals."""
    event.pop("color_message", None)
    return event


def clean(text: str) -> str:
    """A text without anything that looks like a secret, and on one line."""
    for pattern, instead in _SECRET_TEXT:
        text = pattern.sub(instead, text)
    return _BREAKS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _renderer(how: LogFormat, stream: TextIO) -> Processor:
    if how == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())


def _value(name: str, value: Any, depth: int = 0) -> Any:
    if _SECRET_NAME.search(name) and not _HARMLESS_NAME.match(name):
        return STRUCK_OUT
    if name == "exception":
        # A traceback may have lines, each set in, so that none passes for a new entry of the log.
        return "\n".join(f"  {clean(line)}" for line in str(value).splitlines())
    return _plain(value, depth)


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping) and depth < _DEEPEST:
        return {clean(str(name)): _value(str(name), inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return clean(str(value))
