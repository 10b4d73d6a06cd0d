"""The child's side: take limits, run one function, send what it yields. `python -m hunter.documents.child_process`.

In: one JSON object on standard input (function, argument, limits). Out: frames on standard output, see `frames`.
Linux and macOS only: other systems have no `resource`, and the child then ends before it has read anything.
"""

import json
import os
import resource
import sys
from pkgutil import resolve_name
from typing import Any, Final

from hunter.documents.errors import UnreadableFile
from hunter.documents.frames import FrameKind, write_frame

#: What an error report of the interpreter or of a native parser may come to.
_STDERR_BYTES: Final = 64 * 1024
_OPEN_FILES: Final = 64


def take_limits(memory_bytes: int, cpu_seconds: int) -> None:
    """Give up what is not needed; nobody in this process can take it back."""
    for name, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, _STDERR_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_AS, memory_bytes),
    ):
        allowed = _at_most(name, value)
        resource.setrlimit(name, (allowed, allowed))
    # The soft limit ends the process by a signal that says why; at the hard one it would simply be killed.
    hard = _at_most(resource.RLIMIT_CPU, cpu_seconds + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (min(cpu_seconds, hard), hard))


def _at_most(name: int, value: int) -> int:
    _, hard = resource.getrlimit(name)
    return value if hard == resource.RLIM_INFINITY else min(value, hard)


def main() -> None:
    """Run what the parent asks for; ends with 0 also where the file is refused, because that is told in a frame."""
    task: dict[str, Any] = json.load(sys.stdin.buffer)
    # The results leave by a descriptor of their own: whatever a parser prints cannot mix with them.
    with os.fdopen(os.dup(1), "wb", buffering=1 << 16) as out:
        os.dup2(2, 1)
        take_limits(task["memory_bytes"], task["cpu_seconds"])
        try:
            for message in resolve_name(task["function"])(task["argument"]):
                kind = FrameKind.BYTES if isinstance(message, bytes) else FrameKind.JSON
                write_frame(out, kind, message)
                out.flush()
            write_frame(out, FrameKind.END, None)
        except UnreadableFile as error:
            write_frame(out, FrameKind.REFUSED, {"problem": error.problem, "facts": error.facts})
        except MemoryError:
            write_frame(out, FrameKind.REFUSED, {"problem": "memory", "facts": {}})


if __name__ == "__main__":
    main()
