"""Each mistake in a prompt file: the one line that tells it."""

import json
from pathlib import Path

import pytest

from distq_tui.errors import InputError
from distq_tui.prompts import load_any_set, load_prompt_set, load_template_set

GOOD = '{"id": "a", "kind": "identity", "language": "en", "text": "Who are you?"}\n'


def told(folder: Path, content: str | bytes) -> str:
    """The complaint about the content, without the file's name."""
    path = folder / "set"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        load_any_set(path)
    return str(caught.value).removeprefix(str(path))


def row(**changes: object) -> str:
    fields = {**json.loads(GOOD), "id": "b", **changes}
    return GOOD + json.dumps({name: value for name, value in fields.items() if value != "gone"}) + "\n"


def talk(*roles: str) -> str:
    return row(text="gone", messages=[{"role": role, "content": "hm"} for role in roles])


JSONL = {
    "no text": (GOOD.encode() + b'{"id": "\xff"}', ":2: not UTF-8 text (invalid start byte)"),
    "no json": (GOOD + "{oops}\n", ":2: not JSON: Expecting property name enclosed in double quotes"),
    "no object": (GOOD + "7\n", ":2: each line must be a JSON object"),
    "unknown field": (row(langauge="en"), ":2: langauge: unknown field; did you mean language?"),
    "foreign field": (
        row(zzz=1),
        ":2: zzz: unknown field; use one of id, kind, language, text, messages, aspect, tags",
    ),
    "escaped field": (
        row(**{"\x1b[31mbig\n" + "x" * 99: 1}),
        ":2: \ufffd[31mbig "
        + "x" * 31
        + "...: unknown field; use one of id, kind, language, text, messages, aspect, tags",
    ),
    "unknown header field": (
        '{"set": "s", "license": "CC0-1.0"}\n' + GOOD,
        ":1: license: unknown field; did you mean licence?",
    ),
    "header alone": ('{"set": "s"}\n', ": holds no rows after the first object"),
    "second header": (GOOD + '{"set": "s"}\n', ":2: set: unknown field; did you mean aspect?"),
    "id missing": (row(id="gone"), ":2: id: is missing; each prompt needs one of its own"),
    "id null": (row(id=None), ":2: id: is missing; each prompt needs one of its own"),
    "id twice": (row(id="a"), ":2: id: 'a' is taken by an earlier row; ids must differ"),
    "id of two lines": (
        row(id="a\nb"),
        ":2: id: must be at most 200 printable characters on one line, without outer spaces",
    ),
    "id too long": (
        row(id="x" * 201),
        ":2: id: must be at most 200 printable characters on one line, without outer spaces",
    ),
    "kind missing": (row(kind="gone"), ":2: kind: is missing; use identity or similarity"),
    "kind unknown": (row(kind="identify"), ":2: kind: unknown kind 'identify'; did you mean identity?"),
    "kind far off": (row(kind="x"), ":2: kind: unknown kind 'x'; use one of identity, similarity"),
    "kind no text": (row(kind=["identity"]), ":2: kind: must be text, not a list"),
    "language missing": (row(language="gone"), ":2: language: is missing; use a language tag such as en or zh"),
    "language in words": (row(language="Old Norse"), ":2: language: must be a language tag such as en, zh or pt-BR"),
    "language a number": (row(language=1), ":2: language: must be text, not a number; put it in quotes"),
    "text missing": (row(text="gone"), ":2: text: is missing; give text, or messages for a conversation"),
    "text blank": (row(text=" \n"), ":2: text: is empty; it must say something"),
    "text no text": (row(text={"en": "x"}), ":2: text: must be text, not an object"),
    "text a boolean": (row(text=True), ":2: text: must be text, not a boolean; put it in quotes"),
    "text with nul": (row(text="a\x00b"), ":2: text: holds U+0000, which cannot be sent; remove it"),
    "text with half a pair": (row(text="a\ud83d"), ":2: text: holds U+D83D, which cannot be sent; remove it"),
    "text and messages": (
        row(messages=[{"role": "user", "content": "x"}]),
        ":2: messages: stands beside text; give one of the two",
    ),
    "messages empty": (row(text="gone", messages=[]), ":2: messages: is empty; it must hold at least one element"),
    "messages no list": (row(text="gone", messages="hi"), ":2: messages: must be a list, not text"),
    "message no object": (
        row(text="gone", messages=["hi"]),
        ":2: messages[0]: must be an object with named fields, not text",
    ),
    "message without content": (
        row(text="gone", messages=[{"role": "user"}]),
        ":2: messages[0].content: is missing; each message needs it",
    ),
    "message without role": (
        row(text="gone", messages=[{"content": "x"}]),
        ":2: messages[0].role: is missing; use system, user or assistant",
    ),
    "message field": (
        row(text="gone", messages=[{"role": "user", "context": "x"}]),
        ":2: messages[0].context: unknown field; did you mean content?",
    ),
    "role unknown": (talk("human"), ":2: messages[0].role: unknown role 'human'; use one of system, user, assistant"),
    "role misspelt": (talk("users"), ":2: messages[0].role: unknown role 'users'; did you mean user?"),
    "assistant first": (
        talk("assistant", "user"),
        ":2: messages[0].role: is assistant where user is due; turns alternate, the user's first",
    ),
    "user twice": (
        talk("system", "user", "user"),
        ":2: messages[2].role: is user where assistant is due; turns alternate, the user's first",
    ),
    "system late": (
        talk("user", "system"),
        ":2: messages[1].role: is system where assistant is due; turns alternate, the user's first",
    ),
    "assistant last": (
        talk("user", "assistant"),
        ":2: messages: must end with the user's turn, which the model is to answer",
    ),
    "system alone": (talk("system"), ":2: messages: must end with the user's turn, which the model is to answer"),
    "tags no list": (row(tags="math"), ":2: tags: must be a list, not text"),
    "tag empty": (row(tags=["x", ""]), ":2: tags[1]: is empty; it must say something"),
    "deep": (row(text=[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]), ":2: text" + "[0]" * 16 + ": is nested too deeply"),
}

