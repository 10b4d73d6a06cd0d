"""The table of fields: what every lead is counted by, and where each value stands in the facet key.

One row a field, from which the SQL function `lead_key`, the planner's statistics and the Python reader are made. The
key is a bigint: `BITS` of its 63 are given away, `ROOM` of those are kept for fields that are switched on later.
docs/how-to/add-a-facet.md says how a value or a field is added.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """How the values of a field stand in its bits."""

    #: One word of a list, by its place in it; the highest number is a word that the list has not.
    WORD = auto()
    #: A number, one higher than it is; 0 is none.
    NUMBER = auto()
    #: Any number of words, a bit for each.
    FLAGS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyField:
    """One field of the facet key."""

    #: Name of the filter and of the facet on the wire.
    name: str
    #: Column of `leads` that it comes from.
    column: str
    kind: Kind
    shift: int
    bits: int
    #: The words by number, or by bit; "" is null.
    words: tuple[str, ...]
    #: Part of the core, by which lists are ordered: few combinations, however many leads there are.
    is_core: bool

    @property
    def mask(self) -> int:
        """Return the field's bits in their place."""
        return ((1 << self.bits) - 1) << self.shift

    @property
    def expression(self) -> str:
        """Return the SQL that takes the field out of a `facet_key`."""
        return f"(facet_key >> {self.shift} & {(1 << self.bits) - 1})"

    def flag(self, word: str) -> str:
        """Return the SQL that takes one flag out of a `facet_key`: 1 or 0."""
        return f"(facet_key >> {self.shift + self.words.index(word)} & 1)"

    def numbers(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of words; one that the list has not is left out."""
        return [self.words.index(word) for word in words if word and word in self.words]

    def flags(self, words: Iterable[str]) -> int:
        """Return the bits of words among those of the field."""
        return sum(1 << self.words.index(word) for word in set(words) if word in self.words)

    def number_of(self, key: int) -> int:
        """Return what stands in the field of a key."""
        return (key & self.mask) >> self.shift

    def word_of(self, key: int) -> str:
        """Return the word in a key; "" also for one that the list has not."""
        number = self.number_of(key)
        return self.words[number] if number < len(self.words) else ""

    def words_of(self, key: int) -> tuple[str, ...]:
        """Return the words whose flags are set in a key."""
        bits = self.number_of(key)
        return tuple(word for bit, word in enumerate(self.words) if bits >> bit & 1)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: As the rulebook calls them (`rules/providers.json`); a test finds one that is not here. New ones go to the end.
LOCAL_PROVIDERS: Final = (
    "",
    *("Natro", "Turhost", "IHS Telekom", "Güzel Hosting", "DorukNet", "Vargonen", "Radore", "Turkticaret.net"),
    *("Superonline", "Netinternet", "Teletek", "NIC.TR", "Metunic", "İşNet", "Netspeed", "Veriportal"),
    *("mailhosting.com.tr", "Pendns", "VIT", "Kriweb", "Bulutino", "Ministry of Interior (Muhtar)", "TurkNet"),
    *("ODTÜ", "TürkHost", "İsimtescil", "TTNET", "DNS", "Bilkent", "Koç Üniversitesi"),
)
#: Ids of `rules/gateways.json`, as above.
GATEWAYS: Final = (
    "",
    *_words("proofpoint proofpoint-essentials mimecast barracuda cisco trendmicro sophos symantec forcepoint trellix"),
    *_words("hornetsecurity vade fortimail seppmail spamexperts mailchannels mxguarddog mailanyone reflexion mxlogic"),
    *_words("spamtitan mailroute spamhero securence retarus expurgate nospamproxy mailinblack altospam mailguard smx"),
    *_words("topsec heimdal comendo staysecure cleanmail abxsec spamvor ikarus libraesva cloudfilter-jp zerospam"),
    *_words("gosecure eyemail ctmail synaq secumail mailgate-hosteurope mpssec spamtador centera secureshield"),
    *_words("mymailwall edelkey secmail scanscope iberlayer suantispam cleanmx-pt aspmsg spamkorumasi perception"),
    *_words("area1 appriver zix spamina gfi kaspersky xcitium"),
)
_PROVIDERS: Final = ("", *_words("M365 Google Yandex Zoho Amazon SendGrid Mailgun Hosting Local Unknown"))
_D365_STATES: Final = _words("not_synced queued in_progress synced error")
_TAGS: Final = _words("security-risk migration-ready expire-soon weak-spf google-workspace local-mx")
#: Why a firm is kept out of lists unless somebody asks for it.
MARKS: Final = ("own_customer", "do_not_contact", "demo")

#: Name, column, kind, bits, words; from the lowest bit. Bits are not taken back: a field only ever gets the next ones.
_BESIDE_CORE: Final = (
    ("d365_sync_status", "d365_sync_status", Kind.WORD, 3, _D365_STATES),
    ("tenant_size", "tenant_size", Kind.WORD, 2, ("", "small", "medium", "large")),
    ("local_provider", "local_provider", Kind.WORD, 7, LOCAL_PROVIDERS),
    ("gateway", "gateway", Kind.WORD, 7, GATEWAYS),
    ("referral_type", "referral_types", Kind.FLAGS, 3, ("co-sell", "marketplace", "solution-provider")),
    ("tag", "tags", Kind.FLAGS, 8, _TAGS),
)
#: Bits kept for the kind of the last change (4) and for urgency (2), which their own issues switch on.
ROOM: Final = 6
_CORE: Final = (
    ("segment", "segment", Kind.WORD, 3, ("", "Migration", "Existing", "Cold", "Skip")),
    ("provider", "provider", Kind.WORD, 4, _PROVIDERS),
    ("priority", "priority_score", Kind.NUMBER, 3, ("", *map(str, range(1, 8)))),
    ("score", "readiness_score", Kind.NUMBER, 7, ("", *map(str, range(101)))),
    ("priority_category", "priority_category", Kind.WORD, 3, ("", "P1", "P2", "P3", "P4", "P5", "P6")),
    ("m365_state", "m365_state", Kind.WORD, 3, ("", "yes", "likely", "no", "unknown")),
    ("marks", "marks", Kind.FLAGS, 3, MARKS),
)
_Row = tuple[str, str, Kind, int, tuple[str, ...]]


def _laid_out(rows: Iterable[_Row], shift: int, *, is_core: bool) -> Iterable[KeyField]:
    for name, column, kind, bits, words in rows:
        yield KeyField(name=name, column=column, kind=kind, shift=shift, bits=bits, words=words, is_core=is_core)
        shift += bits


_BESIDE: Final = tuple(_laid_out(_BESIDE_CORE, 0, is_core=False))
#: The lowest bit of the core: keys with one core stand side by side.
CORE_SHIFT: Final = sum(field.bits for field in _BESIDE) + ROOM
#: All fields of the key.
FIELDS: Final = (*_BESIDE, *_laid_out(_CORE, CORE_SHIFT, is_core=True))
#: How many bits are taken, those of `ROOM` among them; the sign is not used.
BITS: Final = sum(field.bits for field in FIELDS) + ROOM

_BY_NAME: Final = {field.name: field for field in FIELDS}
D365: Final = _BY_NAME["d365_sync_status"]
TENANT_SIZE: Final = _BY_NAME["tenant_size"]
LOCAL_PROVIDER: Final = _BY_NAME["local_provider"]
GATEWAY: Final = _BY_NAME["gateway"]
REFERRAL_TYPE: Final = _BY_NAME["referral_type"]
TAG: Final = _BY_NAME["tag"]
SEGMENT: Final = _BY_NAME["segment"]
PROVIDER: Final = _BY_NAME["provider"]
PRIORITY: Final = _BY_NAME["priority"]
SCORE: Final = _BY_NAME["score"]
CATEGORY: Final = _BY_NAME["priority_category"]
M365: Final = _BY_NAME["m365_state"]
MARK: Final = _BY_NAME["marks"]

#: Fields of the key that are facets, in the order in which they are told; the score is a filter by its ends.
KEY_FACETS: Final = (
    *(SEGMENT, PROVIDER, PRIORITY, CATEGORY, M365, D365, TENANT_SIZE, REFERRAL_TYPE),
    *(LOCAL_PROVIDER, GATEWAY, TAG, MARK),
)


@dataclass(frozen=True, slots=True)
class WideField:
    """A field with more values than a key has room for; counted by core, else found in its own column."""

    #: Name of the filter and of the facet on the wire.
    name: str
    #: Column of `leads`.
    column: str
    #: Whether the column is an array.
    has_many: bool


CITY: Final = WideField("city", "city", has_many=False)
LIST: Final = WideField("list", "lists", has_many=True)
WIDE_FACETS: Final = (CITY, LIST)
KEY_NAMES: Final = frozenset(field.name for field in KEY_FACETS)
WIDE_NAMES: Final = frozenset(field.name for field in WIDE_FACETS)
#: Names of all facets, which are the names of their filters too.
FACET_NAMES: Final = tuple(field.name for field in (*KEY_FACETS, *WIDE_FACETS))
