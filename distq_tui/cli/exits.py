"""Exit codes, as the contract has them."""

from __future__ import annotations

from distq_tui.events import RunFinished

DONE = 0
ERROR = 1
USAGE = 2
BUDGET = 3
FAILED_TRIALS = 4
INTERRUPTED = 130


def exit_code(finished: RunFinished) -> int:
    """The exit code of a run: interrupted before budget before failed trials."""
    match finished.reason:
        case "stopped":
            return INTERRUPTED
        case "budget_requests" | "budget_cost":
            return BUDGET
        case "no_model_answered":
            return ERROR
        case _:
            return FAILED_TRIALS if finished.failed else DONE
