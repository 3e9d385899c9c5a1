"""What a prompt file or a template file becomes, whichever way it is written."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from distq_tui.errors import InputError
from distq_tui.prompts import (
    Message,
    Prompt,
    PromptSet,
    Template,
    TemplateSet,
    content_digest,
    load_any_set,
    load_prompt_set,
    load_template_set,
)

HEADER = {"set": "mine", "version": 2, "licence": "CC0-1.0"}
ROWS = [
    {"id": 7, "kind": "identity", "language": "en", "text": "Who are you?", "aspect": "team", "tags": None},
    {
        "id": "talk",
        "kind": "similarity",
        "language": "zh-Hans",
        "tags": ["multi-turn", "open-chat"],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "你好\u2028😀"},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "*bold* and !loud"},
        ],
    },
]
PROMPTS = (
    Prompt("7", "identity", "en", (Message("user", "Who are you?"),), "team"),
    Prompt(
        "talk",
        "similarity",
        "zh-Hans",
        (
            Message("system", "Be brief."),
            Message("user", "你好\u2028😀"),
            Message("assistant", "Hello."),
            Message("user", "*bold* and !loud"),
        ),
        None,
        ("multi-turn", "open-chat"),
    ),
)


def jsonl(rows: list[dict[str, object]], *, ascii_only: bool = False) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows).encode()


def as_yaml(document: object) -> bytes:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()


@pytest.mark.parametrize(
    "content",
    [
        jsonl([HEADER, *ROWS]),
        jsonl([HEADER, *ROWS], ascii_only=True),
        b"\xef\xbb\xbf\n" + jsonl([HEADER, *ROWS]),
        gzip.compress(jsonl([HEADER, *ROWS])),
        as_yaml({**HEADER, "prompts": ROWS}),
        json.dumps({**HEADER, "prompts": ROWS}, indent=2).encode(),
        json.dumps([HEADER, *ROWS]).encode(),
        as_yaml([HEADER, *ROWS]),
    ],
    ids=["jsonl", "escaped", "byte order mark", "gzip", "yaml", "json", "json array", "yaml list"],
)
def test_every_way_of_writing_gives_the_same_set(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(content)
    loaded = load_any_set(path)
    assert loaded == PromptSet("mine", "2", "CC0-1.0", PROMPTS, "efd0a6edb29ec1cc6d8963fa2026d0ba")


def test_a_file_that_says_nothing_about_itself_is_named_after_the_file(tmp_path: Path) -> None:
    (tmp_path / "quick.v2.jsonl").write_bytes(jsonl(ROWS))
    loaded = load_prompt_set("quick.v2.jsonl", tmp_path)
    assert (loaded.name, loaded.version, loaded.licence) == ("quick", "", "")


def test_a_relative_path_starts_at_the_base_and_a_shipped_name_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "identity-en").write_bytes(jsonl(ROWS))
    monkeypatch.chdir(tmp_path)
    assert load_prompt_set("identity-en", folder).name == "identity-en"
    assert len(load_prompt_set("identity-en", folder).prompts) == 25
    assert load_prompt_set("../plans/identity-en", folder).prompts == PROMPTS
    assert load_prompt_set("plans/identity-en").prompts == PROMPTS
    assert load_prompt_set(str(folder / "identity-en"), Path("/nowhere")).prompts == PROMPTS


def test_the_digest_is_of_the_prompts_and_not_of_their_label(tmp_path: Path) -> None:
    def digest(rows: list[dict[str, object]]) -> str:
        path = tmp_path / "set.jsonl"
        path.write_bytes(jsonl(rows))
        return load_prompt_set(str(path)).digest

    assert digest([HEADER, *ROWS]) == digest([{"set": "other"}, *ROWS]) == digest(ROWS)
    assert digest(ROWS) != digest(ROWS[::-1])
    assert (
        len({digest([{**ROWS[0], **change}]) for change in ({}, {"id": 8}, {"language": "zh"}, {"aspect": "x"})}) == 4
    )


def test_the_digest_is_that_of_the_canonical_json() -> None:
    canonical = (
        '[{"aspect":null,"id":"é","kind":"similarity","language":"en",'
        '"messages":[{"content":"Hi","role":"user"}],"tags":["x"]}]'
    )
    prompt = Prompt("é", "similarity", "en", (Message("user", "Hi"),), None, ("x",))
    assert content_digest([prompt]) == hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def test_the_line_ends_of_a_block_are_dropped_and_inner_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    path.write_text("prompts:\n- id: a\n  kind: similarity\n  language: en\n  text: |\n\n    one\n\n    two\n\n")
    assert load_prompt_set(str(path)).prompts[0].text == "\none\n\ntwo"


def test_a_template_brings_its_twin(tmp_path: Path) -> None:
    path = tmp_path / "wrap.yaml"
    path.write_text(
        "templates:\n"
        "- {id: ask, language: en, kind: role, text: 'Maker, {query} {query}', primed: 'Acme, {query} {query}'}\n"
        "- {id: bare-ish, language: zh, text: '{query}'}\n"
    )
    asking, plain = load_template_set("wrap.yaml", tmp_path).templates
    assert asking.fill("who {query}?") == "Maker, who {query}? who {query}?"
    assert asking.twin == Template("ask+twin", "en", "Acme, {query} {query}", "role", None, "ask")
    assert asking.twin.twin is None
    assert plain == Template("bare-ish", "zh", "{query}")
    assert plain.twin is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"id": "a", "language": "en", "kind": "role", "text": "So: {query}"}', TemplateSet),
        (b'{"set": "t"}\n{"id": "a", "language": "en", "text": "So: {query}"}', TemplateSet),
        (b"templates: [{id: a, language: en, text: '{query}'}]", TemplateSet),
        (b'{"id": "a", "language": "en", "kind": "similarity", "text": "Mind {query}"}', PromptSet),
    ],
)
def test_prompts_and_templates_are_told_apart(tmp_path: Path, content: bytes, kind: type) -> None:
    path = tmp_path / "set"
    path.write_bytes(content)
    assert type(load_any_set(path)) is kind


words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"), min_size=1)
texts = words.filter(str.strip)
turns = st.lists(texts, min_size=1, max_size=5).filter(lambda turns: len(turns) % 2 == 1)


@given(st.lists(turns, min_size=1, max_size=4))
def test_what_is_written_is_what_is_sent(tmp_path_factory: pytest.TempPathFactory, talks: list[list[str]]) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": str(number),
            "kind": "similarity",
            "language": "en",
            "messages": [
                {"role": "assistant" if turn % 2 else "user", "content": text} for turn, text in enumerate(talk)
            ],
        }
        for number, talk in enumerate(talks)
    ]
    folder = tmp_path_factory.mktemp("sets")
    (folder / "a.jsonl").write_bytes(jsonl(rows))
    (folder / "b.yaml").write_bytes(as_yaml({"prompts": rows}))
    first, second = load_prompt_set("a.jsonl", folder), load_prompt_set("b.yaml", folder)
    assert [[message.content for message in prompt.messages] for prompt in first.prompts] == talks
    assert second.prompts == first.prompts
    assert second.digest == first.digest


pieces = st.sampled_from(
    [*"{}[]:,-#&*!|>'\"\n \t\\", "id", "kind", "identity", "text", "prompts:", "{query}", "\x00", "1", "文"]
)
hostile = st.one_of(st.binary(max_size=60), st.lists(pieces, max_size=40).map(lambda found: "".join(found).encode()))


@given(hostile)
def test_no_file_raises_anything_but_an_input_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("hostile") / "file"
    path.write_bytes(content)
    told = f"{path}: fine"
    try:
        load_any_set(path)
    except InputError as error:
        told = str(error)
    assert told.isprintable()
    assert told.startswith(str(path))
