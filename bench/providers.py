"""Provider truth: how often the verdict on real domains is right, measured over the wire.

In: the path of labelled rows. Out: figures with their floors. The lab's name server answers with the recorded evidence,
the collector asks as it asks everybody, the core judges. Then the MX of plain rows is hidden, behind a gateway's name
and behind the domain's own, and the question is asked again: what is the other evidence worth?
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from bench.report import Better, Measure, Unit
from hunter.collectors.gathering import Collectors
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.collectors.survey import Survey, requests_for
from hunter.core.errors import InvalidInput
from hunter.core.provider.classification import Classification, classify
from hunter.core.provider.providers import M365State, Provider
from hunter.core.provider.signatures import Signatures
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import RecordsWorldSource
from hunter.lab.world_sources.truth_rows import TruthRow, read_truth_rows, served_records
from hunter.resilience.rate_limiter import RateLimiter
from hunter.wiring.process import utc_now

#: One MX name of each of the commonest gateways, taken in turn.
GATEWAY_HOSTS: Final = (
    "mx1.hc123-45.iphmx.com",
    "mxa-00a1b2c3.gslb.pphosted.com",
    "eu-smtp-inbound-1.mimecast.com",
    "mx01.hornetsecurity.com",
    "firma.in.tmes.trendmicro.eu",
    "d123456a.ess.de.barracudanetworks.com",
)
#: Hosts that the labels call something else than the specification does.
_LEFT_OUT: Final = ("mailspamprotection.com", "registrar-servers.com")
_CONCURRENCY: Final = 500

Judged: TypeAlias = list[tuple[TruthRow, Classification]]


async def measure_providers(path: Path, signatures: Signatures) -> list[Measure]:
    """Measure all figures; takes about half a minute for twelve thousand rows.

    Raises `InvalidInput` for a file without rows that can be scored.
    """
    rows = read_truth_rows(path)
    plain = [row for row in rows if row.basis == "mx_direct" and row.is_sure and not row.is_mx_only]
    if not plain:
        raise InvalidInput(f"{path} holds no row with full evidence and a sure label")
    behind_gateway = {row.domain: GATEWAY_HOSTS[n % len(GATEWAY_HOSTS)] for n, row in enumerate(plain)}
    behind_own = {row.domain: f"mail.{row.domain}" for row in plain}
    open_trial = await judge_rows(rows, {}, signatures)
    gateway_trial = await judge_rows(plain, behind_gateway, signatures)
    own_trial = await judge_rows(plain, behind_own, signatures)
    sure = [(row, found) for row, found in open_trial if row.is_sure]
    return [
        *m365_figures("M365", sure, precision=0.997, recall=0.99),
        provider_accuracy(sure),
        gateways_named(open_trial),
        false_gateways(sure),
        *m365_figures("M365, MX hidden behind a gateway", gateway_trial, precision=0.993, recall=0.99),
        *m365_figures("M365, MX hidden behind mail.<domain>", own_trial, precision=0.995, recall=0.98),
    ]


async def judge_rows(rows: list[TruthRow], hidden_behind: Mapping[str, str], signatures: Signatures) -> Judged:
    """Serve the rows, survey every one of them and classify what was collected."""
    by_domain: dict[str, list[TruthRow]] = {}
    for row in rows:
        by_domain.setdefault(row.domain, []).append(row)
    # A domain has one zone, so of several rows about it only the first is served; all are held against its answers.
    records = served_records((same[0] for same in by_domain.values()), hidden_behind)
    judged: Judged = []
    with start_name_server(RecordsWorldSource(records, domains=tuple(by_domain))) as server:
        async with Resolver([Upstream(server.host, server.port)]) as resolver:
            collectors = Collectors(MailCollector(resolver, signatures))
            survey = Survey(collectors, clock=utc_now, limiter=RateLimiter("dns", 0))
            async for surveyed in survey.many(requests_for(by_domain), concurrency=_CONCURRENCY):
                found = classify(surveyed.evidence, signatures)
                judged += [(row, found) for row in by_domain[surveyed.evidence.domain]]
    return judged


def m365_figures(name: str, judged: Judged, *, precision: float, recall: float) -> list[Measure]:
    """Compare provider and Microsoft 365 answer with the label: precision and recall of each."""
    ways: tuple[tuple[str, Callable[[Classification], bool]], ...] = (("provider", _is_provider), ("answer", _is_yes))
    figures: list[Measure] = []
    for way, is_m365 in ways:
        counts = Counter((row.provider == Provider.M365, is_m365(found)) for row, found in judged)
        hits = counts[True, True]
        figures.append(_share(f"{name}, by {way}: precision", hits, hits + counts[False, True], bound=precision))
        figures.append(_share(f"{name}, by {way}: recall", hits, hits + counts[True, False], bound=recall))
    return figures


def provider_accuracy(judged: Judged) -> Measure:
    """Compare the provider with the label, hosting, local and named services merged."""
    hits = sum(_merged(row.provider) == _merged(found.provider) for row, found in judged)
    return _share("provider, merged: accuracy", hits, len(judged), bound=0.97)


def gateways_named(judged: Judged) -> Measure:
    """Count the gateways that are named, on every row that has one."""
    named = [row.gateway == found.gateway for row, found in judged if row.gateway]
    return _share("gateway named", sum(named), len(named), bound=0.98)


def false_gateways(judged: Judged) -> Measure:
    """Count the gateways named where there is none, but for hosts that the labels call otherwise."""
    named = [found.gateway is not None for row, found in judged if not row.gateway and not _is_left_out(row)]
    return _share("false gateways", sum(named), len(named), bound=0.003, better=Better.LOWER)


def _share(name: str, hits: int, total: int, *, bound: float, better: Better = Better.HIGHER) -> Measure:
    # Nothing to count proves nothing, neither that a floor is reached nor that it is missed.
    figure = hits / total if total else None
    return Measure(name, figure, Unit.PERCENT, f"{hits} of {total}", better, floor=bound)


def _is_provider(found: Classification) -> bool:
    return found.provider is Provider.M365


def _is_yes(found: Classification) -> bool:
    return found.m365.state in (M365State.YES, M365State.LIKELY)


def _merged(provider: str) -> str:
    if provider == "Other:Forwarding":
        return Provider.UNKNOWN
    is_server = provider.startswith("Other:") or provider in (Provider.HOSTING, Provider.LOCAL)
    return "server" if is_server else provider


def _is_left_out(row: TruthRow) -> bool:
    return any(host.endswith(_LEFT_OUT) for host in row.hosts)
