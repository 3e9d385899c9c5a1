"""Bad input: exactly one line on stderr, exit code 2, nothing on stdout, and nothing called."""

import sqlite3

import pytest

from distq_tui.store import Store

MODEL = '[[models]]\nname = "persona-unrelated"\nprovider = "demo"\n'
PROMPTS = '[[prompts]]\nset = "own.jsonl"\n'
REMOTE = '[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "http://127.0.0.1:9/v1"\n'
SECRET = "sk-live-4242"

GOLDEN = {
    "TOML syntax": ("name = 'x'\n[models\n", "p.toml:2: not TOML: Expected ']' at the end of a table declaration"),
    "unknown key": (MODEL + PROMPTS + "limt = 3\n", "p.toml:6: prompts[0].limt: unknown key; did you mean `limit`?"),
    "unknown table": (MODEL + "[budgt]\nmax_cost = 1\n", "p.toml:4: budgt: unknown key; did you mean `budget`?"),
    "wrong type": (
        'samples = "two"\n' + MODEL + PROMPTS,
        "p.toml:1: samples: input should be a valid integer (got 'two')",
    ),
    "out of range": (
        MODEL + PROMPTS + "[params]\ntemperature = 3\n",
        "p.toml:7: params.temperature: input should be less than or equal to 2 (got 3)",
    ),
    "missing name": ('[[models]]\nprovider = "demo"\n' + PROMPTS, "p.toml:1: models[0].name: is missing"),
    "unknown provider": (
        MODEL + '[[models]]\nname = "b"\nprovider = "opnai"\n' + PROMPTS,
        "p.toml:6: models[1].provider: input should be 'openai', 'anthropic', 'local', 'replay' or 'demo' "
        "(got 'opnai')",
    ),
    "bad role": (
        MODEL + 'role = "tagret"\n' + PROMPTS,
        "p.toml:4: models[0].role: input should be 'target', 'reference', 'control', 'judge' or 'helper' "
        "(got 'tagret')",
    ),
    "a key itself": (
        f'{REMOTE}key = "{SECRET}"\n{PROMPTS}',
        "p.toml:5: models[0].key: must be a reference, `env:NAME` or `keyring:NAME`, and never the key itself",
    ),
    "password in the URL": (
        f'[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "https://u:{SECRET}@x.example/v1"\n{PROMPTS}',
        'p.toml:4: models[0].base_url: must not hold a user name or password; give the key as `key = "env:NAME"`',
    ),
    "no URL": (
        '[[models]]\nname = "m"\nprovider = "openai"\nbase_url = "localhost:8000"\n' + PROMPTS,
        "p.toml:4: models[0].base_url: must be a plain http(s) address such as https://api.example.com/v1",
    ),
    "two of one name": (
        MODEL + MODEL + PROMPTS,
        "p.toml:5: models[1].name: `persona-unrelated` is named 2 times; give one of them a `label` of its own",
    ),
    "no models": (PROMPTS, "p.toml: models: is missing"),
    "an empty list": (
        "models = []\n" + PROMPTS,
        "p.toml:1: models: list should have at least 1 item after validation, not 0",
    ),
    "one pair of brackets": ("[models]\n" + PROMPTS, "p.toml:1: models: input should be a valid list"),
    "nobody answers": (
        MODEL + 'role = "judge"\n' + PROMPTS,
        "p.toml:1: models: must name at least one model that is a target, reference or control",
    ),
    "no prompts": (MODEL, "p.toml: prompts: must name at least one prompt set"),
    "too many templates": (MODEL + "[ice]\ncount = 99999\n", "p.toml:5: ice.count: `clean` has "),
    "too many questions": (
        MODEL + "[ice]\nquestions_per_template = 51\n",
        "p.toml:5: ice.questions_per_template: there are 50 questions to draw from, not 51",
    ),
    "unset key": (
        REMOTE + 'key = "env:NO_SUCH_KEY"\n' + PROMPTS,
        "p.toml:5: models[0].key: env:NO_SUCH_KEY is not set; set it, or name another key",
    ),
    "the vendor's key is not set": (
        '[[models]]\nname = "gpt-4o"\nprovider = "openai"\n' + PROMPTS,
        "p.toml:1: models[0].key: env:OPENAI_API_KEY is not set; set it, or name another key",
    ),
    "a budget without a price": (
        REMOTE + PROMPTS + "[budget]\nmax_cost = 1\n",
        "p.toml:8: budget.max_cost: can't be kept: the price of m is not known here; add it to the config as "
        "[[prices]]",
    ),
    "unknown set": (
        MODEL + '[[prompts]]\nset = "identity-eng"\n',
        "p.toml:5: prompts[0].set: unknown prompt set 'identity-eng'; did you mean identity-en",
    ),
    "missing set file": (MODEL + '[[prompts]]\nset = "none.jsonl"\n', "none.jsonl: No such file or directory"),
    "unknown persona": (
        '[[models]]\nname = "persona-x"\nprovider = "demo"\n' + PROMPTS,
        "p.toml:2: models[0].name: no persona is called 'persona-x'; known are ",
    ),
    "unknown local model": ('[[models]]\nname = "llama"\nprovider = "local"\n' + PROMPTS, "p.toml:2: models[0].name: "),
    "missing recording": (
        '[[models]]\nname = "m"\nprovider = "replay"\nbase_url = "none.jsonl"\n' + PROMPTS,
        "{folder}/none.jsonl: No such file or directory",
    ),
    "embeddings without a model": (
        MODEL + PROMPTS + '[embeddings]\nbase_url = "http://127.0.0.1/v1"\n',
        "p.toml:6: embeddings.model: is missing",
    ),
    "an unknown key of the embeddings": (
        MODEL + PROMPTS + '[embeddings]\nbase_url = "http://127.0.0.1/v1"\nmodle = "e"\nmodel = "e"\n',
        "p.toml:8: embeddings.modle: unknown key; did you mean `model`?",
    ),
    "embeddings from a file": (
        MODEL + PROMPTS + '[embeddings]\nbase_url = "vectors.jsonl"\nmodel = "e"\n',
        "p.toml:7: embeddings.base_url: must be a plain http(s) address such as https://api.example.com/v1",
    ),
    "a key in place of its name": (
        MODEL + PROMPTS + f'[embeddings]\nbase_url = "http://127.0.0.1/v1"\nmodel = "e"\nkey = "{SECRET}"\n',
        "p.toml:9: embeddings.key: must be a reference, `env:NAME` or `keyring:NAME`, and never the key itself",
    ),
    "embeddings whose key is not set": (
        MODEL + PROMPTS + '[embeddings]\nbase_url = "http://127.0.0.1/v1"\nmodel = "e"\nkey = "env:NO_SUCH_KEY"\n',
        "p.toml:9: embeddings.key: env:NO_SUCH_KEY is not set; set it, or name another key",
    ),
    "embeddings without a price under a budget of money": (
        MODEL + PROMPTS + '[embeddings]\nbase_url = "http://127.0.0.1/v1"\nmodel = "e"\n[budget]\nmax_cost = 1\n',
        "p.toml:10: budget.max_cost: can't be kept: the price of e is not known here",
    ),
    "a negative seed": ("seed = -1\n" + MODEL + PROMPTS, "p.toml:1: seed: input should be greater than or equal to 0"),
    "a seed that no database holds": (
        f"seed = {2**63}\n{MODEL}{PROMPTS}",
        f"p.toml:1: seed: input should be less than or equal to {2**63 - 1}",
    ),
    "a name that acts": (
        '[[models]]\nname = "\\u001b[31m\\u202e"\nprovider = "demo"\n' + PROMPTS,
        "p.toml:2: models[0].name: no persona is called ",
    ),
}


