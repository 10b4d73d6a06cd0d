"""Reads any WHOIS answer without a network (RFC 3912): the layouts of registries and registrars, old and new.

In: the bytes of one answer and the domain that was asked for. Out: a `Registration`. Known shapes: `Label: value`
(ICANN, RPSL, TRABIS with its dots), `[Label] value` (JPRS), headings with lines below (TRABIS, Nominet, EURid, NIC.it)
and sentences. Samples of each stand in `tests/contract/whois`.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from hunter.collectors.registration.dates import read_date
from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.collectors.registration.texts import (
    CONTROL,
    LARGEST_ANSWER,
    MOST_LINES,
    clean,
    host_name,
    lines_of,
    registrar_name,
    same_domain,
    status_word,
)
from hunter.collectors.registration.whois_labels import Label, is_heading, label_of
from hunter.collectors.registration.whois_statements import (
    is_quota_error,
    is_web_page,
    read_statement,
    whois_trouble_of,
)

#: Longest label; what stands before a later colon is a sentence.
_LONGEST_LABEL: Final = 48
_MOST_NAMESERVERS: Final = 32
_MOST_HOSTS_A_LINE: Final = 8
#: How much of each kind is looked at: far more than any record has, and little enough to cost no time.
_MOST_HOST_WORDS: Final = 64
_MOST_DATES: Final = 16
_MOST_NAMES: Final = 64
_MOST_REGISTRARS: Final = 64
_MOST_STATUSES: Final = 64
_LONGEST_PROOF: Final = 300
_COMMENTS: Final = ("%", "#", ";", ">>>", "--")
_IN_BRACKETS: Final = re.compile(r"(?:[a-z]\. ?)?\[([^\]]{1,48})\]\s*(.*)")
_EXPIRES_IN_A_SENTENCE: Final = re.compile(r"(?:record |domain )?expires?(?: on| at)?:? +\d")
_MINUTES: Final = re.compile(r"\d{2}(?::\d{2}|\s|$)")
_SERVER: Final = re.compile(
    r"(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:.]+\])(?::\d{1,5})?|[0-9a-f]*:[0-9a-f:.]+", re.ASCII
)
#: Layouts that name the domain in a line without a colon.
_NAMED_IN_A_SENTENCE: Final = re.compile(
    r"(?:domain(?: +name)?|informations? about) +['\"]?([\w-]+(?:\.[\w-]+)+)", re.I
)
#: How `.tr` says that a name may not be transferred.
_LOCKED: Final = re.compile(r"\blocked\b|kilitli|transfere kapal")
_FREE: Final = frozenset({"free", "available", "not registered", "no object found", "unassigned", "inactive free"})


def parse_answer(answer: bytes, domain: str) -> Registration:
    """Return what a WHOIS answer says of a domain in canonical form; never raises, whatever the bytes are.

    `referral` names the server that the answer points to, also where the answer itself is no record of the domain.
    Of a long answer the front is read; what it does not tell is unknown as `too_large`, and so is "not registered".
    """
    if is_web_page(answer[:LARGEST_ANSWER]):
        return unavailable("malformed")
    lines = lines_of(answer, domain)
    registration = _read(lines, domain)
    if len(answer) < LARGEST_ANSWER and len(lines) < MOST_LINES:
        return registration
    if registration.outcome is Outcome.FOUND:
        return replace(registration, gap="too_large")
    is_told = registration.outcome is Outcome.UNAVAILABLE and registration.reason != "malformed"
    return registration if is_told else unavailable("too_large")


def _read(lines: list[str], domain: str) -> Registration:
    reader = _Reader(domain)
    for line in lines:
        reader.read(line)
    spoken = [text for line in lines if (text := line.replace(CONTROL, " ").strip())]
    record = reader.registration()
    if record is not None:
        return unavailable("rate_limited") if is_quota_error(spoken) else record
    if trouble := whois_trouble_of(spoken):
        return unavailable(trouble)
    if reader.is_free:
        return Registration(Outcome.NOT_REGISTERED)
    said = unavailable("malformed") if reader.has_other_domain else read_statement(spoken, domain)
    if reader.referral is None:
        return said
    return replace(said, referral=reader.referral, is_registry_referral=reader.is_registry_referral)


class _Reader:
    """Goes through the lines of one answer and keeps what it finds in the record of the asked domain."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        #: The heading under which we read; a blank line ends it once something stood below.
        self._section = Label.OTHER
        self._is_section_begun = False
        #: Whether the record that we are in is the asked domain's; lines before its first name belong to it too.
        self._is_ours = True
        #: Whether it is a suffix's of the asked domain, as IANA's is, which points to the registry.
        self._is_parent = False
        self._names_domain = False
        self._names = 0
        self.has_other_domain = False
        self.referral: str | None = None
        self.is_registry_referral = False
        self._forget()

    def _forget(self) -> None:
        #: Registrar candidates, by how sure their place is: label, organisation, name, first line of the section.
        self._registrars: dict[int, tuple[str, str]] = {}
        self._dates: list[tuple[date, str]] = []
        self._hosts: dict[str, str] = {}
        self._statuses: set[str] = set()
        #: How many texts were looked at for each kind of field.
        self._looked: dict[str, int] = {}

    def _may_look(self, kind: str, most: int) -> bool:
        if not self._is_ours:
            return False
        count = self._looked[kind] = self._looked.get(kind, 0) + 1
        return count <= most

    def read(self, line: str) -> None:
        text = line.strip(" " + CONTROL)
        if not text:
            if self._is_section_begun:
                self._section = Label.OTHER
            return
        if text.startswith(_COMMENTS):
            return
        text = text.removeprefix("**").strip()
        label, value = _split(text)
        if label is None:
            self._read_bare(text)
        elif value:
            self._read_field(label_of(label), value, text)
        elif line.lstrip().startswith("**") or self._opens_section(label):
            self._open_section(label_of(label))

    def _opens_section(self, label: str) -> bool:
        """Say whether a label without a value is a heading; inside a section about the registrar it may be a gap."""
        return self._section is not Label.REGISTRAR or is_heading(label) or label_of(label) is not Label.OTHER

    def _open_section(self, label: Label) -> None:
        self._section = label
        self._is_section_begun = False

    def _read_bare(self, text: str) -> None:
        """Read a line that has no label: a heading, an item below one, or a sentence."""
        if is_heading(text):
            self._open_section(label_of(text))
            return
        self._is_section_begun = True
        if _EXPIRES_IN_A_SENTENCE.match(text.lower()):
            self._add_date(text, text)
            return
        match self._section:
            case Label.NAMESERVER:
                self._add_hosts(text.split()[0], text)
            case Label.REGISTRAR:
                self._add_registrar(3, text, text)
            case Label.DOMAIN:
                self._note_domain(text)
                self._section = Label.OTHER
            case Label.EXPIRY:
                self._add_date(text, text)
            case _:
                self._note_sentence(text)

    def _read_field(self, label: Label, value: str, text: str) -> None:
        self._is_section_begun = True
        match label:
            case Label.DOMAIN:
                self._note_domain(value)
            case Label.REGISTRAR:
                self._add_registrar(0, value, text)
            case Label.ORGANISATION | Label.NAME:
                if self._section is Label.REGISTRAR:
                    self._add_registrar(1 if label is Label.ORGANISATION else 2, value, text)
                elif self._section is Label.NAMESERVER:
                    self._add_hosts(value, text)
                elif self._section is Label.DOMAIN:
                    self._note_domain(value)
                    self._section = Label.OTHER
            case Label.EXPIRY:
                self._add_date(value, text)
            case Label.NAMESERVER | Label.DNS:
                self._section = Label.NAMESERVER
                self._add_hosts(value, text, is_domain_meant=label is Label.NAMESERVER)
            case Label.STATUS | Label.FROZEN | Label.TRANSFER:
                self._add_status(label, value)
            case Label.REFERRAL | Label.REGISTRY_REFERRAL:
                self._note_referral(_referral(value), is_registry=label is Label.REGISTRY_REFERRAL)
            case Label.OTHER:
                if self._section is Label.NAMESERVER:
                    # A name server and its address: `ns1.example: 192.0.2.1`.
                    self._add_hosts(text.partition(":")[0], text)

    def _note_domain(self, value: str) -> None:
        """Begin a record: each name of a domain begins one, and only the asked domain's are kept."""
        name = value.split()[0].strip("\"'")
        self._names += 1
        self._is_ours = self._names <= _MOST_NAMES and same_domain(name, self._domain)
        if self._is_ours:
            self._names_domain = True
            return
        self._is_parent = self._domain.endswith("." + name.lower().strip("."))
        if not self._names_domain and not self.has_other_domain:
            # What stood before belongs to this stranger.
            self._forget()
        self.has_other_domain = True

    def _note_sentence(self, text: str) -> None:
        found = _NAMED_IN_A_SENTENCE.match(text) if self._names < _MOST_NAMES else None
        if found is not None:
            self._names += 1
            if same_domain(found[1], self._domain):
                self._is_ours = self._names_domain = True

    def _note_referral(self, server: str | None, *, is_registry: bool) -> None:
        if server is not None and (self._is_ours or self._is_parent):
            self.referral = server
            self.is_registry_referral = is_registry

    def _add_registrar(self, rank: int, value: str, text: str) -> None:
        if rank in self._registrars or not self._may_look("registrar", _MOST_REGISTRARS):
            return
        name = registrar_name(value)
        if name is not None:
            self._registrars[rank] = (name, text)

    def _add_date(self, value: str, text: str) -> None:
        day = read_date(value) if self._may_look("date", _MOST_DATES) else None
        if day is not None:
            self._dates.append((day, text))

    def _add_hosts(self, value: str, text: str, *, is_domain_meant: bool = True) -> None:
        for word in value.replace(",", " ").split()[:_MOST_HOSTS_A_LINE]:
            host = host_name(word) if self._may_look("host", _MOST_HOST_WORDS) else None
            if host and len(self._hosts) < _MOST_NAMESERVERS and (is_domain_meant or host != self._domain):
                self._hosts.setdefault(host, text)

    def _add_status(self, label: Label, value: str) -> None:
        if not self._may_look("status", _MOST_STATUSES):
            return
        word = status_word(value)
        if label is Label.TRANSFER:
            word = "transfer prohibited" if _LOCKED.search(value.lower()) else ""
        elif label is Label.FROZEN:
            word = "" if not word.strip("-") or word in ("no", "hayir", "not frozen") else "frozen"
        if word and word != "-":
            self._statuses.add(word)

    @property
    def is_free(self) -> bool:
        """True where the state alone says that nobody has the name, as some registries do."""
        return self._names_domain and bool(self._statuses & _FREE)

    def registration(self) -> Registration | None:
        """Return the record that was read; None where there was none that names the asked domain."""
        if not self._names_domain or not (self._registrars or self._dates or self._hosts):
            return None
        name, name_text = self._registrars[min(self._registrars)] if self._registrars else (None, "")
        return Registration(
            Outcome.FOUND,
            registrar=name,
            expires_at=min((day for day, _ in self._dates), default=None),
            nameservers=tuple(sorted(self._hosts)),
            statuses=tuple(sorted(self._statuses)),
            referral=self.referral,
            is_registry_referral=self.is_registry_referral,
            proof=Proof(
                _proof([name_text] if name else []),
                _proof([text for _, text in self._dates]),
                _proof(list(dict.fromkeys(self._hosts.values()))),
            ),
        )


def _split(text: str) -> tuple[str | None, str]:
    """Return label and value of a line; no label where it is none."""
    if found := _IN_BRACKETS.match(text):
        return found[1], found[2].strip()
    label, colon, value = text.partition(":")
    label = label.rstrip(" .")
    is_label = colon and 0 < len(label) <= _LONGEST_LABEL and not value.startswith("//") and label[0].isalpha()
    # The colon of a time of day ends no label.
    if not is_label or (label[-1].isdigit() and _MINUTES.match(value)):
        return None, ""
    return label, value.strip()


def _referral(value: str) -> str | None:
    """Return the server of `whois.example`, `whois://192.0.2.1:4343/` or a name with words behind.

    Where it leads is for the guard to judge; here it only has to look like a host.
    """
    text = value.split()[0].lower().removeprefix("whois://").rstrip("/.")
    return text.removesuffix(":43") if _SERVER.fullmatch(text) else None


def _proof(texts: list[str]) -> tuple[str, ...]:
    return tuple(clean(text)[:_LONGEST_PROOF] for text in texts)
