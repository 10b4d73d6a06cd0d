"""The wire between a child and its parent: one byte of kind, four bytes of length, then JSON or plain bytes.

Never pickle: what a child sends is data of a stranger, and reading a pickle runs it.
"""

import json
import struct
from enum import IntEnum
from typing import Any, BinaryIO, Final

#: Kind and length of what follows.
HEAD: Final = struct.Struct(">BI")
#: No frame is longer: a child's batch is far below, a damaged length is noticed.
LONGEST_FRAME: Final = 32 * 1024 * 1024


class FrameKind(IntEnum):
    """What a frame holds."""

    JSON = 1
    BYTES = 2
    #: JSON: why the file is refused; the last frame.
    REFUSED = 3
    #: Nothing: everything was sent.
    END = 4


def write_frame(stream: BinaryIO, kind: FrameKind, content: Any) -> None:
    """Write one frame; lone surrogates in JSON become question marks."""
    body = content if kind is FrameKind.BYTES else _json_bytes(content)
    stream.write(HEAD.pack(kind, len(body)) + body)


def _json_bytes(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
