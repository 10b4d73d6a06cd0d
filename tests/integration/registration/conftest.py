"""Registries on real sockets in a process of their own, and collectors that ask them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from hunter.collectors.registration.collect import RegistrationCollector
from hunter.lab.certificate import client_context
from hunter.lab.registry.registrations import Layout, Registered, RegistryWorld, parse_fault
from hunter.lab.registry.running import RunningRegistry, start_registry
from hunter.resilience.rate_limiter import RateLimiter

TODAY = date(2026, 11, 24)
EXPIRES = TODAY + timedelta(days=30)
OpenCollector = Callable[..., AbstractAsyncContextManager[RegistrationCollector]]

#: Names whose RDAP server is in trouble and whose WHOIS server is well; and the other way round.
RDAP_FAULTS = {
    **{
        trouble: trouble
        for trouble in ("dead", "cut", "quota", "html", "garbage", "longer", "shorter", "huge", "empty")
    },
    **{"server-error": "server_error", "wrong-name": "wrong_name", "drip": "drip:20", "slow": "slow:150"},
    **{"private": "redirect:https://10.0.0.1/rdap/domain/x", "mapped": "redirect:https://[::ffff:127.0.0.1]:9/"},
    **{
        "nat64": "redirect:https://[64:ff9b::a00:1]/",
        "file": "redirect:file:///etc/passwd",
        "down": "redirect:http://rdap.a-hunter.net/",
        "nowhere": "redirect:",
    },
    **{
        "metadata": "redirect:https://169.254.169.254/latest/",
        "octal": "redirect:https://0177.0.0.1/",
        "number": "redirect:https://2130706433/",
        "user": "redirect:https://user:word@rdap.a-hunter.net/",
        "bad": "redirect:https://[",
        "no-label": "redirect:https://xn--a/",
    },
}
WHOIS_FAULTS = {
    **{trouble: trouble for trouble in ("dead", "cut", "quota", "html", "garbage", "empty")},
    **{"server-error": "server_error", "wrong-name": "wrong_name"},
    **{
        "private": "refer:10.0.0.1",
        "loopback": "refer:127.0.0.1:9",
        "mapped": "refer:::ffff:10.0.0.1",
        "local": "refer:localhost",
    },
}


def registered(
    domain: str,
    *,
    rdap: str = "",
    whois: str = "",
    layout: Layout = Layout.TRABIS,
    encoding: str = "utf-8",
    has_rdap: bool = True,
) -> Registered:
    """A registered name, with the troubles that its servers have."""
    return Registered(
        domain,
        "Örnek Kayıt Şirketi A.Ş.",
        TODAY - timedelta(days=1000),
        EXPIRES,
        (f"ns1.{domain}", f"ns2.{domain}"),
        statuses=("clientTransferProhibited",),
        layout=layout,
        encoding=encoding,
        has_rdap=has_rdap,
        rdap_fault=parse_fault(rdap),
        whois_fault=parse_fault(whois),
    )


def _world() -> RegistryWorld:
    names = [
        *(registered(f"rdap-{name}.example", rdap=fault) for name, fault in RDAP_FAULTS.items()),
        *(registered(f"whois-{name}.example", whois=fault, has_rdap=False) for name, fault in WHOIS_FAULTS.items()),
        *(registered(f"whois-{layout.replace('_', '-')}.example", layout=layout, has_rdap=False) for layout in Layout),
        # So slow that the registrar comes in time and the expiry day does not.
        registered("whois-drip.example", whois="drip:35", layout=Layout.ICANN, has_rdap=False),
        registered("both-dead.example", rdap="dead", whois="dead"),
        registered("whois-huge.example", whois="huge", has_rdap=False),
        registered("latin-hunter.com.tr", layout=Layout.TRABIS_OLD, encoding="iso8859-9"),
        registered("well.example"),
        registered("xn--trke-2oa7j.com.tr"),
    ]
    return RegistryWorld({one.domain: one for one in names}, today=TODAY)


@pytest.fixture(scope="session")
def registry() -> Iterator[RunningRegistry]:
    """The world of this folder, served for all its tests."""
    with start_registry(_world()) as running:
        yield running


@pytest.fixture
def open_collector(registry: RunningRegistry) -> OpenCollector:
    """Opens collectors that ask these registries, by TLS and without a limit unless told otherwise."""

    def open_one(*, by_tls: bool = True, **more: Any) -> RegistrationCollector:
        usual: dict[str, Any] = {
            "limiter": RateLimiter("whois", 0),
            "rdap_base": registry.rdap_tls_base if by_tls else registry.rdap_base,
            "whois_server": registry.whois_server,
            "tls": client_context(registry.ports.certificate),
        }
        return RegistrationCollector(**{**usual, **more})

    return open_one
