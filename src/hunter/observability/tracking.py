"""Error reports to Sentry: only with a DSN, only from production or staging, without anything that names people.

In: an error with its component and severity, given by who caught it. Out: a report without request bodies, headers,
query strings, local variables or e-mail addresses.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, Literal

import sentry_sdk
from sentry_sdk.integrations.fastapi import FastApiIntegration
from sentry_sdk.integrations.sqlalchemy import SqlalchemyIntegration
from sentry_sdk.integrations.stdlib import StdlibIntegration
from sentry_sdk.types import Event, Hint

from hunter.observability.masking import Masking

#: Environments whose errors somebody waits for.
TRACKED_ENVIRONMENTS: Final = frozenset({"production", "staging"})
_TRACED_SHARE: Final = 0.1
#: Parts of a report that may carry what people sent or are.
_PRIVATE_PARTS: Final = ("user", "server_name", "breadcrumbs", "extra", "modules")
_PUBLIC_REQUEST_PARTS: Final = ("method",)


class Component(StrEnum):
    """Which neighbour or part an error belongs to."""

    ALEMBIC = "alembic"
    REDIS = "redis"
    DATABASE = "db"
    DNS = "dns"
    WHOIS = "whois"
    CELERY = "celery"
    ENRICHMENT = "enrichment"
    PARTNER_CENTER = "partner_center"
    D365 = "d365"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How bad it is."""

    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"


_LEVELS: Final[Mapping[Severity, Literal["fatal", "error", "warning"]]] = {
    Severity.CRITICAL: "fatal",
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
}

#: Takes a finished report instead of the network; for tests.
Sink = Callable[[Event], None]


def start_tracking(
    dsn: str | None, environment: str, *, release: str, masking: Masking, sink: Sink | None = None
) -> bool:
    """Begin to report errors of this process; returns whether anything will be reported."""
    if not dsn or environment not in TRACKED_ENVIRONMENTS:
        return False

    def scrubbed(event: Event, _hint: Hint) -> Event | None:
        report = scrub_report(event, masking)
        if sink is None:
            return report
        sink(report)
        return None

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        include_local_variables=False,
        max_request_body_size="never",
        # Nothing else is sent than errors and a share of traces: no sessions, no counts of what was dropped.
        traces_sample_rate=_TRACED_SHARE if sink is None else 0.0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=scrubbed,
        before_send_transaction=lambda event, _hint: scrub_report(event, masking),
        max_breadcrumbs=0,
        default_integrations=True,
        integrations=[FastApiIntegration(), SqlalchemyIntegration()],
        # It would hand ids of requests to every process that is started, those that read strangers' files too.
        disabled_integrations=[StdlibIntegration],
    )
    return True


def report_error(
    error: BaseException, component: Component, severity: Severity, *, limiter_fallback: str | None = None
) -> None:
    """Report one error with its tags; does nothing where tracking was not started."""
    with sentry_sdk.new_scope() as scope:
        scope.set_level(_LEVELS[severity])
        for tag, value in tags_of(error, component, severity, limiter_fallback=limiter_fallback).items():
            scope.set_tag(tag, value)
        sentry_sdk.capture_exception(error)


def tags_of(
    error: BaseException, component: Component, severity: Severity, *, limiter_fallback: str | None = None
) -> Mapping[str, str]:
    """Return the tags by which reports are found."""
    tags = {"component": component.value, "severity": severity.value, "error_type": type(error).__name__}
    if component is Component.ENRICHMENT:
        tags["hunter_enrichment_error"] = "true"
    if limiter_fallback is not None:
        tags["rate_limiter_fallback"] = limiter_fallback
    return tags


def scrub_report(event: Event, masking: Masking) -> Event:
    """Take everything private out of a report; the shape stays."""
    report: Any = dict(event)
    for part in _PRIVATE_PARTS:
        report.pop(part, None)
    request = report.get("request") or {}
    report["request"] = {name: request[name] for name in _PUBLIC_REQUEST_PARTS if name in request}
    for value in (report.get("exception") or {}).get("values") or []:
        value["value"] = masking.scrub((str(value.get("value") or "").splitlines() or [""])[0])
    if isinstance(report.get("message"), str):
        report["message"] = masking.scrub(report["message"])
    report.pop("logentry", None)
    for span in report.get("spans") or []:
        span.pop("data", None)
        span["description"] = masking.scrub(str(span.get("description") or ""))
    scrubbed: Event = report
    return scrubbed
