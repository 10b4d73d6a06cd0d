"""Real domains with recorded DNS evidence and labels: read from a file, and put back on the wire.

In: a file of one JSON object a line (fields as its README describes them). Out: rows, and the records with which the
lab's name server answers for them. The project holds no such row; whoever has the file names its path.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hunter.core.errors import InvalidInput
from hunter.core.names.domain_name import is_valid_domain, normalise_domain
from hunter.lab.dns.worlds import Records

#: Labels of less confidence are guesses and are not scored.
SURE: Final = 0.8

_HOST: Final = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}", re.ASCII)
_TOKENS: Final = {
    "microsoft": "MS=ms00000001",
    "google": "google-site-verification=0",
    "apple": "apple-domain-verification=0",
    "facebook": "facebook-domain-verification=0",
    "atlassian": "atlassian-domain-verification=0",
    "docusign": "docusign=0",
    "amazonses": "amazonses:0",
}
#: What stands at a name that somebody includes; its own tree was not recorded.
_LEAF: Final = "v=spf1 ?all"


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One domain: the evidence that was recorded, and the label."""

    domain: str
    #: Mail hosts; no preferences were kept, so all have the same.
    hosts: tuple[str, ...]
    #: The SPF text, perhaps cut; empty for none.
    spf: str
    #: Every include and redirect name met below it.
    spf_names: tuple[str, ...]
    #: Selector and the target of its CNAME.
    dkim: tuple[tuple[str, str], ...]
    #: Targets of the autodiscover alias and service record; empty for none.
    autodiscover_cname: str
    autodiscover_srv: str
    vendors: tuple[str, ...]
    #: True where nothing but MX was looked up: the absence of all else says nothing.
    is_mx_only: bool
    provider: str
    gateway: str | None
    confidence: float
    #: The rule by which the label was decided.
    basis: str

    @property
    def is_sure(self) -> bool:
        """True for labels that are scored."""
        return self.confidence >= SURE


def read_truth_rows(path: Path) -> list[TruthRow]:
    """Read all rows; raises `InvalidInput` naming the file and the line."""
    rows: list[TruthRow] = []
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    rows.append(_row(json.loads(line)))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise InvalidInput(f"{path}: line {number} is no row of labelled evidence: {error!r}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    return [row for row in rows if is_valid_domain(row.domain)]


def _row(fields: Mapping[str, Any]) -> TruthRow:
    autodiscover = fields.get("autodiscover") or {}
    return TruthRow(
        domain=normalise_domain(fields["domain"]),
        hosts=_hosts(mx["host"] for mx in fields["mx"]),
        spf=fields.get("spf") or "",
        spf_names=_hosts(fields.get("spf_include_tree") or ()),
        dkim=tuple((selector, _host(target)) for selector, target in (fields.get("dkim") or {}).items()),
        autodiscover_cname=_host(autodiscover.get("autodiscover_cname") or ""),
        autodiscover_srv=_host(autodiscover.get("autodiscover_srv") or ""),
        vendors=tuple(sorted(fields.get("txt_verifications") or ())),
        is_mx_only=bool(fields.get("mx_only")),
        provider=fields["truth_provider"],
        gateway=fields.get("truth_gateway"),
        confidence=float(fields["truth_confidence"]),
        basis=fields["truth_basis"][0],
    )


def _hosts(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that can be put on the wire; the sources kept a few that cannot."""
    return tuple(host for name in names if (host := _host(name)))


def _host(name: str) -> str:
    host = name.lower().removesuffix(".")
    return host if _HOST.fullmatch(host) else ""


def served_records(rows: Iterable[TruthRow], hidden_behind: Mapping[str, str]) -> Records:
    """Return the records of all rows; where `hidden_behind` names a host for a domain, that is its only MX."""
    records: dict[str, dict[str, list[str]]] = {}
    below: dict[str, list[str]] = {}
    for row in rows:
        behind = hidden_behind.get(row.domain)
        for owner, rdtype, text in _records(row, (behind,) if behind else row.hosts):
            records.setdefault(owner, {}).setdefault(rdtype, []).append(text)
        for name in row.spf_names:
            below.setdefault(name, [])
        for name, names in _own_trees(row):
            below[name] = names
    for name, names in below.items():
        _include_from(records, name, names)
    return records


def _records(row: TruthRow, hosts: tuple[str, ...]) -> Iterable[tuple[str, str, str]]:
    yield from ((row.domain, "MX", f"10 {host}") for host in hosts)
    if row.spf:
        yield row.domain, "TXT", row.spf
    yield from ((row.domain, "TXT", _TOKENS[vendor]) for vendor in row.vendors if vendor in _TOKENS)
    yield from ((f"{selector}._domainkey.{row.domain}", "CNAME", target) for selector, target in row.dkim if target)
    if row.autodiscover_cname:
        yield f"autodiscover.{row.domain}", "CNAME", row.autodiscover_cname
    if row.autodiscover_srv:
        yield f"_autodiscover._tcp.{row.domain}", "SRV", f"0 0 443 {row.autodiscover_srv}"


def _own_trees(row: TruthRow) -> Iterable[tuple[str, list[str]]]:
    """Yield the domain's own further SPF record, or one kept for it elsewhere, with the names that only it can name.

    The sources kept the names of a tree and not who includes whom; shared names must stay leaves, they serve all rows.
    """
    named = [name for name in row.spf_names if name in row.spf.lower()]
    own = next((name for name in named if name.endswith("." + row.domain) or name.startswith(row.domain + ".")), None)
    if own is not None:
        yield own, [name for name in row.spf_names if name != own and name not in row.spf.lower()]


def _include_from(records: dict[str, dict[str, list[str]]], owner: str, names: list[str]) -> None:
    types = records.setdefault(owner, {})
    if "CNAME" in types or any(text.lower().startswith("v=spf1") for text in types.get("TXT", ())):
        return
    text = " ".join(("v=spf1", *(f"include:{name}" for name in names), "?all")) if names else _LEAF
    types.setdefault("TXT", []).append(text)
