"""Turkish text folded for comparing: case, dots and accents do not count."""

import unicodedata
from typing import Final

#: The letters whose lower case depends on the language, and those that keyboards abroad lack.
_FOLDED: Final = str.maketrans("İIıŞşĞğÜüÖöÇçÂâÎîÛû", "iiissgguuooccaaiiuu")


def fold(text: str) -> str:
    """Return a text in lower case without accents: `İNTERNET`, `INTERNET` and `ınternet` are the same.

    Both readings of a capital I (dotted and dotless) meet in `i`, with accents kept or lost in the source.
    """
    folded = text.translate(_FOLDED).lower()
    if folded.isascii():
        return folded.strip()
    parts = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).replace("ı", "i").strip()
