"""The chore `./hunter bench`: `python -m bench` with the checkout on its path."""

import sys

from bench.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
