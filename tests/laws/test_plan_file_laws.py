"""Whatever stands in a plan or config file, it is a plan, or one line that says what is wrong: never a traceback."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from distq_tui.config.settings import load_settings
from distq_tui.errors import InputError
from distq_tui.plan.file import load_plan
from distq_tui.plan.run_plan import RunPlan

KEYS = [
    *("name", "seed", "samples", "params", "params.temperature", "params.max_tokens", "params.top_p", "models"),
    *("prompts", "ice", "ice.templates", "ice.twins", "ice.count", "ice.questions_per_template", "ice.questions"),
    *("adaptive", "judges", "embeddings", "limits", "limits.concurrency", "limits.first_token", "budget"),
    *("budget.max_requests", "budget.max_cost", "database", "theme", "price_file", "prices", "keymap"),
]
MODEL = [
    *("name", "provider", "base_url", "key", "family", "fact", "role", "served", "samples", "system", "label", "extra"),
]
WORDS = (
    "demo",
    "openai",
    "replay",
    "local",
    "target",
    "clean",
    "similarity",
    "env:K",
    "~",
    "~no-such-user/x",
    "..",
    "/",
    "a\x00b",
)
SCALARS = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    st.sampled_from(
        ("http://x/v1", "http://[", "http://x:99999", "https://u:p@x", "ftp://x", "//x", "http://x?y", "session:")
    ),
    st.integers(-3, 60),
    st.sampled_from((2**63, -(2**70), 10**400)),
    st.floats(),
    st.booleans(),
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.sampled_from(KEYS), SCALARS, max_size=2)


def toml(value):
    """The value as TOML; JSON's escapes are TOML's."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" if ord(c) < 32 or c in '"\\\x7f' else c for c in value) + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    return repr(value)


TOP = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3)
MODELS = st.lists(st.dictionaries(st.sampled_from(MODEL), VALUES, max_size=4), min_size=1, max_size=2)
PROMPTS = st.lists(st.fixed_dictionaries({"set": SCALARS}, optional={"limit": VALUES}), max_size=2)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("plans") / "p.toml"


def is_one_line(error, file):
    told = str(error)
    assert len(told.splitlines()) == 1
    assert told.isprintable()
    assert len(told) < 600 + len(str(file))


def write(file, top, models, prompts):
    lines = [f"{key} = {toml(value)}" for key, value in top.items()]
    for name, tables in (("models", models), ("prompts", prompts)):
        for table in tables:
            lines += [f"[[{name}]]", *(f"{key} = {toml(value)}" for key, value in table.items())]
    file.write_text("\n".join(lines), "utf-8")


GOOD = {"name": "m", "provider": "demo"}


@settings(deadline=None, max_examples=150)
@given(TOP, MODELS.map(lambda tables: [{**GOOD, **table} for table in tables]), PROMPTS)
@example({}, [GOOD], [{"set": "similarity"}])
@example({}, [{**GOOD, "provider": "replay", "base_url": "a\x00b"}], [{"set": "similarity"}])
@example({}, [{**GOOD, "provider": "replay", "base_url": "~no-such-user/x"}], [{"set": "similarity"}])
@example({}, [GOOD], [{"set": "~no-such-user/x"}])
def test_any_tables(file, top, models, prompts):
    write(file, top, models, prompts)
    try:
        plan = load_plan(file)
    except InputError as error:
        is_one_line(error, file)
    else:
        assert plan.probes
        assert plan.answering
        assert RunPlan.from_json(plan.to_json()) == plan


@settings(deadline=None, max_examples=100)
@given(TOP, MODELS)
@example({"database": "~no-such-user/x"}, [GOOD])
@example({"price_file": "a\x00b", "database": "a\x00b"}, [GOOD])
def test_any_config(file, top, models):
    write(file, top, models, [])
    try:
        found = load_settings(config=file, env={})
        for model in found.models:
            found.prices.of(model)
    except InputError as error:
        is_one_line(error, file)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
@example(b"[[models]]\n" * 2000)
@example(b"\xef\xbb\xbf")
@example(b"a.b.c = 1\na.b = 2")
def test_any_bytes(file, content):
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_plan(file)
    is_one_line(caught.value, file)
