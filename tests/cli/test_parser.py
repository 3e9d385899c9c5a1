"""The grammar: where the common flags may stand, what is refused, and in how many lines."""

import argparse
import json
import re
from pathlib import Path

import pytest

from distq_tui import __version__
from distq_tui.cli import file_help
from distq_tui.cli.parser import build_parser
from distq_tui.rse.files import COLUMNS

COMMANDS = {
    "tui": [],
    "demo": [],
    "run": ["p.toml"],
    "score ice": ["f"],
    "score rse": ["f"],
    "report": ["latest", "-o", "x.md"],
    "sessions": [],
    "models": [],
    "models test": ["m"],
    "prompts": [],
    "prompts check": ["f"],
    "import": ["f"],
    "export": ["latest", "-o", "x"],
    "doctor": [],
    "locate": [],
}
FLAGS = ["--db", "x.db", "--config", "c.toml"]


def parsed(*words):
    arguments = build_parser().parse_args([*words])
    return getattr(arguments, "db", None), getattr(arguments, "config", None)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_common_flags_stand_before_or_after_every_command(command):
    words, rest = command.split(), COMMANDS[command]
    both = (Path("x.db"), Path("c.toml"))
    assert parsed(*FLAGS, *words, *rest) == both
    assert parsed(*words, *rest, *FLAGS) == both
    assert parsed(*words, *FLAGS, *rest) == both
    assert parsed(*FLAGS[:2], *words, *rest, *FLAGS[2:]) == both
    assert parsed(*words, *rest) == (None, None)


def test_between_the_two_words_of_score_too():
    assert parsed("score", *FLAGS, "ice", "f") == (Path("x.db"), Path("c.toml"))


def test_the_later_of_two_counts():
    assert parsed("--db", "a.db", "sessions", "--db", "b.db")[0] == Path("b.db")


def test_without_a_command_the_app_opens():
    assert parsed(*FLAGS) == (Path("x.db"), Path("c.toml"))
    bare, named = build_parser().parse_args([]), build_parser().parse_args(["tui"])
    assert bare.run.__closure__ is not None
    assert [cell.cell_contents for cell in bare.run.__closure__] == [
        cell.cell_contents for cell in named.run.__closure__
    ]


def test_the_contract_s_commands_are_all_there():
    subparsers = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert set(subparsers.choices) == {command.split()[0] for command in COMMANDS}


def test_version(cli):
    ended = cli("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"distq-tui {__version__}\n", "")


@pytest.mark.parametrize(
    "words", [["models", "--json", "test", "m"], ["models", "test", "m", "--json"], ["models", "--json"]]
)
def test_json_stands_before_or_after_the_second_word(words):
    assert build_parser().parse_args(words).json


def test_the_second_word_may_be_left_out():
    arguments = build_parser().parse_args(["models"])
    assert (arguments.action, arguments.json) == (None, False)


@pytest.mark.parametrize("words", [[], ["run"], ["score", "ice"], ["models"], ["report"]])
def test_help_goes_to_stdout(cli, words):
    ended = cli(*words, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("usage: distq-tui")


def test_help_names_the_exit_codes(cli):
    assert "4 finished with failed trials; 130 interrupted" in cli("--help").out


SEED = 2**63


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["run"], "distq-tui run: the following arguments are required: PLAN.toml (see distq-tui run --help)"),
        (
            ["run", "p", "--max-requests", "-1"],
            "distq-tui run: argument --max-requests: must be a whole number, 0 or more, not '-1' "
            "(see distq-tui run --help)",
        ),
        (
            ["run", "p", "--max-requests", "1.5"],
            "distq-tui run: argument --max-requests: must be a whole number, 0 or more, not '1.5' "
            "(see distq-tui run --help)",
        ),
        (
            ["run", "p", "--max-cost", "nan"],
            "distq-tui run: argument --max-cost: must be a number of dollars, 0 or more, not 'nan' "
            "(see distq-tui run --help)",
        ),
        (
            ["run", "p", "--max-cost", "free"],
            "distq-tui run: argument --max-cost: must be a number of dollars, 0 or more, not 'free' "
            "(see distq-tui run --help)",
        ),
        (
            ["run", "p", "--seed", "-3"],
            "distq-tui run: argument --seed: must be a whole number, 0 or more, not '-3' (see distq-tui run --help)",
        ),
        (
            ["run", "p", "--seed", str(SEED)],
            f"distq-tui run: argument --seed: must be at most {SEED - 1} (see distq-tui run --help)",
        ),
        (
            ["run", "p", "--json", "--events"],
            "distq-tui run: argument --events: not allowed with argument --json (see distq-tui run --help)",
        ),
        (["sessions", "--yaml"], "distq-tui: unrecognized arguments: --yaml (see distq-tui --help)"),
        (
            ["report", "latest"],
            "distq-tui report: the following arguments are required: -o/--out (see distq-tui report --help)",
        ),
        (
            ["score"],
            "distq-tui score: the following arguments are required: {ice,rse} (see distq-tui score --help)",
        ),
        (["ru\x1b[31mn\n"], "distq-tui: argument COMMAND: invalid choice: "),
    ],
)
def test_usage_errors_are_one_line_and_two(cli, words, line):
    ended = cli(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(line)
    assert ended.err.count("\n") == 1
    assert "\x1b" not in ended.err


@pytest.mark.parametrize("column", COLUMNS[2:])
def test_help_tells_every_column_of_the_matrix(cli, column):
    assert re.search(rf"^  [\w,]*\b{column}\b[\w,]* +\w", cli("score", "rse", "--help").out, re.MULTILINE)


def test_help_tells_that_the_first_column_of_the_matrix_only_ranks(cli):
    assert re.search("^  similarity +only to rank by", cli("score", "rse", "--help").out, re.MULTILINE)


@pytest.mark.parametrize(
    ("command", "row", "fields"),
    [
        (["score", "ice"], file_help.ICE_ROW, ("id", "family", "fact", "query", "response")),
        (["score", "rse"], file_help.RSE_ROW, ("prompt_id", "model", "response", "sample")),
        (["import"], file_help.IMPORT_ROW, ("prompt_id", "query", "role", "created_at")),
        (["export"], "", ("x.jsonl", "x.nwk", "x.identity.jsonl")),
    ],
)
def test_help_names_the_fields_and_shows_a_row_that_is_taken(cli, tmp_path, command, row, fields):
    told = cli(*command, "--help")
    assert told.code == 0
    assert all(field in told.out for field in fields)
    assert row in told.out
    if row:
        other = row.replace('"m"', '"n"').replace('"id": 1', '"id": 2')
        rows = [json.loads(one) for one in (row, other)]
        (tmp_path / "f").write_text("".join(json.dumps(one) + "\n" for one in rows))
        assert cli(*command, tmp_path / "f", "--db", tmp_path / "x.db").code == 0
