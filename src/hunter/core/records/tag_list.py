"""Tag lists `name=value; name=value` (RFC 6376 §3.2), the form that DKIM keys and DMARC records share."""

from typing import Final

#: White space that may stand around names and values, folding included.
_WHITE_SPACE: Final = " \t\r\n"


def parse_tags(text: str) -> list[tuple[str, str]]:
    """Split a tag list into (name, value) in order of standing; pieces without `=` are passed over."""
    pairs = [piece.partition("=") for piece in text.split(";")]
    return [(name.strip(_WHITE_SPACE), value.strip(_WHITE_SPACE)) for name, equals, value in pairs if equals]
