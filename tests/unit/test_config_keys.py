"""Key references: where a key comes from, and that its value shows nowhere."""

import sys
import types

import pytest

from distq_tui.config.keys import Keys, check_reference
from distq_tui.config.settings import Settings, load_settings
from distq_tui.errors import InputError

SECRET = "sk-never-to-be-seen"


@pytest.fixture
def dotenv(tmp_path):
    file = tmp_path / ".env"
    file.write_text(f"A_KEY={SECRET}\nB_KEY=\n")
    return file


@pytest.fixture
def keyring(monkeypatch):
    class KeyringError(Exception):
        pass

    held = {}
    module = types.SimpleNamespace(
        get_password=lambda service, name: held.get((service, name)),
        errors=types.SimpleNamespace(KeyringError=KeyringError),
        held=held,
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


def test_the_environment_comes_before_the_file(dotenv):
    assert Keys({"A_KEY": "from-env"}, dotenv).get("env:A_KEY") == "from-env"
    assert Keys({}, dotenv).get("env:A_KEY") == SECRET


def test_an_empty_value_is_not_set(dotenv):
    keys = Keys({"A_KEY": "", "C_KEY": ""}, dotenv)
    assert keys.get("env:A_KEY") == SECRET, "an empty variable does not hide the file's"
    assert keys.get("env:B_KEY") is None
    assert keys.get("env:C_KEY") is None
    assert (keys.state("env:A_KEY"), keys.state("env:B_KEY"), keys.state(None)) == ("set", "unset", "none")


def test_a_file_that_is_not_there_holds_nothing(tmp_path):
    assert Keys({}, tmp_path / "none").get("env:A_KEY") is None


def test_a_keyring_reference_asks_the_keyring_alone(keyring):
    keyring.held["distq-tui", "A_KEY"] = SECRET
    keyring.held["distq-tui", "EMPTY"] = ""
    keys = Keys({"A_KEY": "from-env"})
    assert keys.get("keyring:A_KEY") == SECRET
    assert keys.get("keyring:OTHER") is None
    assert keys.get("keyring:EMPTY") is None


def test_a_keyring_that_can_t_be_read_is_one_line(keyring):
    def locked(service, name):
        raise keyring.errors.KeyringError("locked")

    keyring.get_password = locked
    with pytest.raises(InputError, match=r"^the system keyring can't be read: locked$"):
        Keys({}).get("keyring:A_KEY")
    assert Keys({}).state("keyring:A_KEY") == "unset"


def test_without_the_package_the_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(InputError, match=r"pip install 'distq-tui\[keyring\]'"):
        Keys({}).get("keyring:A_KEY")


@pytest.mark.parametrize("text", [SECRET, "env:", "env:1X", "ENV:X", "file:x", "env:X ", "env:X\n", " env:X", ""])
def test_what_is_no_reference_is_refused_and_not_repeated(text):
    with pytest.raises(ValueError, match="never the key itself") as caught:
        check_reference(text)
    assert SECRET not in str(caught.value)
    with pytest.raises(InputError) as refused:
        Keys({}).get(text)
    assert SECRET not in str(refused.value)
    assert Keys({}).state(text) == "unset"


@pytest.mark.parametrize("text", ["env:OPENAI_API_KEY", "keyring:my-key.1", "env:_X"])
def test_references_are_given_back(text):
    assert check_reference(text) == text


def test_no_value_is_in_what_is_printed(dotenv, monkeypatch):
    monkeypatch.chdir(dotenv.parent)
    settings = load_settings(env={"B_KEY": SECRET})
    assert settings.keys.get("env:A_KEY") == settings.keys.get("env:B_KEY") == SECRET
    for thing in (settings, settings.keys, Settings(settings.paths, keys=Keys({"K": SECRET}))):
        assert SECRET not in repr(thing)
        assert SECRET not in str(thing)


@pytest.mark.parametrize("content", [b"A=\xff\xfe\n"])
def test_a_file_that_is_no_text_is_one_line(tmp_path, content):
    file = tmp_path / ".env"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Keys({}, file).get("env:A")
    assert str(caught.value) == f"{file}: not UTF-8 text"
