"""Domain names: the canonical ASCII form of what people type, paste and import (RFC 1035 §2.3, RFC 5891).

In: any text of any length. Out: the canonical name, or "" where the text names no domain; nothing raises. Made once, at
the door: a second time would take another `www.` off. Placeholder words (`nan`, `yok`) need no list: none has a dot.
"""

import re
from typing import Final

import idna

#: Longer than any scheme, user, host and port together; what follows can only be path or rubbish.
_LONGEST_READ: Final = 4096
_LONGEST_NAME: Final = 253

_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: The usual case in one step; what it does not match (also valid names with odd top labels) takes the long way.
_PLAIN: Final = re.compile(rf"(?:{_LABEL.pattern}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_SCHEME: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{0,30}:)?//", re.ASCII | re.IGNORECASE)
_END_OF_HOST: Final = re.compile(r"[/?#]")
_PORT: Final = re.compile(r":[0-9]{0,5}\Z")

_SPACES: Final = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_QUOTES: Final = "\"'`´‘’‚“”„«»‹›"
#: What clings to copied text unseen: soft hyphen, zero-width characters, joiners, byte order mark, marks of direction.
_UNSEEN: Final = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_EDGES: Final = _SPACES + _QUOTES + _UNSEEN


def normalise_domain(text: str) -> str:
    """Return the canonical domain that a name or URL stands for; empty when it stands for none."""
    if len(text) <= _LONGEST_NAME and text.isascii():
        name = text.lower().removeprefix("www.")
        if _is_plain(name):
            return name
    name = _to_ascii(_host_of(_trimmed(text))).rstrip(".").removeprefix("www.")
    return name if _is_name(name) else ""


def domain_from_email(text: str) -> str:
    """Return the canonical domain after the last `@`; empty when there is none. `Name <user@host>` is understood."""
    at = text.rfind("@")
    return normalise_domain(text[at + 1 :].strip(_EDGES + "<>()")) if at >= 0 else ""


def domain_from_website(text: str) -> str:
    """Return the canonical domain of a web address, with or without its scheme; empty when there is none."""
    return normalise_domain(text)


def is_valid_domain(text: str) -> bool:
    """Tell whether a text is one domain name and nothing else: no scheme, port, path or trailing dot; any case."""
    if len(text) <= _LONGEST_NAME and _is_plain(text):
        return True
    return len(text) <= _LONGEST_READ and _is_name(_to_ascii(text.strip(_EDGES)))


def display_name(domain: str) -> str:
    """Return a canonical domain in Unicode, for people to read; as it is where a label has no valid Unicode form."""
    if len(domain) > _LONGEST_NAME or "xn--" not in domain:
        return domain
    try:
        return ".".join(idna.ulabel(label) if label.startswith("xn--") else label for label in domain.split("."))
    except UnicodeError:
        return domain


def _is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None and "xn--" not in name


def _trimmed(text: str) -> str:
    """Take off what surrounds the text; of a very long one only the front is read."""
    if len(text) <= _LONGEST_READ:
        return text.strip(_EDGES)
    # The cut end is no end of the text: trimming there could make a name of what was followed by something else.
    return text.lstrip()[:_LONGEST_READ].lstrip(_EDGES)


def _host_of(text: str) -> str:
    """Cut scheme, user, port and path off. A user is known only behind a scheme: `user@host` alone is an address."""
    # Backslashes for slashes are common in hand-typed web addresses, and browsers take them so.
    text = text.replace("\\", "/")
    scheme = _SCHEME.match(text)
    start = scheme.end() if scheme else 0
    end = _END_OF_HOST.search(text, start)
    host = text[start : end.start()] if end else text[start:]
    return _PORT.sub("", host.rpartition("@")[2] if start else host)


def _to_ascii(host: str) -> str:
    """Map to lower case and A-labels (UTS #46, RFC 5891 §5); empty when a label cannot be written in them.

    The Turkish letters decide the order: capital dotted İ is i, and so is an i that careless lower-casing has left
    with a separate dot above; dotless ı is a letter of its own; ASCII capital I is i, as everywhere in DNS.
    """
    if host.isascii():
        return host.lower()
    host = host.replace("İ", "i").replace("I\u0307", "i").replace("i\u0307", "i")
    try:
        labels = idna.uts46_remap(host).split(".")
        return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in labels)
    except UnicodeError:
        return ""


def _is_name(name: str) -> bool:
    """Tell whether a lower-case ASCII text keeps the rules of a host name with at least two labels."""
    if len(name) > _LONGEST_NAME:
        return False
    labels = name.split(".")
    top = labels[-1]
    return len(labels) > 1 and len(top) > 1 and not top.isdigit() and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    return _LABEL.fullmatch(label) is not None and (not label.startswith("xn--") or _decodes(label[4:]))


def _decodes(punycode: str) -> bool:
    """Tell whether the rest of an `xn--` label is the Punycode of readable text (RFC 3492).

    This is wider than IDNA: names with emoji, once registered under older rules, do exist and take mail.
    """
    try:
        text = punycode.encode("ascii").decode("punycode")
        return text.isprintable() and not text.isascii() and text.encode("punycode").decode("ascii") == punycode
    except UnicodeError:
        return False
