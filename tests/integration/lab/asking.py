"""dnspython as the client of a name server of the lab."""

import socket
from typing import Any

import dns.message
import dns.query
import dns.rcode

from hunter.lab.dns.name_server import NameServer

SECONDS = 5.0


def query_for(name: str, rdtype: str, *, payload: int | None = 1232) -> dns.message.QueryMessage:
    """A question, with EDNS unless `payload` is None."""
    if payload is None:
        return dns.message.make_query(name, rdtype, use_edns=False)
    return dns.message.make_query(name, rdtype, use_edns=0, payload=payload)


def by_udp(
    server: NameServer, name: str, rdtype: str, *, payload: int | None = 1232, timeout: float = SECONDS
) -> dns.message.Message:
    query = query_for(name, rdtype, payload=payload)
    return dns.query.udp(query, server.host, port=server.port, timeout=timeout)


def by_tcp(server: NameServer, name: str, rdtype: str, *, timeout: float = SECONDS) -> dns.message.Message:
    return dns.query.tcp(query_for(name, rdtype), server.host, port=server.port, timeout=timeout)


def rcode_of(answer: dns.message.Message) -> str:
    return dns.rcode.to_text(answer.rcode())


def lines_of(section: Any) -> list[str]:
    """The records of a section, a line each: `name type data`."""
    return [
        f"{rrset.name.to_text(omit_final_dot=True)} {rrset.rdtype.name} {rdata.to_text()}"
        for rrset in section
        for rdata in rrset
    ]


def udp_client(server: NameServer) -> socket.socket:
    """A UDP socket connected to the server, with a time-out so that a failing test ends."""
    client = socket.socket(socket.AF_INET6 if ":" in server.host else socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(SECONDS)
    client.connect((server.host, server.port))
    return client
