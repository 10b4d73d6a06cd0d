"""The grammar of an SPF record (RFC 7208 §4.6.1, §7.1, §12): one TXT text becomes its terms, or None when it is broken.

Receivers end with an error at any syntax error anywhere in the record, so nothing is forgiven here that the grammar
does not allow: several and trailing spaces are fine, tabs, commas, `ipv4:` or a space after the colon are not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import Final

_VERSION: Final = "v=spf1"
#: Longer texts and terms are parsed every time: a cache must not keep what an unfriendly zone blows up.
_LONGEST_CACHED_TEXT: Final = 2048
_LONGEST_CACHED_TERM: Final = 255

#: Mechanisms that cost a look-up (RFC 7208 §4.6.4).
_COSTLY: Final = frozenset({"include", "a", "mx", "ptr", "exists"})
#: Modifiers that may stand once; others may be repeated (RFC 7208 §6).
_ONCE: Final = frozenset({"redirect", "exp"})

_QNUM: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#: RFC 7208 §7.2 keeps the macro letters c, r and t for explanation texts; a count of zero labels is an error (§7.3).
_MACRO: Final = r"%(?:\{[slodiphv](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|[%_-])"
_ANY_MACRO: Final = r"%(?:\{[slodiphvcrt](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|[%_-])"
_LITERAL: Final = r"[!-$&-~]"
_TOP_LABEL: Final = r"(?:[0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])"

#: Without re.ASCII, ignoring case would let the Kelvin sign and the dotless i pass as letters.
_FLAGS: Final = re.ASCII | re.IGNORECASE | re.DOTALL

_DIRECTIVE: Final = re.compile(r"([-+~?]?)(all|include|exists|ip4|ip6|ptr|mx|a)(?:([:/])(.*))?", _FLAGS)
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9._-]*)=(.*)", _FLAGS)
_IP4_NETWORK: Final = re.compile(rf"{_QNUM}(?:\.{_QNUM}){{3}}(?:/(?:3[0-2]|[12][0-9]|[0-9]))?")
_PREFIX_6: Final = r"(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])"
_IP6_PREFIX: Final = re.compile(_PREFIX_6)
_DUAL_CIDR: Final = re.compile(rf"(?:/(?:3[0-2]|[12][0-9]|[0-9]))?(?://{_PREFIX_6})?\Z")
_CIDR_START: Final = re.compile(r"(?:/[0-9]+)?(?://[0-9]+)?\Z")
_MACRO_STRING: Final = re.compile(rf"(?:{_LITERAL}|{_ANY_MACRO})*", _FLAGS)
_DOMAIN_SPEC: Final = re.compile(rf"{_LITERAL}*\.{_TOP_LABEL}\.?", _FLAGS)
_MACRO_DOMAIN_SPEC: Final = re.compile(rf"(?:{_LITERAL}|{_MACRO})*(?:\.{_TOP_LABEL}\.?|{_MACRO})", _FLAGS)


@dataclass(frozen=True, slots=True)
class SPFTerm:
    """One mechanism or modifier as it stands in the text."""

    #: `+`, `-`, `~` or `?`; a mechanism without one has `+`, a modifier has none (empty).
    qualifier: str
    #: Lower case: `include`, `a`, `mx`, `ip4`, `redirect` ...
    name: str
    #: What follows the `:` or `=`, with its `/cidr`; `/24` alone for `a/24`; empty when there is none.
    value: str


@dataclass(frozen=True, slots=True)
class SPFRecord:
    """One record on its own, before anything that it points to is looked up."""

    #: All terms in order, also those that no receiver evaluates.
    terms: tuple[SPFTerm, ...]
    #: Targets of the `include` terms before `all`, lower case without a trailing dot.
    includes: tuple[str, ...]
    #: Target of `redirect`, in the same form; None where an `all` makes receivers ignore it (RFC 7208 §6.1).
    redirect: str | None
    #: Both together: what has to be read next, in the order of evaluation.
    targets: tuple[str, ...]
    #: Qualifier of the first `all`.
    all_qualifier: str | None
    #: Terms that cost a look-up by themselves, before `all` (RFC 7208 §4.6.4).
    lookups: int
    #: Whose MX the `mx` terms ask for; empty for the record's own name.
    mx_names: tuple[str, ...]


def is_spf(text: str) -> bool:
    """Tell whether a TXT text is an SPF record: the version alone or followed by a space (RFC 7208 §4.5)."""
    return text[:6].lower() == _VERSION and text[6:7] in ("", " ")


def parse_spf(text: str) -> SPFRecord | None:
    """Parse an SPF text; None when it is none or holds a syntax error anywhere."""
    return _parse_cached(text) if len(text) <= _LONGEST_CACHED_TEXT else _parse(text)


def _parse(text: str) -> SPFRecord | None:
    if not is_spf(text):
        return None
    terms: list[SPFTerm] = []
    for token in text[6:].split(" "):
        if token:
            term = _term_cached(token) if len(token) <= _LONGEST_CACHED_TERM else _term(token)
            if term is None:
                return None
            terms.append(term)
    return _record(tuple(terms))


def _record(terms: tuple[SPFTerm, ...]) -> SPFRecord | None:
    """Gather what is evaluated; None when a modifier stands twice that may stand once (RFC 7208 §6)."""
    mechanisms: list[SPFTerm] = []
    modifiers: dict[str, str] = {}
    all_qualifier: str | None = None
    for term in terms:
        if not term.qualifier:
            if term.name in modifiers and term.name in _ONCE:
                return None
            modifiers[term.name] = term.value
        elif all_qualifier is None:
            if term.name == "all":
                all_qualifier = term.qualifier
            elif term.name in _COSTLY:
                mechanisms.append(term)
    includes = tuple([_target(term.value) for term in mechanisms if term.name == "include"])
    redirect = _target(modifiers["redirect"]) if "redirect" in modifiers and all_qualifier is None else None
    return SPFRecord(
        terms=terms,
        includes=includes,
        redirect=redirect,
        targets=includes if redirect is None else (*includes, redirect),
        all_qualifier=all_qualifier,
        lookups=len(mechanisms) + (redirect is not None),
        mx_names=tuple([_target(term.value.partition("/")[0]) for term in mechanisms if term.name == "mx"]),
    )


def _target(value: str) -> str:
    """Return a domain-spec in the form in which targets are compared and looked up."""
    return value.lower().removesuffix(".")


def _term(token: str) -> SPFTerm | None:
    directive = _DIRECTIVE.fullmatch(token)
    if directive is not None:
        qualifier, name, separator, value = directive.groups("")
        name = name.lower()
        if not _ARGUMENT_IS_VALID[name](separator, value):
            return None
        return SPFTerm(qualifier or "+", name, f"/{value}" if separator == "/" else value)
    modifier = _MODIFIER.fullmatch(token)
    if modifier is None:
        return None
    name, value = modifier.group(1).lower(), modifier.group(2)
    is_valid = _is_domain_spec(value) if name in _ONCE else _MACRO_STRING.fullmatch(value) is not None
    return SPFTerm("", name, value) if is_valid else None


_term_cached = lru_cache(maxsize=4096)(_term)
_parse_cached = lru_cache(maxsize=1024)(_parse)


def _is_domain_spec(spec: str) -> bool:
    pattern = _MACRO_DOMAIN_SPEC if "%" in spec else _DOMAIN_SPEC
    return pattern.fullmatch(spec) is not None


def _takes_nothing(separator: str, value: str) -> bool:
    return not separator


def _takes_domain(separator: str, value: str) -> bool:
    return separator == ":" and _is_domain_spec(value)


def _may_take_domain(separator: str, value: str) -> bool:
    return not separator or _takes_domain(separator, value)


def _may_take_domain_and_cidr(separator: str, value: str) -> bool:
    if separator == "/":
        return bool(value) and _DUAL_CIDR.match("/" + value) is not None
    if separator == ":" and "/" in value:
        # A domain-spec may hold slashes itself but never ends in digits after one, so the end decides where it stops.
        start = _CIDR_START.search(value)
        spec = value[: start.start()] if start else value
        return _is_domain_spec(spec) and _DUAL_CIDR.match(value, len(spec)) is not None
    return _may_take_domain(separator, value)


def _takes_ip4(separator: str, value: str) -> bool:
    return separator == ":" and _IP4_NETWORK.fullmatch(value) is not None


def _takes_ip6(separator: str, value: str) -> bool:
    network, slash, prefix = value.partition("/")
    if separator != ":" or "%" in network or (slash and not _IP6_PREFIX.fullmatch(prefix)):
        return False
    try:
        IPv6Address(network)
    except AddressValueError:
        return False
    return True


_ARGUMENT_IS_VALID: Final[dict[str, Callable[[str, str], bool]]] = {
    "all": _takes_nothing,
    "include": _takes_domain,
    "a": _may_take_domain_and_cidr,
    "mx": _may_take_domain_and_cidr,
    "ptr": _may_take_domain,
    "ip4": _takes_ip4,
    "ip6": _takes_ip6,
    "exists": _takes_domain,
}
