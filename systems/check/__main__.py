"""The door for build servers: `python -m systems.check PATH…`."""

import sys

from systems.check.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
