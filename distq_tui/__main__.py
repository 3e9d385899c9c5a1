"""`python -m distq_tui` is the same program as `distq-tui`."""

from distq_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
