"""How a log line is made: JSON in production, colours on a laptop, never a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    import logging
    from collections.abc import MutableMapping

HIDDEN = "[hidden]"
PLAIN = (bool, int, float, type(None))
SECRET_NAMES = re.compile(
    r"password|passwd|secret|token|authorization|cookie|otp|api_?key|session_?key|private_?key", re.IGNORECASE
)
SECRET_VALUES = (
    re.compile(r"\bamp_[A-Za-z0-9]{20,}"),
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?<=/git/i/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=/claude/i/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=/s/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=/-/user/token/)[^\s/\"']+"),
    re.compile(r"(?<=/password/reset/key/)[^\s/\"']+"),
    re.compile(r"(?<=/confirm-email/)[^\s/\"']+"),
    re.compile(r"(?i)(?<=[?&])(password|passwd|token|secret|key|code|otp|session)=[^\s&\"']+"),
    re.compile(r"(?<=/-/npm/v1/tokens/token/)[^\s/\"']+"),
    re.compile(r"(?<=/-/v1/done/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=/login/)[A-Za-z0-9_-]{16,}"),
    re.compile(r"(?<=://)[^\s/:@\"']+:[^\s/@\"']+(?=@)"),
    re.compile(r"\b(sk|rk|whsec)_(live|test)?_?[A-Za-z0-9]{16,}"),
)


def scrubbed(value: Any) -> Any:
    """`value` without anything that looks like a secret; containers are walked, other objects become their text."""
    if isinstance(value, str):
        for pattern in SECRET_VALUES:
            value = pattern.sub(HIDDEN, value)
        return value
    if isinstance(value, dict):
        return {key: HIDDEN if SECRET_NAMES.search(str(key)) else scrubbed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [scrubbed(item) for item in value]
    return value if isinstance(value, PLAIN) else scrubbed(repr(value))


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: hide secrets in every field of the event."""
    return {key: HIDDEN if SECRET_NAMES.search(key) else scrubbed(item) for key, item in event.items()}


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure(*, form: str) -> None:
    """Set structlog up once; `form` is `json` or `console`."""
    tail = [] if form == "console" else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*SHARED, *tail, scrub, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_config(*, form: str, level: str) -> dict[str, Any]:
    """The dictionary for `logging.config`: one handler to standard error, one formatter."""
    renderer: Any = structlog.dev.ConsoleRenderer() if form == "console" else structlog.processors.JSONRenderer()
    chain = [*SHARED, structlog.stdlib.ExtraAdder(), structlog.processors.format_exc_info, scrub]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, scrub, renderer],
                "foreign_pre_chain": chain,
            },
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["out"], "level": "WARNING", "propagate": False},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }


def server_formatter() -> logging.Formatter:
    """The formatter of programs that log before Django is there (deploy/server-log.json)."""
    chain = [*SHARED, structlog.stdlib.ExtraAdder(), structlog.processors.format_exc_info, scrub]
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        scrub,
        structlog.processors.JSONRenderer(),
    ]
    return structlog.stdlib.ProcessorFormatter(processors=last, foreign_pre_chain=chain)
