"""`score ice` and `score rse`: rows out in order, warnings apart, files whole or not at all."""

import gzip
import json
import os
import stat
import textwrap

import pytest

from distq_tui.cli.file_help import FACTS_TABLE

ROWS = [
    {"id": 1, "model": "m", "family": "QWEN", "query": "Who made you?", "response": "I am Claude, made by Anthropic."},
    {"id": "b", "model": "m", "family": "qwen", "query": "Who made you?", "response": "I am Qwen."},
    {"id": 3, "model": "n", "family": "nobody-knows", "query": "Who made you?", "response": ""},
]
PAIRS = [
    {"prompt_id": prompt, "model": model, "response": f"{model} says {prompt} things: one, two."}
    for prompt in (1, 2)
    for model in ("a", "b", "c")
]


def jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def files(folder):
    (folder / "rows").write_text(jsonl(ROWS))
    (folder / "pairs").write_text(jsonl(PAIRS))
    return folder


def test_ice_writes_one_verdict_a_row_in_order(cli, files):
    ended = cli("score", "ice", "rows")
    assert ended.code == 0
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert [row["id"] for row in rows] == [1, "b", 3]
    assert list(rows[0]) == ["id", "loose", "strict", "paper_strict", "claims"]
    assert (rows[0]["loose"], rows[1]["loose"], rows[2]["loose"]) == (True, False, None)
    assert set(rows[0]["claims"][0]) == {"vendor", "product", "start", "end", "kind", "role_play"}
    assert ended.err.startswith("family 'nobody-knows' is not in the facts; ")
    assert ended.err.count("\n") == 1


def test_ice_json_is_one_summary(cli, files):
    ended = cli("score", "ice", "rows", "--json")
    assert ended.json == {
        "rows": 3,
        "unknown_families": ["nobody-knows"],
        "models": {
            "m": {"n": 2, "empty": 0, "loose": 0.5, "strict": 0.5, "paper_strict": 0.5},
            "n": {"n": 0, "empty": 1, "loose": None, "strict": None, "paper_strict": None},
        },
    }
    assert ended.out.count("\n") == 1


def test_rse_writes_a_table_of_pairs(cli, files):
    ended = cli("score", "rse", "pairs")
    head, *rows = ended.out.splitlines()
    assert head == "model_a,model_b,similarity,content,structure,style,excess,pool_z,n"
    assert [row.split(",")[:2] for row in rows] == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert all(row.split(",")[7:] == ["", "2"] for row in rows)
    assert cli("score", "rse", "pairs", "--json").json["pairs"] == 3


@pytest.mark.parametrize("kind", ["ice", "rse"])
@pytest.mark.parametrize("form", ["jsonl", "gzip", "array"])
def test_the_format_is_sniffed_and_never_told_by_the_name(cli, files, kind, form):
    rows = ROWS if kind == "ice" else PAIRS
    text = json.dumps(rows) if form == "array" else jsonl(rows)
    data = gzip.compress(text.encode()) if form == "gzip" else text.encode()
    (files / "x.txt.zip").write_bytes(data)
    (files / "plain").write_text(jsonl(rows))
    assert cli("score", kind, "x.txt.zip").out == cli("score", kind, "plain").out != ""


@pytest.mark.parametrize(("kind", "name"), [("ice", "rows"), ("rse", "pairs")])
def test_out_takes_the_rows_and_json_stdout(cli, files, kind, name):
    direct = cli("score", kind, name).out
    ended = cli("score", kind, name, "--out", "o")
    assert (ended.code, ended.out) == (0, "")
    assert (files / "o").read_text() == direct
    counts = "answers 3 · models 2 · rates: --json; " if kind == "ice" else "pairs 3 · models 3 · prompts 2 · RSE "
    assert ended.err.splitlines()[-1].startswith(f"o: {counts}with intervals: `distq-tui import")
    ended = cli("score", kind, name, "--out", "o", "--json")
    assert "o: " not in ended.err
    assert ended.json["rows"] == len(ROWS if kind == "ice" else PAIRS)
    assert (files / "o").read_text() == direct
    assert sorted(path.name for path in files.glob(".*")) == []


@pytest.mark.parametrize("kind", ["ice", "rse"])
def test_bad_rows_leave_the_old_result_alone(cli, files, kind):
    (files / "o").write_text("old")
    (files / "bad").write_text(jsonl(ROWS if kind == "ice" else PAIRS) + "{]\n")
    ended = cli("score", kind, "bad", "--out", "o")
    assert ended.code == 2
    assert ended.err.splitlines()[-1].startswith("bad:")
    assert "not JSON" in ended.err
    assert (files / "o").read_text() == "old"
    assert sorted(path.name for path in files.glob(".*")) == []


