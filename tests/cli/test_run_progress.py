"""What a run tells while it goes on: lines in a pipe, a bar on a terminal, and outside text that stays text."""

import argparse
import io
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from distq_tui.cli.progress import Bars, EventLines, Narrator, narrator_for
from distq_tui.cli.summary import summary, summary_lines
from distq_tui.events import (
    JudgeUpdated,
    ModelAbandoned,
    Notice,
    Response,
    RunFinished,
    RunStarted,
    ScoreUpdated,
    TrialFinished,
    TrialRetry,
    TrialsAdded,
    TrialStarted,
    Usage,
)
from distq_tui.state import RunState

EVIL = "[bold]\x1b[31m\u202e\nx"
SAFE = "[bold]\ufffd[31m\ufffd x"


def finished(number=0, cls="ok", error=None, cached=False, model="m", resumed=False):
    response = Response(cls, "Hi", usage=Usage(1, 2, "reported"), total_ms=250, error=error)
    return TrialFinished(f"k{number}", model, f"p{number}", 0, response, cached, number, 0.5, resumed)


STORY = [
    RunStarted("s1", "plan", 3, ("m", EVIL), "2026-01-01T00:00:00Z"),
    TrialStarted("k0", "m", "p0", 0),
    TrialRetry("k0", "m", "p0", 0, 1, 1.5, f"busy {EVIL}"),
    Notice("refuses `top_p`", "m"),
    Notice("for all"),
    finished(0),
    finished(1, "error", EVIL, model=EVIL),
    TrialsAdded(5),
    finished(2, cached=True),
    finished(3, cached=True, resumed=True),
    finished(4, "cancelled", "not asked"),
    ModelAbandoned(EVIL, "wrong key"),
    ScoreUpdated("rse", ("a", "b"), 0.5, 0.4, 0.6, 3, 3, "t"),
    RunFinished("budget_cost", 4, 4, 2, 1, 3, 1, 0.5, "2026-01-01T00:00:01Z"),
]


def tell(narrator, events=STORY):
    state = RunState(keep_text=False)
    with narrator:
        for event in events:
            state.apply(event)
            narrator.event(event, state)


def test_a_pipe_gets_a_line_for_each_closed_trial_and_each_trouble(capsys):
    tell(Narrator())
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        f"session s1: 3 trials of m, {SAFE}",
        f"m p0: retry in 1.5 s: busy {SAFE}",
        "m: refuses `top_p`",
        "for all",
        "1/3 m p0 ok 250 ms",
        f"2/3 {SAFE} p1 error 250 ms: {SAFE}",
        "3/5 m p2 ok cached",
        "4/5 m p3 ok resumed",
        f"{SAFE} is not asked further: wrong key",
        "stopped by max_cost",
    ]


def test_a_slow_preparation_is_told_when_it_begins_and_ends(capsys):
    narrator = Narrator()
    for share in (0.0, 0.3, 1.0):
        narrator.preparing("making weights", share)
    assert capsys.readouterr().err == "making weights: begun\nmaking weights: done\n"


def test_events_are_all_on_stdout_and_nothing_else(capsys):
    narrator = EventLines()
    narrator.preparing("making weights", 0.0)
    tell(narrator)
    told = capsys.readouterr()
    assert told.err == ""
    assert len([json.loads(line) for line in told.out.splitlines()]) == len(STORY)
    assert told.out.isascii()


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Called in the test, it puts a terminal in stderr's place (pytest puts its own there between setup and test)."""

    def install():
        screen = Terminal()
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.delenv("NO_COLOR", raising=False)
        return screen

    return install


def test_a_terminal_gets_a_bar_and_the_troubles_above_it(terminal):
    screen = terminal()
    tell(Bars())
    told = screen.getvalue()
    assert "5/5" in told
    assert "1 resumed · 1 cached · 1 failed · 1 cancelled · 1 retries · $1.5000" in told
    assert f"m p0: retry in 1.5 s: busy {SAFE}" in told
    assert f"{SAFE} is not asked further: wrong key" in told
    assert "\x1b[31m" not in told
    assert "\u202e" not in told


@pytest.mark.parametrize(("events", "kind"), [(False, Bars), (True, EventLines)])
def test_the_terminal_and_the_flag_choose(terminal, events, kind):
    terminal()
    assert type(narrator_for(argparse.Namespace(events=events))) is kind


def test_a_pipe_chooses_lines(capsys):
    assert type(narrator_for(argparse.Namespace(events=False))) is Narrator


@pytest.fixture
def rude_server():
    """Refuses every call in words that would act on a terminal."""

    class Rude(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(
                {"error": {"message": f"no {EVIL}\x07\u009b31m", "type": "invalid_request_error"}}
            ).encode()
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Rude)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_s_words_reach_the_terminal_as_visible_characters(cli, folder, rude_server):
    (folder / "p.toml").write_text(
        f'[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "http://127.0.0.1:{rude_server}/v1"\n'
        '[limits]\nattempts = 1\n[[prompts]]\nset = "own.jsonl"\n'
    )
    ended = cli("run", "p.toml", "--db", "t.db")
    assert ended.code == 1
    assert "no [bold]" in ended.err
    told = ended.out + ended.err
    assert not set(told) & set("\x1b\x07\u009b\u202e")
    assert cli("report", "latest", "-o", "r.csv", "--db", "t.db").code == 0
    assert not set((folder / "r.csv").read_text()) & set("\x1b\x07\u009b\u202e")


def test_the_summary_tells_what_was_cancelled_apart():
    state = RunState(keep_text=False)
    for event in STORY:
        state.apply(event)
    lines = list(summary_lines(state, state.finished))
    assert lines[1] == "trials 4/4 · 3 calls · 1 cached · 1 failed · 1 cancelled · 1 retries · $0.5000"
    assert summary(state, state.finished)["failed"] == 2, "as the exit code counts them"


def test_the_summary_tells_what_became_of_each_judges_questions():
    state = RunState(keep_text=False)
    for event in (
        *STORY,
        JudgeUpdated("j", "loose", 9, 0, 0),
        JudgeUpdated("j", "loose", 9, 5, 1, {"error": 1}, EVIL, 4),
        JudgeUpdated("j", "pair", 2, 2, 0),
    ):
        state.apply(event)
    lines = list(summary_lines(state, state.finished))
    failed = f"failed: error 1 ({EVIL})"  # what prints it makes it safe
    told = f"5 of 9 questions scored, 1 unscored, {failed}, 2 not asked, 4 answers kept by the gate"
    assert f"judge j (loose): {told}" in lines
    assert "judge j (pair): 2 of 2 questions scored" in lines
    loose, _ = summary(state, state.finished)["judges"]
    assert (loose["judge"], loose["unscored"], loose["failed"], loose["waiting"]) == ("j", 1, {"error": 1}, 2)
