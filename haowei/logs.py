"""One line a turn, ids only: words for a terminal, JSON everywhere else. What libraries say goes the same way."""

import json
import logging
import sys
from typing import Any

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError
from structlog.typing import Processor

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)


def set_up_logs(*, level: int = logging.INFO) -> None:
    """Configure structlog and the standard library's logging for this process, on standard error."""
    terminal = sys.stderr.isatty()
    before: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        *([] if terminal else [structlog.processors.format_exc_info]),
    ]
    renderer: Processor = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(_to_json)
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    libraries.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
    libraries.addFilter(_is_news)
    logging.basicConfig(handlers=[libraries], level=logging.WARNING)


def _to_json(event: dict[str, Any], **_: object) -> str:
    return _ENCODER.encode(event)


def _is_news(record: logging.LogRecord) -> bool:
    """Bytes of strangers that are no HTTP, or are not packed as they say, were answered 400: the server is well."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | RequestPayloadError))
