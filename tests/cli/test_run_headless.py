"""`run` without a window: exit codes, what goes where, and that nothing is asked twice."""

import json
import sqlite3
from contextlib import closing

import pytest

from distq_tui.cli.exits import exit_code
from distq_tui.events import COMPLETE, RunFinished, TrialFinished
from distq_tui.formats.event_lines import parse_event
from distq_tui.state import RunState

DB = ("--db", "t.db")


@pytest.fixture
def once(cli, folder):
    ended = cli("run", "plan.toml", *DB, "--json")
    assert ended.code == 0
    return ended


def test_the_summary_is_one_object_and_the_story_is_on_stderr(once):
    assert once.out.count("\n") == 1
    summary = once.json
    assert (summary["name"], summary["reason"], summary["total"], summary["done"]) == ("small", "done", 4, 4)
    assert (summary["calls"], summary["hits"], summary["failed"], summary["cost"]) == (4, 0, 0, 0.0)
    assert summary["classes"] == {"truncated": 4}
    assert {score["measure"] for score in summary["scores"]} == {"rse", "ice.loose", "ice.strict", "ice.hard"}
    lines = once.err.splitlines()
    assert lines[0] == f"session {summary['session']}: 4 trials of persona-unrelated, persona-consistent"
    assert len(lines) == 5
    assert all(" truncated " in line for line in lines[1:])


def test_a_second_run_is_a_new_session_of_hits(cli, once):
    again = cli("run", "plan.toml", *DB, "--json").json
    assert (again["calls"], again["hits"], again["done"]) == (0, 4, 4)
    assert again["session"] != once.json["session"]
    assert again["scores"] == once.json["scores"]


def test_lines_for_a_person(cli, once):
    ended = cli("run", "plan.toml", *DB)
    lines = ended.out.splitlines()
    assert lines[0].endswith("(done)")
    assert lines[1] == "trials 4/4 · 0 calls · 4 cached · 0 failed · 0 retries · $0.0000"
    assert lines[2] == "classes truncated 4"
    assert any(line.startswith("ice.loose persona-consistent: 0.000 [") for line in lines), "its fact is known here"
    assert ended.err.count(" cached\n") == 4


def test_fresh_asks_again_and_keeps_both(cli, once):
    fresh = cli("run", "plan.toml", *DB, "--fresh", "--json").json
    assert (fresh["calls"], fresh["hits"]) == (4, 0)
    rows = cli("sessions", *DB, "--json").json
    assert [row["id"] for row in rows] == [fresh["session"], once.json["session"]]


def test_events_are_lines_that_give_the_same_run(cli, folder):
    ended = cli("run", "plan.toml", *DB, "--events")
    events = [parse_event(json.loads(line)) for line in ended.out.splitlines()]
    assert None not in events
    assert ended.err == ""
    state = RunState()
    for event in events:
        state.apply(event)
    assert isinstance(events[-1], RunFinished)
    assert (state.done, state.total, state.calls) == (4, 4, 4)
    again = [json.loads(line) for line in cli("run", "plan.toml", *DB, "--events").out.splitlines()]
    cached = [row for row in again if row["event"] == "trial_finished"]
    assert [row["cached"] for row in cached] == [True] * 4
    answers = {event.key: event.response.text for event in events if isinstance(event, TrialFinished)}
    assert {row["key"]: row["response"]["text"] for row in cached} == answers


def test_the_events_of_a_run_can_be_replayed(cli, folder):
    (folder / "events.jsonl").write_text(cli("run", "plan.toml", *DB, "--events").out)
    (folder / "again.toml").write_text(
        '[[models]]\nname = "persona-unrelated"\nprovider = "replay"\nbase_url = "events.jsonl"\n'
        '[params]\nmax_tokens = 2\n[[prompts]]\nset = "own.jsonl"\n'
    )
    ended = cli("run", "again.toml", *DB, "--json")
    assert (ended.code, ended.json["calls"], ended.json["classes"]) == (0, 2, {"truncated": 2})


