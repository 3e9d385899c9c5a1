"""The README's plan and commands are what the program takes."""

import re
from pathlib import Path

import pytest

from distq_tui.cli.exits import BUDGET, DONE, ERROR, FAILED_TRIALS, INTERRUPTED, USAGE
from distq_tui.cli.parser import build_parser
from distq_tui.config.models import ANSWERING_ROLES
from distq_tui.ice.facts import load_facts
from distq_tui.plan.file import load_plan
from distq_tui.rse.verdict import STRONG_PROMPTS
from distq_tui.rse.verdict_controls import FEWEST

README = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
COMMANDS = re.findall(r"^distq-tui (\S.*?)(?: {2,}.*)?$", README, re.MULTILINE)


@pytest.fixture
def plan_file(tmp_path):
    (block,) = re.findall(r"^```toml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    file = tmp_path / "plan.toml"
    file.write_text(block)
    return file


def test_the_plan_is_one_and_its_families_are_known(plan_file):
    plan = load_plan(plan_file)
    assert {probe.kind for probe in plan.probes} == {"identity", "similarity"}
    facts = load_facts()
    assert all(facts.lookup(model.family) is not None for model in plan.models)


def test_the_plan_can_come_to_a_conclusion(plan_file):
    plan = load_plan(plan_file)
    families = {role: {model.family for model in plan.models if model.role == role} for role in ANSWERING_ROLES}
    assert len(families["control"] - families["target"] - families["reference"]) >= FEWEST
    assert len([probe for probe in plan.probes if probe.kind == "similarity"]) >= STRONG_PROMPTS
    assert plan.budget.max_requests >= len(plan.probes) * len(plan.models), "the budget leaves no answer open"


def test_a_dry_run_of_it_needs_no_key(cli, plan_file):
    ended = cli("run", plan_file, "--dry-run", "--db", plan_file.parent / "t.db")
    assert (ended.code, ended.err) == (0, "")
    assert "gpt-like? (5 models, " in ended.out


def test_the_commands_are_the_program_s():
    assert len(COMMANDS) >= 5
    for command in COMMANDS:
        build_parser().parse_args(command.split())


def test_the_exit_codes_are_the_program_s():
    rows = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in README.splitlines() if line.startswith("| ")
    }
    codes = [int(code) for row in rows for code in row.split(" / ") if code.strip().isdecimal()]
    assert codes == [DONE, ERROR, USAGE, BUDGET, FAILED_TRIALS, INTERRUPTED]