YAML_HEAD = "set: s\nprompts:\n- id: a\n  kind: identity\n  language: en\n"
YAML = {
    "empty": ("\n \n", ": is empty; it must hold at least one prompt or template"),
    "comment only": ("# nothing\n", ": is empty; it must hold at least one prompt or template"),
    "no yaml": ("set: s\nprompts: [\n", ":3: not YAML: did not find expected node content"),
    "colon in text": (YAML_HEAD + "  text: Me: who?\n", ":6: not YAML: mapping values are not allowed in this context"),
    "control character": (YAML_HEAD + "  text: a\x07\n", ":6: not YAML: control characters are not allowed"),
    "plain text": ("Who are you?\n", ":1: must be an object with named fields, not text"),
    "nothing in it": (
        "set: s\n",
        ":1: prompts: is missing; give a list of `prompts` or of `templates`, one of the two",
    ),
    "both in it": (
        "prompts: [1]\ntemplates: [1]\n",
        ":1: prompts: is missing; give a list of `prompts` or of `templates`, one of the two",
    ),
    "misspelt list": ("set: s\npromts: []\n", ":2: promts: unknown field; did you mean prompts?"),
    "empty list": ("set: s\n\nprompts: []\n", ":3: prompts: is empty; it must hold at least one element"),
    "element no object": ("prompts:\n- id\n", ":2: prompts[0]: must be an object with named fields, not text"),
    "norway": (
        "prompts:\n- id: a\n  kind: identity\n  language: no\n  text: Hei\n",
        ":4: prompts[0].language: must be text, not a boolean; put it in quotes",
    ),
    "text a date": (
        YAML_HEAD + "  text: 2026-11-24\n",
        ":6: prompts[0].text: must be text, not a date; put it in quotes",
    ),
    "text without value": (
        YAML_HEAD + "  text:\n",
        ":3: prompts[0].text: is missing; give text, or messages for a conversation",
    ),
    "name twice": (YAML_HEAD + "  text: a\n  id: b\n", ":7: prompts[0].id: is given twice; keep one"),
    "name no text": ("prompts:\n- [a]: b\n", ":2: prompts[0]: a field's name must be text"),
    "alias": (
        "prompts:\n- &a {id: a}\n- *a\n",
        ":3: prompts[1]: aliases are not read here; write the value out, or quote a text that begins with *",
    ),
    "tag on a scalar": (
        YAML_HEAD + "  text: !!python/name:os.system x\n",
        ":6: prompts[0].text: tags are not read here; remove it, or quote a text that begins with !",
    ),
    "tag on a mapping": (
        "prompts:\n- !!python/object:os.system {id: a}\n",
        ":2: prompts[0]: tags are not read here; remove it, or quote a text that begins with !",
    ),
    "two documents": (
        YAML_HEAD + "  text: a\n---\nset: t\n",
        ":7: holds a second document; one file is one set",
    ),
    "role in a block": (
        YAML_HEAD + "  messages:\n  - role: user\n    content: a\n  - role: asistant\n    content: b\n",
        ":9: prompts[0].messages[1].role: unknown role 'asistant'; did you mean assistant?",
    ),
    "id of an earlier row": (
        YAML_HEAD + "  text: a\n- id: a\n  kind: identity\n  language: en\n  text: b\n",
        ":7: prompts[1].id: 'a' is taken by an earlier row; ids must differ",
    ),
    "nested in JSON": (
        json.dumps({"set": "s", "prompts": [{"id": "a", "kind": "identity", "language": "en", "text": 5}]}, indent=1),
        ": prompts[0].text: must be text, not a number; put it in quotes",
    ),
}

