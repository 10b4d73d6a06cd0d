"""A set of names for lists of any length."""

from array import array


class SeenNames:
    """A set of names that remembers 64-bit hashes only: 8 to 27 bytes a name, whatever its length.

    Two of a million names share a hash with a probability of 3 in 100 million. Python's own set of these numbers
    would take nine times the room, which shows at 100,000 names.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._used = 0

    def __len__(self) -> int:
        return self._used

    def add(self, name: str) -> bool:
        """Remember the name; False if it was known."""
        if not _insert(self._slots, _hash(name)):
            return False
        self._used += 1
        if self._used * 3 > len(self._slots) * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for number in self._slots:
            if number:
                _insert(larger, number)
        self._slots = larger


def _hash(name: str) -> int:
    """Return a number from 1 to 2**64-1; 0 marks a free slot."""
    return (hash(name) & 0xFFFF_FFFF_FFFF_FFFF) or 1


def _insert(slots: "array[int]", number: int) -> bool:
    """Put the number into the first free slot from its own place on; False if it is there already."""
    last = len(slots) - 1
    place = number & last
    while held := slots[place]:
        if held == number:
            return False
        place = (place + 1) & last
    slots[place] = number
    return True
