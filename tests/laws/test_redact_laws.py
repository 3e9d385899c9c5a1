"""The redactor under any chunking: the same text as the whole without its key, and no half of a key."""

from hypothesis import given
from hypothesis import strategies as st

from distq_tui.providers.base import Chunk
from distq_tui.providers.redact import Redactor

KEY = "aab" * 5 + "aa"
PIECES = st.lists(st.sampled_from(["a", "b", "aab", "aabaab", KEY, KEY[:9], KEY[9:]]), max_size=12)


@given(PIECES, PIECES)
def test_any_chunking_gives_the_text_without_its_key(texts: list[str], thoughts: list[str]) -> None:
    redactor = Redactor(KEY)
    chunks = [Chunk(text=text) for text in texts] + [Chunk(reasoning=thought) for thought in thoughts]
    told = [safe for chunk in [*chunks, Chunk(finish="stop")] for safe in redactor.feed(chunk)]
    assert told[-1] == Chunk(finish="stop")
    for whole, safe in (
        ("".join(texts), "".join(chunk.text for chunk in told)),
        ("".join(thoughts), "".join(chunk.reasoning for chunk in told)),
    ):
        assert safe == whole.replace(KEY, "***")


def test_a_word_that_serves_as_a_key_stays_a_word() -> None:
    assert list(Redactor("ollama").feed(Chunk(text="I run on ollama."))) == [Chunk(text="I run on ollama.")]


@given(PIECES)
def test_without_a_key_every_chunk_passes_as_it_is(texts: list[str]) -> None:
    redactor = Redactor(None)
    chunks = [Chunk(text=text) for text in texts]
    assert [safe for chunk in chunks for safe in redactor.feed(chunk)] == chunks
