"""``smm-tui`` and ``python -m smm_tui``."""

from __future__ import annotations

import sys

from smm_tui.cli.entry import run


def main() -> None:
    """Run the command line of this process and leave with its exit status."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
