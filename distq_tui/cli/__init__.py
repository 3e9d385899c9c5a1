"""The command line: data on stdout, narration on stderr, exit codes of the contract.

Every command imports what it needs when it runs, so that `--help` and `--version` stay quick.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from distq_tui.cli.exits import ERROR, INTERRUPTED, USAGE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from distq_tui.cli.parser import build_parser
    from distq_tui.errors import DiskError, InputError

    # before numpy is imported: its products here are small, and waiting threads would cost more CPU than they save
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # a terminal that knows few characters shows the others as escapes, and does not end the program
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    arguments = build_parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one line of the contract
        return USAGE
    except DiskError as error:
        print(error, file=sys.stderr)  # noqa: T201 - as above
        return ERROR
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has gone (`| head`): end quietly, and keep Python from flushing into the closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise
        print(f"can't write: {error.strerror}", file=sys.stderr)  # noqa: T201 - as above
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERROR
    return code
