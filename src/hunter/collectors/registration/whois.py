"""Reads any WHOIS answer without a network (RFC 3912): the layouts of registries and registrars, old and new.

In: the bytes of one answer and the domain that was asked for. Out: a `Registration`. Known shapes: `Label: value`
(ICANN, RPSL, TRABIS with its dots), `[Label] value` (JPRS), headings with lines below (TRABIS, Nominet, EURid, NIC.it)
and sentences. Samples of each stand in `tests/contract/whois`.
"""

import re
from datetime import date
from typing import Final

from hunter.collectors.registration.dates import read_date
from hunter.collectors.registration.registration import Outcome, Proof, Registration, unavailable
from hunter.collectors.registration.texts import (
    clean,
    host_name,
    lines_of,
    registrar_name,
    same_domain,
    status_word,
)
from hunter.collectors.registration.whois_labels import Label, is_heading, label_of
from hunter.collectors.registration.whois_statements import is_web_page, read_statement

#: Longest label; what stands before a later colon is a sentence.
_LONGEST_LABEL: Final = 48
_MOST_NAMESERVERS: Final = 32
_MOST_HOSTS_A_LINE: Final = 8
_LONGEST_PROOF: Final = 300
_COMMENTS: Final = ("%", "#", ";", ">>>", "--")
_IN_BRACKETS: Final = re.compile(r"(?:[a-z]\. ?)?\[([^\]]{1,48})\]\s*(.*)")
_EXPIRES_IN_A_SENTENCE: Final = re.compile(r"(?:record |domain )?expires?(?: on| at)?:? +\d")
_MINUTES: Final = re.compile(r"\d{2}(?::\d{2}|\s|$)")
_SERVER: Final = re.compile(
    r"(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:.]+\])(?::\d{1,5})?|[0-9a-f]*:[0-9a-f:.]+", re.ASCII
)
#: How `.tr` says that a name may not be transferred.
_LOCKED: Final = re.compile(r"\blocked\b|kilitli|transfere kapal")
_FREE: Final = frozenset({"free", "available", "not registered", "no object found", "unassigned", "inactive free"})


def parse_answer(answer: bytes, domain: str) -> Registration:
    """Return what a WHOIS answer says of a domain in canonical form; never raises, whatever the bytes are.

    `referral` names the server that the answer points to, also where the answer itself is no record of the domain.
    At most a megabyte is read.
    """
    lines = lines_of(answer, domain)
    if is_web_page(lines):
        return unavailable("malformed")
    reader = _Reader(domain)
    for line in lines:
        reader.read(line)
    return reader.registration() or _with_referral(read_statement(lines, domain), reader.referral)


def _with_referral(registration: Registration, referral: str | None) -> Registration:
    return Registration(registration.outcome, registration.reason, referral=referral) if referral else registration


class _Reader:
    """Goes through the lines of one answer and keeps what it finds."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        #: The heading under which we read; a blank line ends it once something stood below.
        self._section = Label.OTHER
        self._is_section_begun = False
        self._names_domain: bool | None = None
        #: Registrar candidates, by how sure their place is: label, organisation, name, first line of the section.
        self._registrars: dict[int, tuple[str, str]] = {}
        self._dates: list[tuple[date, str]] = []
        self._hosts: dict[str, str] = {}
        self._statuses: set[str] = set()
        self.referral: str | None = None

    def read(self, line: str) -> None:
        text = line.strip()
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
            case Label.EXPIRY:
                self._add_date(text, text)
            case _:
                pass

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
            case Label.EXPIRY:
                self._add_date(value, text)
            case Label.NAMESERVER | Label.DNS:
                self._section = Label.NAMESERVER
                self._add_hosts(value, text, is_domain_meant=label is Label.NAMESERVER)
            case Label.STATUS | Label.FROZEN | Label.TRANSFER:
                self._add_status(label, value)
            case Label.REFERRAL:
                self.referral = _referral(value) or self.referral
            case Label.OTHER:
                if self._section is Label.NAMESERVER:
                    # A name server and its address: `ns1.example: 192.0.2.1`.
                    self._add_hosts(text.partition(":")[0], text)

    def _note_domain(self, value: str) -> None:
        name = value.split()[0].strip("\"'")
        self._names_domain = bool(self._names_domain) or same_domain(name, self._domain)

    def _add_registrar(self, rank: int, value: str, text: str) -> None:
        name = registrar_name(value)
        if name is not None and rank not in self._registrars:
            self._registrars[rank] = (name, text)

    def _add_date(self, value: str, text: str) -> None:
        day = read_date(value)
        if day is not None:
            self._dates.append((day, text))

    def _add_hosts(self, value: str, text: str, *, is_domain_meant: bool = True) -> None:
        for word in value.replace(",", " ").split()[:_MOST_HOSTS_A_LINE]:
            host = host_name(word)
            if host and len(self._hosts) < _MOST_NAMESERVERS and (is_domain_meant or host != self._domain):
                self._hosts.setdefault(host, text)

    def _add_status(self, label: Label, value: str) -> None:
        word = status_word(value)
        if label is Label.TRANSFER:
            word = "transfer prohibited" if _LOCKED.search(value.lower()) else ""
        elif label is Label.FROZEN:
            word = "" if not word.strip("-") or word in ("no", "hayir", "not frozen") else "frozen"
        if word and word != "-":
            self._statuses.add(word)

    def registration(self) -> Registration | None:
        """Return the record that was read; None where there was none of the asked domain."""
        if self._names_domain is False:
            return Registration(Outcome.UNAVAILABLE, "malformed", referral=self.referral)
        if not (self._registrars or self._dates or self._hosts):
            # A name that is free is told by its state alone in some registries.
            is_free = self._names_domain and bool(self._statuses & _FREE)
            return Registration(Outcome.NOT_REGISTERED) if is_free else None
        name, name_text = self._registrars[min(self._registrars)] if self._registrars else (None, "")
        return Registration(
            Outcome.FOUND,
            registrar=name,
            expires_at=min((day for day, _ in self._dates), default=None),
            nameservers=tuple(sorted(self._hosts)),
            statuses=tuple(sorted(self._statuses)),
            referral=self.referral,
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
