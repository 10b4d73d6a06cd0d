"""What a file that comes from strangers may cost: bytes, rows, columns, memory, CPU and time."""

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child process may use; it is ended when it takes more."""

    #: Address space in bytes (RLIMIT_AS), the interpreter's own 40 MiB included.
    memory_bytes: int = 1024 * MEBIBYTE
    #: CPU time (RLIMIT_CPU).
    cpu_seconds: int = 60
    #: Time for which we wait for the child; the time in which it waits for us does not count.
    wall_seconds: float = 120.0
    #: All that the child may send, in bytes.
    output_bytes: int = 2048 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a list may hold."""

    file_bytes: int = 50 * MEBIBYTE
    #: Rows that hold something, the header row not counted.
    csv_rows: int = 1_000_000
    workbook_rows: int = 200_000
    #: Columns, wherever they stand.
    columns: int = 1_000
    #: What the parts of a packed workbook may come to when unpacked, in bytes: a full workbook of ours has 150 MiB.
    unpacked_bytes: int = 1024 * MEBIBYTE
    child: ChildLimits = ChildLimits()
