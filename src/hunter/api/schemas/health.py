"""Health and metrics, by engine specification 7.3. Sections that nothing feeds yet stand there with zeros."""

from typing import Any

from pydantic import ConfigDict, Field

from hunter.api.schemas.shapes import ResponseModel


class Alive(ResponseModel):
    """The process responds."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "alive"}]})

    status: str = "alive"


class Readiness(ResponseModel):
    """Readiness with the result of each check."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "ready", "checks": {"database": "ok", "redis": "ok"}}]}
    )

    status: str
    """`ready`, `not_ready` or `closing`."""
    checks: dict[str, str]
    """`ok` or `failed` by dependency."""


class HealthOverview(ResponseModel):
    """State of all components."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "ok",
                    "database": "ok",
                    "redis": "ok",
                    "environment": "development",
                    "enrichment_enabled": False,
                    "partner_center_enabled": False,
                    "d365_enabled": False,
                    "version": "0.1.0",
                }
            ]
        }
    )

    status: str
    """`ok`, or `degraded` where a check failed."""
    database: str
    redis: str
    environment: str
    enrichment_enabled: bool
    partner_center_enabled: bool
    d365_enabled: bool
    version: str


class CacheCounts(ResponseModel):
    """Counts of one cache, or of all."""

    hits: int = 0
    misses: int = 0
    total: int = 0
    hit_rate_percent: float = 0.0
    sets: int = 0
    deletes: int = 0


class CacheMetrics(CacheCounts):
    """Counts of the cache."""

    ttl_expirations: int = 0
    by_kind: dict[str, CacheCounts] = Field(default_factory=dict)


class RateLimitMetrics(ResponseModel):
    """Counts of the rate limiter; a hit is a refusal."""

    hits: int = 0
    acquired: int = 0
    fallback_used: int = 0
    circuit_breaker_open: int = 0
    circuit_breaker_closed: int = 0
    per_key: dict[str, dict[str, int]] = Field(default_factory=dict)


class BulkMetrics(ResponseModel):
    """Counts of bulk operations."""

    batch_success: int = 0
    batch_failure: int = 0
    batch_success_rate_percent: float = 0.0
    deadlock_occurrences: int = 0
    partial_commit_recoveries: int = 0
    average_batch_processing_time_seconds: float = 0.0
    total_batches: int = 0
    total_domains_processed: int = 0
    total_domains_succeeded: int = 0
    total_domains_failed: int = 0
    domain_success_rate_percent: float = 0.0


class ErrorMetrics(ResponseModel):
    """Counts of errors."""

    total_errors: int = 0
    errors_by_component: dict[str, int] = Field(default_factory=dict)
    errors_by_severity: dict[str, int] = Field(default_factory=dict)
    daily_error_count: int = 0
    weekly_error_count: int = 0


class DeprecatedMetrics(ResponseModel):
    """Calls of deprecated and retired paths; domains are shown to the admin only."""

    total_calls: int = 0
    calls_by_endpoint: dict[str, int] = Field(default_factory=dict)
    calls_by_domain: dict[str, int] | None = None
    daily_call_count: int = 0
    weekly_call_count: int = 0
    top_endpoints: list[dict[str, Any]] = Field(default_factory=list)
    top_domains: list[dict[str, Any]] | None = None


class PartnerCenterMetrics(ResponseModel):
    """Counts of referral syncs."""

    sync_runs: int = 0
    sync_success: int = 0
    sync_failed: int = 0
    sync_skipped: int = 0
    success_rate: float = 0.0
    total_fetched: int = 0
    total_inserted: int = 0
    total_skipped: int = 0
    total_failed: int = 0
    last_sync_duration: float | None = None
    avg_sync_duration: float = 0.0


class D365Metrics(ResponseModel):
    """Counts of pushes to Dynamics 365."""

    push_requested_total: int = 0
    push_success_total: int = 0
    push_failed_total: int = 0
    push_queued_total: int = 0
    last_push_duration: float | None = None
    avg_push_duration: float = 0.0


class RescanMetrics(ResponseModel):
    """State of the daily rescan."""

    oldest_scan_age_seconds: float | None = None
    last_run_started_at: str | None = None
    last_run_finished_at: str | None = None
    last_run_done: int = 0
    last_run_left: int = 0
    changes_pending: int = 0
    changes_unconfirmed_total: int = 0


class MetricsAnswer(ResponseModel):
    """All metrics."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"cache": {"hits": 0}, "errors": {"total_errors": 2, "errors_by_component": {"db": 2}}}]
        }
    )

    cache: CacheMetrics = Field(default_factory=CacheMetrics)
    rate_limit: RateLimitMetrics = Field(default_factory=RateLimitMetrics)
    bulk_operations: BulkMetrics = Field(default_factory=BulkMetrics)
    errors: ErrorMetrics = Field(default_factory=ErrorMetrics)
    deprecated_endpoints: DeprecatedMetrics = Field(default_factory=DeprecatedMetrics)
    partner_center: PartnerCenterMetrics = Field(default_factory=PartnerCenterMetrics)
    d365: D365Metrics = Field(default_factory=D365Metrics)
    rescan: RescanMetrics = Field(default_factory=RescanMetrics)