def is_refused(ended, line):
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(line), ended.err
    assert ended.err.count("\n") == 1
    assert ended.err.isprintable() or ended.err[:-1].isprintable()
    assert SECRET not in ended.err
    return True


@pytest.mark.parametrize("fault", GOLDEN)
def test_a_plan_that_is_wrong(cli, folder, fault):
    content, line = GOLDEN[fault]
    (folder / "p.toml").write_text(content)
    assert is_refused(cli("run", "p.toml", "--db", "t.db"), line.replace("{folder}", str(folder)))
    if (folder / "t.db").exists():
        store = Store(folder / "t.db", readonly=True)
        assert store.sessions() == [], "no session is begun"
        store.close()


def test_a_broken_recording(cli, folder):
    (folder / "r.jsonl").write_text('{"model": "m", "prompt_id": "s1", "response": "Hi"}\n{"model": 3}\n')
    (folder / "p.toml").write_text(
        '[[models]]\nname = "m"\nprovider = "replay"\nbase_url = "r.jsonl"\n[[prompts]]\nset = "own.jsonl"\n'
    )
    ended = cli("run", "p.toml", "--db", "t.db")
    assert is_refused(ended, f"{folder}/r.jsonl:2: ")


def test_a_prompt_file_s_own_line(cli, folder):
    (folder / "own.jsonl").write_text('{"id": "a", "kind": "similarity", "language": "en", "text": "x"}\n{"id": "b"}\n')
    assert is_refused(cli("run", "plan.toml"), "own.jsonl:2: kind: ")


