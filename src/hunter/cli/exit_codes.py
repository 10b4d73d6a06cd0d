"""What the command line's exit codes say; the same in every release."""

from typing import Final

#: Every name was assessed.
SUCCESS: Final = 0
#: Some names could not be assessed, each said on standard error; or the command failed.
FAILED: Final = 1
#: The command was called in a way that it does not know, or with a list that cannot be read.
USAGE: Final = 2
#: Stopped from the keyboard: 128 and the number of SIGINT, as shells have it.
INTERRUPTED: Final = 130
#: The reader of our output went away: 128 and the number of SIGPIPE.
READER_GONE: Final = 141
