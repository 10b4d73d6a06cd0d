"""What a resolver still holds, by kind; nothing when every question is settled. The one place that looks inside."""

from hunter.collectors.mail.resolver import Resolver


def leftovers(resolver: Resolver) -> dict[str, int]:
    """Return what is left of finished questions: places in windows, queued errands, ids, tasks; not empty kinds."""
    lines = resolver._lines
    ports = [port for line in lines for port in (*line.ports._ports, *line.ports._worn)]
    counts = {
        "places in windows": sum(abs(line.in_flight) for line in lines),
        "queued": sum(not errand.is_done for line in lines for errand in line.queue),
        "ids": sum(len(port.pending) for port in ports),
        "more ports than allowed": sum(max(len(line.ports._ports) - line.ports._count, 0) for line in lines),
    }
    return {kind: count for kind, count in counts.items() if count}
