"""A world of names and records that answers questions as a recursive resolver does.

In comes a question (name in lower case, type, class IN); out comes the whole answer: CNAME chains followed and kept,
NXDOMAIN or NODATA with the SOA record that says so (RFC 2308), wildcards (RFC 4592).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import pack
from typing import Final, Protocol

from hunter.lab.dns import rdata, wire
from hunter.lab.dns.answers import ZoneAnswer, ZoneRecord, empty_answer, write_answer
from hunter.lab.dns.faults import Behaviour
from hunter.lab.dns.rdata import RecordText
from hunter.lab.dns.wire import ancestors, name_to_wire
from hunter.lab.errors import InvalidRecord

#: Names -> types -> records, as text: `{"firma.example": {"MX": ["10 mail.firma.example"]}}`.
Records = Mapping[str, Mapping[str, Sequence[RecordText]]]

#: Seconds that answers may be kept where nothing else is said, and negative answers.
TTL: Final = 300
NEGATIVE_TTL: Final = 60

# A chain longer than this is taken for a loop and answered SERVFAIL, as resolvers do.
_LONGEST_CHAIN: Final = 12
# Answers kept ready. About 300 bytes each; a world that fills this is asked more names than it holds.
_READY_ANSWERS: Final = 250_000

_Node = dict[int, tuple[bytes, ...]]
_EMPTY: Final[_Node] = {}
_WILDCARD: Final = b"\x01*"
_ROOT_SOA: Final = (
    name_to_wire("a.root-servers.net") + name_to_wire("nstld.verisign-grs.com") + pack("!5I", 1, 1800, 900, 604800, 60)
)


class ServedWorld(Protocol):
    """What the name server asks of a world."""

    @property
    def quick(self) -> Callable[[bytes], ZoneAnswer | None]:
        """Give the ready answer to a question with nothing special about it; None: ask `answer` and `behaviour_of`.

        The whole question comes in lower case, type included: see `may_be_ready`.
        """

    def answer(self, question: bytes) -> ZoneAnswer:
        """Answer a question of class IN for a type that data can have; the name is in lower case."""

    def behaviour_of(self, name: bytes) -> Behaviour | None:
        """Say how the name is treated, where the world itself has trouble in store for it."""

    def domain_of(self, question: bytes) -> bytes | None:
        """Name the domain that a question is about (dotted, lower case); None for names shared by many domains."""


def may_be_ready(question: bytes) -> bool:
    """Tell whether lowering the whole question leaves its type and class alone, so that `quick` may know it.

    Type 65 is the letter A: lowered together with the name it would be taken for type 97.
    """
    fixed = question[-4:]
    return fixed == fixed.swapcase()


class World:
    """Names with records and behaviours; whatever is not in it does not exist, or lies in the world beyond."""

    def __init__(self, *, ttl: int = TTL, beyond: "World | None" = None) -> None:
        """`beyond` answers for the names that this world does not hold; none of its domains ever die."""
        self._ttl = ttl
        self._beyond = beyond
        self._nodes: dict[bytes, _Node] = {}
        self._zones: dict[bytes, bytes] = {}
        self._lying_zones: set[bytes] = set()
        self._behaviours: dict[bytes, Behaviour] = {}
        self._has_wildcards = False
        self._ready: dict[bytes, ZoneAnswer] = {}
        #: See `ServedWorld`: a bare dictionary look-up, because each answer passes here.
        self.quick: Callable[[bytes], ZoneAnswer | None] = self._ready.get

    @classmethod
    def from_records(
        cls,
        records: Records,
        *,
        domains: Iterable[str] | None = None,
        behaviours: Mapping[str, Behaviour] | None = None,
        lying_ent: Iterable[str] = (),
        beyond: "World | None" = None,
    ) -> "World":
        """Build a world from text.

        `domains` are the registrable names, the tops of zones; left out, they are the topmost names with records.
        A behaviour holds for its name and all below it. Domains in `lying_ent` say NXDOMAIN for empty non-terminals.
        Raises `InvalidRecord`, which names the owner and the type.
        """
        world = cls(beyond=beyond)
        for owner, types in records.items():
            world.add(owner, types)
        world._open_zones(domains)
        for name, behaviour in (behaviours or {}).items():
            world._behaviours[name_to_wire(name).lower()] = behaviour
        world._lying_zones.update(name_to_wire(name).lower() for name in lying_ent)
        return world

    def add(self, owner: str, types: Mapping[str, Sequence[RecordText]]) -> None:
        """Add the records of one name; the names above it exist from now on."""
        name = name_to_wire(owner).lower()
        node = self._nodes.get(name)
        if not node:
            node = self._nodes[name] = {}
        for type_name, texts in types.items():
            try:
                rdtype = rdata.type_number(type_name)
                node[rdtype] = tuple(rdata.encode(rdtype, text) for text in texts)
            except InvalidRecord as error:
                raise InvalidRecord(f"{owner} {type_name}: {error}") from error
        if wire.CNAME in node and (len(node) > 1 or len(node[wire.CNAME]) != 1):
            raise InvalidRecord(f"{owner} CNAME: an alias stands alone at its name (RFC 1034 §3.6.2)")
        self._has_wildcards = self._has_wildcards or name.startswith(_WILDCARD)
        for above in ancestors(name):
            if above in self._nodes:
                break
            self._nodes[above] = _EMPTY

    def answer(self, question: bytes) -> ZoneAnswer:
        """See `ServedWorld`; the answer is kept ready for the next who asks."""
        answer = self.compute(question)
        if may_be_ready(question) and (not self._behaviours or self.behaviour_of(question[:-4]) is None):
            if len(self._ready) >= _READY_ANSWERS:
                self._ready.clear()
            self._ready[question] = answer
        return answer

    def compute(self, question: bytes) -> ZoneAnswer:
        """Answer like `answer`, and keep nothing."""
        name = question[:-4]
        rcode, records, authority = self._resolve(name, int.from_bytes(question[-4:-2], "big"))
        return write_answer(name, rcode, records, authority) if records or authority else empty_answer(rcode)

    def behaviour_of(self, name: bytes) -> Behaviour | None:
        """See `ServedWorld`; the nearest name above with a behaviour decides."""
        if not self._behaviours:
            return None
        found = self._behaviours.get(name)
        if found is not None:
            return found
        return next((self._behaviours[above] for above in ancestors(name) if above in self._behaviours), None)

    def domain_of(self, question: bytes) -> bytes | None:
        """See `ServedWorld`."""
        zone = self._zone_of(question[:-4])
        return None if zone is None else wire.name_to_text(zone).encode()

    def _open_zones(self, domains: Iterable[str] | None) -> None:
        if domains is None:
            holders = [name for name, node in self._nodes.items() if node]
            tops = [name.removeprefix(_WILDCARD) for name in holders if not any(map(self._nodes.get, ancestors(name)))]
        else:
            tops = [name_to_wire(domain).lower() for domain in domains]
        for top in tops:
            self._zones[top] = self._soa_of(top)

    def _soa_of(self, zone: bytes) -> bytes:
        published = self._nodes.get(zone, _EMPTY).get(wire.SOA)
        if published:
            return published[0]
        numbers = pack("!5I", 2025010101, 7200, 3600, 1209600, NEGATIVE_TTL)
        return b"\x03ns1" + zone + b"\x0ahostmaster" + zone + numbers

    def _zone_of(self, name: bytes) -> bytes | None:
        if name in self._zones:
            return name
        return next((above for above in ancestors(name) if above in self._zones), None)

    def _resolve(self, name: bytes, rdtype: int) -> tuple[int, list[ZoneRecord], list[ZoneRecord]]:
        """Follow the aliases from `name`; return rcode, answer and authority section."""
        records: list[ZoneRecord] = []
        for _ in range(_LONGEST_CHAIN):
            key = name.lower()
            node = self._find(key)
            if node is None:
                return wire.NXDOMAIN, records, [self._soa_record(key)]
            found = node.get(rdtype)
            if found:
                records += [ZoneRecord(name, rdtype, self._ttl, one) for one in found]
                return wire.NOERROR, records, []
            alias = node.get(wire.CNAME)
            if not alias:
                return wire.NOERROR, records, [self._soa_record(key)]
            records.append(ZoneRecord(name, wire.CNAME, self._ttl, alias[0]))
            name = alias[0]
        return wire.SERVFAIL, [], []

    def _find(self, name: bytes) -> _Node | None:
        """Return the records at a name, a wildcard's included; empty for NODATA, None for NXDOMAIN."""
        node = self._nodes.get(name)
        if node is None and self._has_wildcards:
            node = self._find_wildcard(name)
        elif node is _EMPTY and self._zone_of(name) in self._lying_zones:
            return None
        if not node and self._beyond is not None:
            return self._beyond._find(name) if node is None else self._beyond._find(name) or node
        return node

    def _find_wildcard(self, name: bytes) -> _Node | None:
        """Return what the wildcard below the closest existing name says (RFC 4592 §3.3.1)."""
        encloser = next((above for above in ancestors(name) if above in self._nodes), None)
        return None if encloser is None else self._nodes.get(_WILDCARD + encloser)

    def _soa_record(self, name: bytes) -> ZoneRecord:
        zone = self._zone_of(name)
        if zone is not None:
            return ZoneRecord(zone, wire.SOA, NEGATIVE_TTL, self._zones[zone])
        if self._beyond is not None:
            return self._beyond._soa_record(name)
        return ZoneRecord(wire.ROOT, wire.SOA, NEGATIVE_TTL, _ROOT_SOA)
