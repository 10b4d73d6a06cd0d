"""Metrics: what this process has counted, as JSON sections and in the Prometheus format.

In: counts from the rooms, with plain words as labels. Out: the sections of engine specification 7.3, and text. Domains
are told only to those who may see them.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Final

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client import Counter as PrometheusCounter

#: Days whose counts are kept: a week.
_DAYS: Final = 7
#: Domains and endpoints that are named at most.
_TOP: Final = 10
#: Domains that are counted at most; further ones are counted together.
_MOST_DOMAINS: Final = 1000
_OTHERS: Final = "others"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 15.0)


class DayCounter:
    """Counts by day, for the last seven days."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._days: deque[tuple[date, int]] = deque(maxlen=_DAYS)

    def add(self) -> None:
        """Count one now."""
        today = self._clock().date()
        if self._days and self._days[-1][0] == today:
            self._days[-1] = (today, self._days[-1][1] + 1)
        else:
            self._days.append((today, 1))

    def since(self, days: int) -> int:
        """Return the count of the last so many days, today included."""
        first = self._clock().date() - timedelta(days=days - 1)
        return sum(count for day, count in self._days if day >= first)


class Metrics:
    """All counts of one process; safe to use from several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._lock = Lock()
        self._registry = CollectorRegistry()
        self._requests = PrometheusCounter(
            "hunter_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "hunter_http_request_seconds",
            "Time to the end of the answer",
            ("method", "route"),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._errors = PrometheusCounter(
            "hunter_errors", "Errors by component", ("component", "severity"), registry=self._registry
        )
        self._deprecated = PrometheusCounter(
            "hunter_deprecated_calls", "Calls of old and retired paths", ("endpoint",), registry=self._registry
        )
        self._limiter = PrometheusCounter(
            "hunter_rate_limit", "Answers of the rate limiter", ("limiter", "answer"), registry=self._registry
        )
        self._error_components: Counter[str] = Counter()
        self._error_severities: Counter[str] = Counter()
        self._error_days = DayCounter(clock)
        self._endpoints: Counter[str] = Counter()
        self._domains: Counter[str] = Counter()
        self._deprecated_days = DayCounter(clock)
        self._limits: dict[str, Counter[str]] = {}

    def count_request(self, method: str, route: str, *, status: int, seconds: float) -> None:
        """Count one answered request; `route` is the path with its parameters unfilled."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def count_error(self, component: str, severity: str) -> None:
        """Count one error."""
        self._errors.labels(component, severity).inc()
        with self._lock:
            self._error_components[component] += 1
            self._error_severities[severity] += 1
            self._error_days.add()

    def count_deprecated(self, endpoint: str, domain: str | None) -> None:
        """Count one call of an old or retired path."""
        self._deprecated.labels(endpoint).inc()
        with self._lock:
            self._endpoints[endpoint] += 1
            self._deprecated_days.add()
            if domain:
                is_room = domain in self._domains or len(self._domains) < _MOST_DOMAINS
                self._domains[domain if is_room else _OTHERS] += 1

    def count_limit(self, limiter: str, *, is_acquired: bool) -> None:
        """Count one answer of a rate limiter."""
        answer = "acquired" if is_acquired else "hits"
        self._limiter.labels(limiter.partition("_")[0], answer).inc()
        with self._lock:
            self._limits.setdefault(limiter, Counter())[answer] += 1

    def sections(self, *, with_domains: bool) -> Mapping[str, Mapping[str, Any]]:
        """Return what was counted, by the sections and keys of the contract."""
        with self._lock:
            return {
                "rate_limit": self._rate_limit(),
                "errors": {
                    "total_errors": self._error_components.total(),
                    "errors_by_component": dict(self._error_components),
                    "errors_by_severity": dict(self._error_severities),
                    "daily_error_count": self._error_days.since(1),
                    "weekly_error_count": self._error_days.since(_DAYS),
                },
                "deprecated_endpoints": self._deprecated_calls(with_domains=with_domains),
            }

    def prometheus(self) -> bytes:
        """Return everything in the Prometheus text format; no domain is in it."""
        return generate_latest(self._registry)

    def _rate_limit(self) -> dict[str, Any]:
        keys = {name: {"hits": counts["hits"], "acquired": counts["acquired"]} for name, counts in self._limits.items()}
        return {
            "hits": sum(one["hits"] for one in keys.values()),
            "acquired": sum(one["acquired"] for one in keys.values()),
            "per_key": keys,
        }

    def _deprecated_calls(self, *, with_domains: bool) -> dict[str, Any]:
        calls: dict[str, Any] = {
            "total_calls": self._endpoints.total(),
            "calls_by_endpoint": dict(self._endpoints),
            "daily_call_count": self._deprecated_days.since(1),
            "weekly_call_count": self._deprecated_days.since(_DAYS),
            "top_endpoints": [{"endpoint": name, "calls": count} for name, count in self._endpoints.most_common(_TOP)],
        }
        if with_domains:
            calls["calls_by_domain"] = dict(self._domains)
            calls["top_domains"] = [{"domain": name, "calls": count} for name, count in self._domains.most_common(_TOP)]
        return calls
