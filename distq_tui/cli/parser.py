"""The grammar of the command line; what a command does stands in the module it names."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from distq_tui import __version__
from distq_tui.cli import file_help
from distq_tui.cli.exits import USAGE
from distq_tui.errors import one_line

_EPILOG = """\
exit codes: 0 done; 1 error, or no model answered; 2 usage or bad input; 3 stopped by budget;
4 finished with failed trials; 130 interrupted

examples:
  distq-tui demo                         the app on the embedded model: no key, no network
  distq-tui run plan.toml --dry-run      what a run would ask and cost
  distq-tui report latest -o report.html
"""


_SESSION = "id, unique prefix of it or of its part after the dash, name, or `latest`"

_AS_WRITTEN: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter}
"""Keeps the lines of what stands below the options."""


def _lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        command = getattr(importlib.import_module(f"distq_tui.cli.{module}"), function)
        code: int = command(arguments)
        return code

    return run


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every command does with bad input."""

    def error(self, message: str) -> NoReturn:
        """Print the line and exit with 2."""
        self.exit(USAGE, one_line(f"{self.prog}: {message} (see {self.prog} --help)") + "\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser; `run` of the parsed namespace is the command."""
    # SUPPRESS: a subcommand's default would otherwise overwrite what stood before the subcommand
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--db", type=Path, metavar="FILE", help="the database (default: see `distq-tui locate`)")
    common.add_argument("--config", type=Path, metavar="FILE", help="the config file")
    parser = _Parser(
        prog="distq-tui",
        description="Was this language model taught by that one? Identity consistency and response similarity.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"distq-tui {__version__}")
    parser.set_defaults(run=_lazily("window", "open_window"))
    commands = parser.add_subparsers(metavar="COMMAND", dest="command")

    def add(name: str, module: str, function: str, text: str, **kwargs: Any) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[common], **_AS_WRITTEN, **kwargs)
        command.set_defaults(run=_lazily(module, function))
        return command

    add("tui", "window", "open_window", "the app (also without a command)")
    add("demo", "window", "open_demo", "the app on the embedded default: no key, no network")
    _add_run(add("run", "run", "run_plan", "run a plan without the app"))
    _add_score(commands, common)
    report = add("report", "reports", "write_report", "write a session's report")
    report.add_argument("session", metavar="SESSION", help=_SESSION)
    report.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.{html,md,json,csv}")
    _add_json(add("sessions", "lists", "list_sessions", "list the sessions"))
    _add_models(commands, common)
    _add_prompts(commands, common)
    imported = add(
        "import",
        "import_command",
        "import_file",
        "read another tool's responses into the database",
        epilog=file_help.IMPORT,
    )
    imported.add_argument("file", type=Path, nargs="+", metavar="FILE")
    imported.add_argument(
        "--model", metavar="NAME", help="whose answers the paper's files hold (default: by their names)"
    )
    imported.add_argument(
        "--family", metavar="NAME", help="its family, where rows name none (default: by the model's name)"
    )
    for role, text in (("reference", "the candidate teacher"), ("control", "believed unrelated to the target")):
        imported.add_argument(
            f"--{role}", metavar="NAME", action="append", default=[], help=f"a model that is {text}; repeatable"
        )
    exported = add("export", "reports", "export_session", "write a session's tables", epilog=file_help.EXPORT)
    exported.add_argument("session", metavar="SESSION", help=_SESSION)
    exported.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    add("doctor", "doctor", "doctor", "check this installation")
    add("locate", "lists", "locate", "where the files are: name and path a line")
    return parser


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="as JSON on stdout")


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("plan", type=Path, metavar="PLAN.toml")
    command.add_argument(
        "--dry-run", action="store_true", help="say what would be asked and what it costs; ask nothing"
    )
    command.add_argument("--fresh", action="store_true", help="ask again for what is stored; both answers are kept")
    output = command.add_mutually_exclusive_group()
    output.add_argument("--events", action="store_true", help="every event as one JSON object a line")
    output.add_argument("--json", action="store_true", help="one summary object at the end")
    command.add_argument("--max-requests", type=_count, metavar="N", help="end this run after N requests (exit code 3)")
    command.add_argument("--max-cost", type=_dollars, metavar="USD", help="end this run before this cost (exit code 3)")
    command.add_argument("--seed", type=_seed, metavar="N", help="instead of the plan's seed")


def _add_score(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "score a file of responses: offline, no key"
    score = commands.add_parser("score", help=text, description=text, parents=[common])
    kinds = score.add_subparsers(metavar="{ice,rse}", required=True)
    text = "identity claims, one verdict a row"
    ice = kinds.add_parser(
        "ice", help=text, description=text, epilog=file_help.SCORE_ICE, parents=[common], **_AS_WRITTEN
    )
    ice.add_argument(
        "--facts", type=Path, metavar="FACTS.toml", help="further families, or others' facts (TOML, below)"
    )
    text = "similarity of every pair of models"
    rse = kinds.add_parser(
        "rse", help=text, description=text, epilog=file_help.SCORE_RSE, parents=[common], **_AS_WRITTEN
    )
    ice.add_argument("file", type=Path, metavar="FILE")
    rse.add_argument("file", type=Path, nargs="+", metavar="FILE")
    rse.add_argument(
        "--turns", type=Path, metavar="TURNS.csv", help="write the table of each turn of conversations there"
    )
    for command, function, out in ((ice, "score_ice", "PRED.jsonl"), (rse, "score_rse", "MATRIX.csv")):
        command.add_argument("--out", type=Path, metavar=out, help="write there instead of to stdout")
        command.add_argument("--json", action="store_true", help="one summary object on stdout")
        command.set_defaults(run=_lazily("score", function))


def _add_models(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "list the known models, or test one"
    models = commands.add_parser("models", help=text, description=text, parents=[common])
    _add_json(models)
    models.set_defaults(run=_lazily("lists", "models"))
    test = _add_action(models, common, "test", "ask where the model lives whether it is there; costs nothing")
    test.add_argument("name", metavar="NAME")


def _add_prompts(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "list the shipped prompt sets, or check a file"
    prompts = commands.add_parser("prompts", help=text, description=text, parents=[common])
    _add_json(prompts)
    prompts.set_defaults(run=_lazily("lists", "prompts"))
    check = _add_action(prompts, common, "check", "whether a file is a good set of prompts or templates")
    check.add_argument("file", type=Path, metavar="FILE")


def _add_action(command: argparse.ArgumentParser, common: argparse.ArgumentParser, name: str, text: str) -> Any:
    """A second word, which may be left out; `--json` then stands before it or after it."""
    actions = command.add_subparsers(metavar=f"{{{name}}}", dest="action")
    action = actions.add_parser(name, help=text, description=text, parents=[common])
    action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON on stdout")
    return action


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
    from distq_tui.plan.run_plan import LARGEST_SEED

    value = _count(text)
    if value > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"must be at most {LARGEST_SEED}")
    return value


def _dollars(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a number of dollars, 0 or more, not {text!r}")
    return value