def test_dry_run_says_what_would_be_asked_and_asks_nothing(cli, folder):
    ended = cli("run", "plan.toml", *DB, "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert not (folder / "t.db").exists()
    lines = dict(line.split(maxsplit=1) for line in ended.out.splitlines())
    assert lines["plan"] == "small (2 models, 2 prompts, seed 3)"
    assert (lines["trials"], lines["cached"], lines["calls"], lines["cost"]) == ("4", "0", "4", "$0.0000")


def test_dry_run_knows_what_is_stored_unless_all_is_asked_again(cli, once):
    told = cli("run", "plan.toml", *DB, "--dry-run", "--json").json
    assert (told["trials"], told["hits"], told["calls"], told["cost"]) == (4, 4, 0, 0.0)
    told = cli("run", "plan.toml", *DB, "--dry-run", "--fresh", "--json").json
    assert (told["hits"], told["calls"]) == (0, 4)
    assert len(cli("sessions", *DB, "--json").json) == 1


def test_dry_run_tells_the_interval_to_expect_and_what_a_narrow_one_takes(cli, folder):
    models = '[[models]]\nname = "persona-unrelated"\nprovider = "demo"\n'
    (folder / "p.toml").write_text(f"{models}[ice]\ncount = 100\n")
    ended = cli("run", "p.toml", *DB, "--dry-run")
    assert "interval  ICE +- 0.061 expected at a rate of 0.3: 100 templates x 6 of 50 questions\n" in ended.out
    assert "+- 0.05 takes 321 templates x 2 of 50 questions: 642 calls a model\n" in ended.out
    assert cli("run", "p.toml", *DB, "--dry-run", "--json").json["half_width"] == pytest.approx(0.061, abs=5e-4)


def test_a_search_that_is_too_short_to_adapt_is_told_before_it_runs(cli, folder):
    models = "".join(
        f'[[models]]\nname = "{name}"\nprovider = "demo"\nrole = "{role}"\n'
        for name, role in (("persona-unrelated", "target"), ("persona-consistent", "helper"))
    )
    (folder / "p.toml").write_text(f'{models}[adaptive]\nhelper = "persona-consistent"\niterations = 20\n')
    ended = cli("run", "p.toml", *DB, "--dry-run")
    assert "note      adaptive search: 20 iterations over 104 seed templates never come back to one" in ended.out


def test_dry_run_names_models_without_a_price(cli, folder):
    (folder / "p.toml").write_text(
        '[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[[prompts]]\nset = "own.jsonl"\n'
    )
    ended = cli("run", "p.toml", *DB, "--dry-run")
    assert ended.code == 0
    assert ended.out.splitlines()[-2:] == [
        "cost      n/a (no price for m)",
        "note      m: no fact is known: identity is not scored; give `family` or `fact`",
    ]
    assert cli("run", "p.toml", *DB, "--dry-run", "--json").json["cost"] is None


def test_a_missing_family_is_hinted_at_by_the_models_name(cli, folder):
    (folder / "p.toml").write_text(
        '[[models]]\nname = "deepseek/deepseek-chat"\nprovider = "openai"\nbase_url = "http://127.0.0.1:9/v1"\n'
        '[[prompts]]\nset = "own.jsonl"\n'
    )
    (note,) = [line for line in cli("run", "p.toml", *DB, "--dry-run").out.splitlines() if line.startswith("note")]
    assert note.endswith('give `family` or `fact`; its name tells family = "deepseek"')


def test_a_budget_of_requests_ends_with_three_and_raising_it_goes_on(cli, folder):
    first = cli("run", "plan.toml", *DB, "--max-requests", "1", "--json")
    assert (first.code, first.json["reason"], first.json["calls"]) == (3, "budget_requests", 1)
    second = cli("run", "plan.toml", *DB, "--json")
    assert second.code == 0
    assert second.json["session"] == first.json["session"], "the plan's unfinished session goes on"
    assert (second.json["calls"], second.json["hits"], second.json["resumed"]) == (3, 1, 1)
    (row,) = cli("sessions", *DB, "--json").json
    assert (row["state"], row["done"], row["total"], row["hits"]) == ("done", 4, 4, 0)


def test_a_budget_of_the_command_line_is_not_the_session_s(cli, folder):
    assert cli("run", "plan.toml", *DB, "--max-requests", "1", "--max-cost", "0", "--fresh").code == 3
    with closing(sqlite3.connect(folder / "t.db")) as database:
        ((stored,),) = database.execute("SELECT plan FROM plans")
    assert json.loads(stored)["budget"] == {"max_requests": None, "max_cost": None}


def test_the_plan_s_budget_holds_and_the_flag_replaces_it(cli, folder):
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text() + "[budget]\nmax_requests = 1\n")
    assert cli("run", "plan.toml", *DB).code == 3
    assert "1 calls · 1 resumed · 0 cached" in cli("run", "plan.toml", *DB).out
    assert cli("run", "plan.toml", *DB, "--max-requests", "9").code == 0


