"""Equal words as one object."""

from distq_tui.interned import interned
from distq_tui.plan.run_plan import RunPlan
from distq_tui.plan.trial import Params, Probe
from distq_tui.prompts import Message


def test_equal_words_are_one_object():
    one, other = ("".join(["dee", "psee", "k"]) for _ in range(2))
    assert one is not other
    assert interned(one) is interned(other)
    assert interned(None) is None


def test_probes_that_were_stored_share_their_words():
    probes = tuple(
        Probe(f"p{n}", "identity", "en", (Message("user", "?"),), set_name="a long name of a set") for n in range(2)
    )
    data = RunPlan("n", 1, 1, Params(), (), probes).to_json()
    for probe in data["probes"]:
        probe["set_name"] = " ".join(["a long name", "of a set"])
    one, other = RunPlan.from_json(data).probes
    assert one.set_name is other.set_name
