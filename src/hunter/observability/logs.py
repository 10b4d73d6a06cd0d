"""Logs: one event a line, its fields by an allow-list, e-mail addresses and names of companies and people masked.

In: what the rooms say by structlog, and what libraries say by `logging`. Out: JSON lines (readable ones in development)
on one stream, each with the id of the request or job that was bound at the edge.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, LogfmtRenderer, TimeStamper
from structlog.stdlib import BoundLogger, LoggerFactory, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import Processor

from hunter.observability.fields import MASKED_FIELDS, PLAIN_FIELDS
from hunter.observability.masking import Masking

#: Frames of a traceback that are named, the innermost last.
_FRAMES: Final = 6
#: They name every address and every byte where they are asked to; our own lines say what is needed.
_QUIET_LIBRARIES: Final = ("uvicorn.access", "httpcore", "httpx", "asyncio", "sqlalchemy.engine")

Event = MutableMapping[str, Any]


def configure_logs(*, level: str, is_json: bool, masking: Masking, stream: TextIO | None = None) -> None:
    """Send every log line of this process through the allow-list to one stream, standard error by default.

    Called once, at the start of a process; called again it replaces what was set.
    """
    shared: list[Processor] = [merge_contextvars, add_log_level, add_logger_name, TimeStamper(fmt="iso", utc=True)]
    renderer = JSONRenderer(ensure_ascii=False) if is_json else LogfmtRenderer(bool_as_flag=False)
    formatter = ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[ProcessorFormatter.remove_processors_meta, AllowList(masking), renderer],
        # Told by the allow-list; the standard library would append the whole traceback.
        keep_exc_info=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=BoundLogger,
        logger_factory=LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def logger_of(room: str) -> BoundLogger:
    """Return the logger of a room; an event is a name in snake_case and fields of the allow-list."""
    return cast(BoundLogger, structlog.get_logger(room))


class AllowList:
    """Keeps the fields that may be seen, masks those that must not be read, and names how many were dropped."""

    def __init__(self, masking: Masking) -> None:
        self._masking = masking

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        described = {**event, **self._error_fields(event)}
        kept = {
            name: self._shown(name, value)
            for name, value in described.items()
            if name in PLAIN_FIELDS and value is not None
        }
        masked = {
            name: self._masking.reference(str(value))
            for name, value in described.items()
            if name in MASKED_FIELDS and value is not None
        }
        dropped = described.keys() - PLAIN_FIELDS - MASKED_FIELDS - {"exc_info", "stack_info"}
        # The names are ours, the values may be anybody's: so only names are told.
        note = {"dropped_fields": sorted(map(self._masking.scrub, dropped))} if dropped else {}
        return {**kept, **masked, **note}

    def _shown(self, name: str, value: object) -> object:
        if isinstance(value, bool | int | float):
            return value
        if isinstance(value, list | tuple | set | frozenset):
            return [self._shown(name, item) for item in value]
        if isinstance(value, Mapping):
            return {self._masking.scrub(str(key)): self._shown(name, item) for key, item in value.items()}
        return self._masking.scrub(str(value))

    def _error_fields(self, event: Event) -> dict[str, object]:
        """Describe the exception of a line, if it has one, by its kind, the first line of its text, and its place.

        Only the first line: databases quote whole rows in the others.
        """
        error = _exception_of(event.get("exc_info"))
        if error is None:
            return {}
        first_line = (str(error).splitlines() or [""])[0]
        return {"error_type": type(error).__name__, "error_text": first_line, "where": places(error.__traceback__)}


def places(trace: TracebackType | None) -> list[str]:
    """Return the innermost frames of a traceback as `file:line`, without the folders of this machine."""
    return [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in extract_tb(trace)[-_FRAMES:]]


def _exception_of(value: object) -> BaseException | None:
    if isinstance(value, BaseException):
        return value
    if isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], BaseException):
        return value[1]
    return sys.exc_info()[1] if value is True else None