def test_the_seed_flag_makes_another_plan(cli, once):
    other = cli("run", "plan.toml", *DB, "--seed", "9", "--json")
    assert (other.code, other.json["hits"]) == (0, 4), "the same requests, whatever the order"
    assert cli("run", "plan.toml", *DB, "--seed", "9", "--dry-run").out.splitlines()[0].endswith("seed 9)")


REFUSED = '[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "http://127.0.0.1:{port}/v1"\nlabel = "off"\n'


def test_failed_trials_end_with_four_and_are_asked_again(cli, folder, unused_port):
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text() + REFUSED.format(port=unused_port) + "[limits]\nattempts = 1\n")
    ended = cli("run", "plan.toml", *DB, "--json")
    assert (ended.code, ended.json["reason"], ended.json["failed"]) == (4, "done", 2)
    assert list(ended.json["abandoned"]) == ["off"]
    assert "off is not asked further: " in ended.err
    again = cli("run", "plan.toml", *DB, "--json")
    assert again.code == 4
    assert again.json["session"] == ended.json["session"]
    assert (again.json["hits"], again.json["calls"]) == (4, 1)


def test_nobody_who_answers_ends_with_one(cli, folder, unused_port):
    (folder / "p.toml").write_text(
        REFUSED.format(port=unused_port) + '[limits]\nattempts = 1\n[[prompts]]\nset = "own.jsonl"\n'
    )
    ended = cli("run", "p.toml", *DB, "--json")
    assert (ended.code, ended.json["reason"]) == (1, "no_model_answered")


@pytest.fixture
def unused_port():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_model_s_name_and_a_server_s_words_act_on_no_terminal(cli, folder, unused_port):
    (folder / "p.toml").write_text(
        REFUSED.format(port=unused_port).replace('"off"', '"\\u001b[31mred\\u202e\\u0007"')
        + '[limits]\nattempts = 1\n[[prompts]]\nset = "own.jsonl"\n'
    )
    for flags in ([], ["--json"], ["--events"], ["--dry-run"]):
        ended = cli("run", "p.toml", *DB, *flags)
        told = ended.out + ended.err
        assert "red" in told
        assert not set(told) & set("\x1b\u202e\x07")
    assert cli("report", "latest", "-o", "r.md", *DB).code == 0
    told = cli("sessions", *DB)
    assert told.code == 0
    assert not set(told.out) & set("\x1b\u202e\x07")


@pytest.mark.parametrize(
    ("reason", "failed", "code"),
    [
        ("done", 0, 0),
        ("done", 1, 4),
        ("no_model_answered", 5, 1),
        ("budget_requests", 0, 3),
        ("budget_cost", 7, 3),
        ("stopped", 0, 130),
        ("stopped", 7, 130),
    ],
)
def test_interrupted_comes_before_budget_before_failed(reason, failed, code):
    assert exit_code(RunFinished(reason, 9, 9, failed, 0, 9, 0, None, "")) == code


def test_the_summary_counts_what_failed_by_class(once):
    assert set(once.json["classes"]) <= set(COMPLETE)
