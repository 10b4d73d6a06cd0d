"""Ownership tokens in TXT records: texts by which a domain proves itself to a vendor.

In: the TXT texts of a domain. Out: the vendors' words. A token proves that somebody once registered the domain with
the vendor; it proves no mailbox. Source: the vendors' documentation and the signature table.
"""

from collections.abc import Iterable
from typing import Final

#: How a token's text begins, in lower case, and the vendor that asked for it.
_TOKENS: Final = (
    ("ms=", "microsoft"),
    ("v=verifydomain ms=", "microsoft"),
    ("google-site-verification=", "google"),
    ("google-site-verification:", "google"),
    ("yandex-verification:", "yandex"),
    ("yandex-verification=", "yandex"),
    ("zoho-verification=", "zoho"),
    ("protonmail-verification=", "protonmail"),
    ("apple-domain=", "icloud"),
    ("apple-domain-verification=", "apple"),
    ("mailru-verification:", "mailru"),
    ("mailru-domain:", "mailru"),
    ("t-verify=", "tuta"),
    ("hosted-email-verify=", "migadu"),
    ("amazonses:", "amazonses"),
    ("d365mktkey=", "dynamics365"),
    ("facebook-domain-verification=", "facebook"),
    ("atlassian-domain-verification=", "atlassian"),
    ("docusign=", "docusign"),
    ("adobe-idp-site-verification=", "adobe"),
    ("cisco-ci-domain-verification=", "cisco"),
)

#: Every vendor word there is.
VENDORS: Final = frozenset(vendor for _, vendor in _TOKENS)

_BY_FIRST_LETTER: Final = {
    first: tuple(token for token in _TOKENS if token[0].startswith(first)) for first in {text[0] for text, _ in _TOKENS}
}


def verification_vendors(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the vendors whose ownership tokens stand in the texts: sorted, each once."""
    found: set[str] = set()
    for text in texts:
        for beginning, vendor in _BY_FIRST_LETTER.get(text[:1].lower(), ()):
            if text[: len(beginning)].lower() == beginning:
                found.add(vendor)
    return tuple(sorted(found))