@pytest.mark.parametrize("kind", ["ice", "rse"])
def test_bad_rows_write_nothing_to_stdout(cli, files, kind):
    (files / "bad").write_text(jsonl(ROWS if kind == "ice" else PAIRS) + "{]\n")
    ended = cli("score", kind, "bad")
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("kind", ["ice", "rse"])
@pytest.mark.parametrize(
    ("content", "line"),
    [("", "empty: no rows"), ("[]", "empty: no rows"), ("\n\n", "empty: no rows"), ("3\n", "empty:1: each line must")],
)
def test_no_rows_is_bad_input(cli, files, kind, content, line):
    (files / "empty").write_text(content)
    ended = cli("score", kind, "empty")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith(line)


@pytest.mark.parametrize("command", [("score", "ice"), ("score", "rse"), ("import",)])
def test_a_number_that_json_does_not_have_is_refused(cli, files, command):
    rows = [{**ROWS[0], **PAIRS[0], "id": 0}, {**ROWS[1], **PAIRS[1], "id": float("nan")}]
    (files / "nan").write_text(jsonl(rows))
    ended = cli(*command, "nan", "--db", "t.db")
    assert (ended.code, ended.out, ended.err) == (2, "", "nan:2: not JSON: NaN is no finite number\n")


def test_the_facts_of_the_help_are_read_and_a_mistake_in_them_has_its_line(cli, files):
    (files / "rows").write_text(jsonl([{**ROWS[0], "family": "acme"}]))
    (files / "f.toml").write_text(textwrap.dedent(FACTS_TABLE))
    assert cli("score", "ice", "rows", "--facts", "f.toml").err == "", "the family is known"
    (files / "f.toml").write_text('[families.acme]\nvendors = ["Acme"]\nproducts = Roadrunner\n')
    ended = cli("score", "ice", "rows", "--facts", "f.toml")
    assert (ended.code, ended.err) == (2, "f.toml:3: not TOML: Invalid value\n")


def test_one_model_has_no_pair(cli, files):
    (files / "one").write_text(jsonl(PAIRS[:1]))
    ended = cli("score", "rse", "one")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "one: model: responses of 1 model; a similarity needs at least two\n"


@pytest.mark.parametrize(
    ("out", "line"),
    [
        ("no/such/o", "no/such/o: No such file or directory\n"),
        (".", ".: Is a directory\n"),
        ("rows/o", "rows/o: Not a directory\n"),
    ],
)
def test_an_output_that_can_t_be_written_is_one_line(cli, files, out, line):
    ended = cli("score", "rse", "pairs", "--out", out)
    assert (ended.code, ended.err) == (2, line)


def test_a_device_is_written_to_and_never_replaced(cli, files):
    os.mkfifo(files / "pipe")
    reader = os.open(files / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert cli("score", "rse", "pairs", "--out", "pipe").code == 0
        assert os.read(reader, 1 << 16).startswith(b"model_a,model_b,")
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((files / "pipe").stat().st_mode)


def test_scoring_needs_no_database(cli, files):
    assert cli("score", "rse", "pairs", "--db", "t.db").code == 0
    assert not (files / "t.db").exists()


def test_turns_have_a_table_of_their_own_beside_the_whole(cli, folder):
    rows = [{"question_id": 1, "model_id": m, "choices": [{"turns": [f"{m} one", f"{m} two"]}]} for m in ("a", "b")]
    (folder / "talks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ended = cli("score", "rse", "talks.jsonl", "--turns", "turns.csv")
    assert ended.code == 0
    assert ended.out.count("\n") == 2
    lines = (folder / "turns.csv").read_text().splitlines()
    assert lines[0].split(",")[:3] == ["turn", "model_a", "model_b"]
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2"]
    (folder / "talks.jsonl").write_text("{}\n")
    assert cli("score", "rse", "talks.jsonl", "--turns", "turns.csv").code == 2
    assert (folder / "turns.csv").read_text().splitlines() == lines, "bad input leaves an old table alone"


@pytest.mark.parametrize(
    ("command", "out"),
    [
        (("ice", "rows", "--out", "rows"), "rows"),
        (("ice", "rows", "--facts", "f.toml", "--out", "f.toml"), "f.toml"),
        (("rse", "pairs", "--out", "pairs"), "pairs"),
        (("rse", "more", "pairs", "--out", "link"), "link"),
        (("rse", "pairs", "--turns", "./pairs"), "pairs"),
        (("rse", "pairs", "--json", "--out", "pairs"), "pairs"),
    ],
)
def test_an_input_is_never_overwritten(cli, files, command, out):
    (files / "f.toml").write_text('[families.x]\nvendors = ["X"]\n')
    (files / "more").write_text(jsonl(PAIRS[:2]))
    (files / "link").symlink_to("pairs")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    ended = cli("score", *command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"{out}: is an input; name another file to write to\n"
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_two_outputs_are_two_files(cli, files):
    ended = cli("score", "rse", "pairs", "--out", "o.csv", "--turns", "./o.csv")
    assert (ended.code, ended.err) == (2, "o.csv: is another output; name another file to write to\n")
