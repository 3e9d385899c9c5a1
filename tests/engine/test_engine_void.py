"""An answer of which only the end of the reasoning was marked: the stored answer holds none of it."""

from scripted import by_kind, make_plan

from distq_tui.providers.base import Chunk


async def test_text_before_a_void_chunk_is_stored_as_reasoning(bench):
    bench.provider.scripts["p"] = [
        [Chunk(text="let me "), Chunk(text="see"), Chunk(void=True), Chunk(text="Yes."), Chunk(finish="stop")]
    ]
    events = by_kind(await bench.run(make_plan("p")))
    (finished,) = events["TrialFinished"]
    assert (finished.response.text, finished.response.reasoning) == ("Yes.", "let me see")
    assert finished.response.cls == "ok"