def test_files_that_are_not_there(cli, folder):
    assert is_refused(cli("run", "none.toml"), "none.toml: No such file or directory\n")
    assert is_refused(cli("run", "."), ".: Is a directory\n")
    assert is_refused(cli("run", "plan.toml", "--config", "c.toml"), "c.toml: No such file or directory\n")
    assert is_refused(cli("sessions", "--db", "t.db"), "t.db: no such database; `distq-tui run` makes it\n")
    assert is_refused(cli("report", "latest", "-o", "x.md", "--db", "t.db"), "t.db: no such database")
    assert is_refused(cli("prompts", "check", "none.jsonl"), "none.jsonl: No such file or directory\n")
    assert is_refused(cli("models", "test", "nobody"), "no model `nobody` in ")


@pytest.mark.parametrize("command", [["run", "plan.toml"], ["run", "plan.toml", "--dry-run"], ["sessions"]])
def test_databases_that_are_not_ours(cli, folder, command):
    (folder / "text.db").write_text("not a database, and long enough to be seen as none " * 40)
    sqlite3.connect(folder / "foreign.db").executescript("CREATE TABLE t (x); PRAGMA application_id = 7;").close()
    Store(folder / "newer.db").close()
    with sqlite3.connect(folder / "newer.db") as newer:
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    for name, line in {
        "text.db": "text.db: is not a SQLite database; name another file\n",
        "foreign.db": "foreign.db: is a SQLite file of another program; name another file\n",
        "newer.db": "newer.db: was written by a newer distq-tui; update, or name another file\n",
        ".": ".: is a folder; name a database file\n",
    }.items():
        assert is_refused(cli(*command, "--db", name), line)


def test_a_database_that_can_t_be_written(cli, folder):
    line = "own.jsonl/t.db: the database can't be opened: "
    assert is_refused(cli("run", "plan.toml", "--db", "own.jsonl/t.db"), line)


def test_a_session_that_is_not_there(cli, folder):
    assert cli("run", "plan.toml", "--db", "t.db", "--max-requests", "0").code == 3
    assert is_refused(
        cli("report", "nobody", "-o", "x.md", "--db", "t.db"),
        "session: no session is called 'nobody'; `distq-tui sessions` lists them\n",
    )
    assert is_refused(cli("report", "latest", "-o", "x.pdf", "--db", "t.db"), "x.pdf: ")


def test_a_config_file_that_is_wrong(cli, folder):
    (folder / "c.toml").write_text("[[models]]\nname = 'x'\n")
    for command in (["run", "plan.toml"], ["models"], ["doctor"], ["locate"], ["sessions"]):
        assert is_refused(cli(*command, "--config", "c.toml"), "c.toml:1: models[0].provider: is missing\n")
