"""Turkish letters in search and in order: the tables that Python and the database share.

The database has the same as the functions `turkish_fold` and `turkish_sort_key`; a test holds both side by side.
Neither asks for ICU, which embedded servers lack: both are plain replacements, alike on every server.
"""

from typing import Final

_FOLDED_FROM: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċ"
    "ČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻ"
    "żŽž"
)
_FOLDED_TO: Final = (
    "abcdefghijklmnopqrstuvwxyzaaaaaaaceeeeiiiidnoooooouuuuytsaaaaaaaceeeeiiiidnoooooouuuuytyaaaaaacccccc"
    "ccddddeeeeeeeeeegggggggghhiiiiiiiiiijjkkllllllllnnnnnnoooooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzz"
    "zzz"
)
#: Accents that stand as characters of their own, after their letter.
_ACCENTS: Final = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328"

_SORTED_FROM: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæèéêëìíîïðñòóôõøùúûýþÿĀāĂăĄąĆćĈĉĊċČčĎ"
    "ďĐđĒēĔĕĖėĘęĚěĜĝĞĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž"
)
_SORTED_TO: Final = (
    "abcdefghıjklmnopqrstuvwxyzaaaaaaaçeeeeiiiidnooooöouuuüytsaaaaaaaeeeeiiiidnooooouuuytyaaaaaaccccccccd"
    "dddeeeeeeeeeeggğgggghhiiiiiiiiijjkkllllllllnnnnnnoooooooorrrrrrssssşssttttuuuuuuuuuuuuwwyyyzzzzzz"
)

_FOLD: Final = str.maketrans(_FOLDED_FROM, _FOLDED_TO, _ACCENTS)
_LOWER: Final = str.maketrans(_SORTED_FROM + "~", _SORTED_TO + " ", _ACCENTS)
#: A letter of the Turkish alphabet that is no ASCII letter follows its neighbour: `~` is greater than any letter.
_AFTER: Final = str.maketrans({"ı": "i", "i": "i~", "ç": "c~", "ğ": "g~", "ö": "o~", "ş": "s~", "ü": "u~"})


def turkish_fold(text: str) -> str:
    """Return a text without case, dots and accents: `ŞİRKET`, `şirket` and `sirket` are one word; so are ı and i."""
    return text.translate(_FOLD)


def turkish_sort_key(text: str) -> str:
    """Return a key whose bytes sort as the Turkish alphabet does: c ç d, g ğ h, ı i j, o ö p, s ş t, u ü v."""
    return text.translate(_LOWER).translate(_AFTER)
