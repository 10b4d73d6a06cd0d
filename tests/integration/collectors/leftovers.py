"""What a resolver still holds, by kind; nothing when every question is settled. The one place that looks inside."""

from hunter.collectors.mail.resolver import Resolver


def leftovers(resolver: Resolver) -> dict[str, int]:
    """Return what is left of finished questions: places in windows, queued queries, ids, tasks; not empty kinds."""
    states = resolver._states
    ports = [port for upstream in states for port in (*upstream.ports._ports, *upstream.ports._worn)]
    counts = {
        "places in windows": sum(abs(upstream.in_flight) for upstream in states),
        "queued": sum(not query.is_done for upstream in states for query in upstream.queue),
        "ids": sum(len(port.pending) for port in ports),
        "more ports than allowed": sum(
            max(len(upstream.ports._ports) - upstream.ports._count, 0) for upstream in states
        ),
    }
    return {kind: count for kind, count in counts.items() if count}
