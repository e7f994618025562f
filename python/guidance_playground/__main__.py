"""``python -m guidance_playground`` is the command."""

import signal
import sys

from . import _core


def main() -> int:
    """Do what the command line asks for; the exit status."""
    # The command hears Ctrl-C itself, where it has something to keep, and ends at once elsewhere.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _core.command_line(["guidance-playground", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