ARRAY = {
    "a row a line": (f"\n[\n{GOOD},{GOOD}]", ":4: [1].id: 'a' is taken by an earlier row; ids must differ"),
    "rows of many lines": (
        json.dumps([json.loads(GOOD), {**json.loads(GOOD), "id": "b", "kind": "poem"}], indent=1),
        f":{len(json.loads(GOOD)) + 4}: [1].kind: unknown kind 'poem'; use one of identity, similarity",
    ),
    "one line": ("[" + GOOD.strip() + ", 7]", ":1: [1]: must be an object with named fields, not a number"),
    "no rows": ("[\n]", ": is empty; it must hold at least one element"),
}

TEMPLATE_HEAD = "templates:\n- id: t\n  language: en\n"
TEMPLATES = {
    "slot missing": (
        TEMPLATE_HEAD + "  text: |-\n    Hello\n    {question}\n",
        ":4: templates[0].text: lacks {query}, the place for the question",
    ),
    "slot missing in the twin": (
        TEMPLATE_HEAD + "  text: '{query}'\n  primed: Acme\n",
        ":5: templates[0].primed: lacks {query}, the place for the question",
    ),
    "text missing": (TEMPLATE_HEAD, ":2: templates[0].text: is missing; a template is a text with {query}"),
    "id missing": (
        "templates:\n- language: en\n  text: '{query}'\n",
        ":2: templates[0].id: is missing; each template needs one of its own",
    ),
    "field of a prompt": (
        TEMPLATE_HEAD + "  aspect: team\n",
        ":4: templates[0].aspect: unknown field; use one of id, kind, language, text, primed",
    ),
    "id of a twin": (
        TEMPLATE_HEAD + "  text: '{query}'\n  primed: 'A {query}'\n- id: t+twin\n  language: en\n  text: '{query}'\n",
        ":6: templates[1].id: 't+twin' is taken by an earlier row; ids must differ",
    ),
}

CASES = {**JSONL, **YAML, **ARRAY, **{f"template: {name}": case for name, case in TEMPLATES.items()}}


@pytest.mark.parametrize(("content", "line"), CASES.values(), ids=CASES.keys())
def test_each_mistake_is_told_with_its_place_and_what_would_be_right(tmp_path: Path, content: str, line: str) -> None:
    assert told(tmp_path, content) == line


def test_a_set_of_the_other_kind_says_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(GOOD)
    (tmp_path / "t.jsonl").write_text('{"id": "t", "language": "en", "text": "{query}"}')
    with pytest.raises(InputError, match=r"holds templates, not prompts; it belongs under \[ice\] templates"):
        load_prompt_set("t.jsonl", tmp_path)
    with pytest.raises(InputError, match=r"holds prompts, not templates; it belongs under \[\[prompts\]\]"):
        load_template_set("p.jsonl", tmp_path)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("identiy-en", "unknown prompt set 'identiy-en'; did you mean identity-en? (or give the path of a file)"),
        (
            "none",
            "unknown prompt set 'none'; use one of identity-en, identity-zh, similarity (or give the path of a file)",
        ),
        ("", "must name a prompt set; use one of identity-en, identity-zh, similarity"),
        ("a\0b.jsonl", "must name a prompt set; use one of identity-en, identity-zh, similarity"),
    ],
)
def test_an_unknown_name_brings_the_closest_or_all(name: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        load_prompt_set(name)
    assert str(caught.value) == line


def test_a_missing_file_is_named_in_full(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_template_set("sub/none.yaml", tmp_path)
    assert str(caught.value) == f"{tmp_path / 'sub/none.yaml'}: No such file or directory"


def test_a_file_too_large_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distq_tui.prompts.source._MAX_CHARACTERS", 100)
    assert told(tmp_path, GOOD + GOOD) == ": holds more than 100 characters; split it"
