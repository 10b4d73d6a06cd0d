"""Counts by section and by day; no domain is told to those who may not see it."""

from datetime import UTC, datetime, timedelta

from hunter.observability.metrics import Metrics


class Days:
    """A clock that is moved by days."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_errors_are_counted_by_day_for_a_week() -> None:
    days = Days()
    metrics = Metrics(days)
    for age in (10, 6, 1, 0, 0):
        days.now = datetime(2026, 3, 12, 12, tzinfo=UTC) - timedelta(days=age)
        metrics.count_error("db", "error")
    errors = metrics.sections(with_domains=False)["errors"]
    assert errors["total_errors"] == 5
    assert (errors["daily_error_count"], errors["weekly_error_count"]) == (2, 4)
    assert errors["errors_by_component"] == {"db": 5}


def test_domains_are_told_only_where_they_may_be_seen() -> None:
    metrics = Metrics(Days())
    for _ in range(3):
        metrics.count_deprecated("GET /leads/{domain}", "firma.example")
    open_to_all = metrics.sections(with_domains=False)["deprecated_endpoints"]
    assert "firma.example" not in str(open_to_all)
    assert open_to_all["top_endpoints"] == [{"endpoint": "GET /leads/{domain}", "calls": 3}]
    told = metrics.sections(with_domains=True)["deprecated_endpoints"]
    assert told["top_domains"] == [{"domain": "firma.example", "calls": 3}]
    assert b"firma.example" not in metrics.prometheus()


def test_names_of_domains_do_not_pile_up() -> None:
    metrics = Metrics(Days())
    for number in range(1200):
        metrics.count_deprecated("GET /leads/{domain}", f"firma-{number}.example")
    told = metrics.sections(with_domains=True)["deprecated_endpoints"]
    assert len(told["calls_by_domain"]) == 1001
    assert told["calls_by_domain"]["others"] == 200


def test_refusals_of_the_limiter_are_hits() -> None:
    metrics = Metrics(Days())
    metrics.count_limit("api_key_1", is_acquired=True)
    metrics.count_limit("api_key_1", is_acquired=False)
    told = metrics.sections(with_domains=False)["rate_limit"]
    assert (told["hits"], told["acquired"]) == (1, 1)
    assert told["per_key"] == {"api_key_1": {"hits": 1, "acquired": 1}}


def test_requests_are_told_to_prometheus_by_route() -> None:
    metrics = Metrics(Days())
    metrics.count_request("GET", "/leads/{domain}", status=200, seconds=0.02)
    text = metrics.prometheus().decode()
    assert 'hunter_http_requests_total{method="GET",route="/leads/{domain}",status="200"} 1.0' in text
    assert 'hunter_http_request_seconds_bucket{le="0.025",method="GET",route="/leads/{domain}"} 1.0' in text
