"""How many files and connections this process may have open at once.

The usual soft limit of 1,024, on a Mac 256, is for programs that still use `select`; nothing here does. What is started
from here has the same limit.
"""

import sys
from typing import Final

if sys.platform != "win32":
    import resource

#: A scan of a long list, the lab's name server and the API with its event streams each stay well below this.
WANTED: Final = 4096


def raise_open_files(wanted: int = WANTED) -> None:
    """Raise the soft limit of open files to what is wanted, as far as the hard limit lets us; it is never lowered."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    aim = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < aim:
        resource.setrlimit(resource.RLIMIT_NOFILE, (aim, hard))
