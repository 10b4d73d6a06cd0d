"""One company of a world file -> its records: the short forms of the file written out.

The fields are described in `demo_world.toml`, which uses all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hunter.lab.dkim_keys import expand_keys, key_record
from hunter.lab.errors import InvalidRecord
from hunter.lab.faults import Behaviour, Fault
from hunter.lab.wire import name_to_wire, to_ascii

_FIELDS: Final = frozenset(
    (
        *("name", "domain", "note", "ns", "mx", "a", "txt", "spf", "dmarc", "dkim"),
        *("autodiscover", "autodiscover_srv", "records", "lying_ent", "fault", "slow_ms", "faults"),
    )
)
_SLOW: Final = "slow:"

_Types = dict[str, list[str]]


class FieldError(Exception):
    """A field of a company cannot be used; `field` is its name in the file."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SimulatedCompany:
    """A company of a world, with everything that DNS says of it."""

    name: str
    #: Domain as the file writes it, and its ASCII form.
    display_domain: str
    domain: str
    #: What the company shows, in a sentence.
    note: str
    #: Absolute name -> type -> texts.
    records: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Absolute name -> how it and everything below it is treated.
    behaviours: Mapping[str, Behaviour]
    #: Whether its name server denies empty non-terminals.
    lying_ent: bool


def company_from_entry(entry: Mapping[str, Any]) -> SimulatedCompany:
    """Read one `[[company]]` table. Raises `FieldError`."""
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise FieldError(unknown[0], "there is no such field")
    display_domain = _text(entry, "domain")
    domain = to_ascii(display_domain)
    try:
        name_to_wire(domain)
    except InvalidRecord as error:
        raise FieldError("domain", str(error)) from error
    return SimulatedCompany(
        name=_text(entry, "name"),
        display_domain=display_domain,
        domain=domain,
        note=_text(entry, "note"),
        records=_records(entry, domain),
        behaviours=_behaviours(entry, domain),
        lying_ent=_flag(entry, "lying_ent"),
    )


class _Zone:
    """Collects the records of one company under absolute names."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self.records: dict[str, _Types] = {}

    def add(self, relative: str, rdtype: str, texts: Iterable[str]) -> None:
        added = list(texts)
        if added:
            self.records.setdefault(_absolute(relative, self._domain), {}).setdefault(rdtype, []).extend(added)


def _records(entry: Mapping[str, Any], domain: str) -> dict[str, dict[str, tuple[str, ...]]]:
    zone = _Zone(domain)
    for field, rdtype in (("ns", "NS"), ("mx", "MX"), ("a", "A"), ("spf", "TXT"), ("txt", "TXT")):
        zone.add("@", rdtype, _texts(entry, field))
    for text in _texts(entry, "dmarc"):
        _add_text_or_alias(zone, "_dmarc", text)
    for selector, text in _table(entry, "dkim").items():
        _add_key(zone, domain, selector=selector, text=text)
    if "autodiscover" in entry:
        zone.add("autodiscover", "CNAME", [_text(entry, "autodiscover")])
    zone.add("_autodiscover._tcp", "SRV", _texts(entry, "autodiscover_srv"))
    for relative, types in _table(entry, "records").items():
        if not isinstance(types, dict):
            raise FieldError(f"records.{relative}", "must be a table of record types")
        for rdtype in types:
            zone.add(relative, rdtype, _texts(types, rdtype, place=f"records.{relative}."))
    return {owner: {rdtype: tuple(texts) for rdtype, texts in types.items()} for owner, types in zone.records.items()}


def _add_text_or_alias(zone: _Zone, relative: str, text: str) -> None:
    alias = text.removeprefix("cname:")
    zone.add(relative, "TXT" if alias == text else "CNAME", [alias])


def _add_key(zone: _Zone, domain: str, *, selector: str, text: Any) -> None:
    """Publish a DKIM key: a short form of `dkim_keys`, `cname:TARGET`, or `tenant:NAME` at a Microsoft tenant."""
    if not isinstance(text, str):
        raise FieldError(f"dkim.{selector}", "must be a text")
    relative = f"{selector}._domainkey"
    tenant = text.removeprefix("tenant:")
    if tenant == text:
        _add_text_or_alias(zone, relative, expand_keys(text, f"{selector} {domain}"))
        return
    target = f"{selector}-{domain.replace('.', '-')}._domainkey.{tenant}.onmicrosoft.com"
    zone.add(relative, "CNAME", [target])
    zone.add(f"{target}.", "TXT", [key_record(target, 1024)])


def _behaviours(entry: Mapping[str, Any], domain: str) -> dict[str, Behaviour]:
    found = {}
    slow_ms = entry.get("slow_ms", 0)
    if not isinstance(slow_ms, int) or isinstance(slow_ms, bool) or slow_ms < 0:
        raise FieldError("slow_ms", "must be a number of milliseconds")
    if "fault" in entry or slow_ms:
        fault = _fault("fault", _text(entry, "fault")) if "fault" in entry else None
        found[domain] = Behaviour(fault, float(slow_ms))
    for relative, word in _table(entry, "faults").items():
        found[_absolute(relative, domain)] = _behaviour(f"faults.{relative}", word)
    return found


def _behaviour(field: str, word: Any) -> Behaviour:
    if not isinstance(word, str):
        raise FieldError(field, "must be a text")
    milliseconds = word.removeprefix(_SLOW)
    if milliseconds == word:
        return Behaviour(_fault(field, word))
    if not milliseconds.isdecimal():
        raise FieldError(field, f"{word!r} must be written like 'slow:2500'")
    return Behaviour(slow_ms=float(milliseconds))


def _fault(field: str, word: str) -> Fault:
    try:
        return Fault(word)
    except ValueError as error:
        raise FieldError(field, f"{word!r} is no fault; the faults are {', '.join(Fault)}") from error


def _absolute(relative: str, domain: str) -> str:
    if relative == "@":
        return domain
    return relative.removesuffix(".") if relative.endswith(".") else f"{relative}.{domain}"


def _text(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip():
        raise FieldError(field, "is missing" if value is None else "must be a text that is not empty")
    return value


def _texts(entry: Mapping[str, Any], field: str, *, place: str = "") -> list[str]:
    value = entry.get(field, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FieldError(f"{place}{field}", "must be a text or a list of texts")
    return texts


def _table(entry: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = entry.get(field, {})
    if not isinstance(value, dict):
        raise FieldError(field, "must be a table")
    return value


def _flag(entry: Mapping[str, Any], field: str) -> bool:
    value = entry.get(field, False)
    if not isinstance(value, bool):
        raise FieldError(field, "must be true or false")
    return value
