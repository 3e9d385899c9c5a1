"""Laws of the search: the seed and the answers fix every step, whatever the order in which answers land."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from search_plan import FOREIGN, OWN, SEEDS, digest, drive, rewrite, search_of, search_plan

from distq_tui.events import Response, SearchStep
from distq_tui.ice.aliases import AliasScanner
from distq_tui.ice.facts import load_facts
from distq_tui.ice.search import tree_lines
from distq_tui.ice.search.mutant import LONGEST, Reader, Rejected

PLANS = st.builds(
    search_plan,
    seed=st.integers(0, 2**63 - 1),
    questions=st.integers(1, 5),
    iterations=st.integers(1, 25),
    seeds=st.integers(1, len(SEEDS)).map(lambda count: SEEDS[:count]),
)
READER = Reader(AliasScanner(load_facts()))


def world(salt):
    """A helper that fails now and then, and a target whose answers hang on the request alone."""

    def helper(request):
        draw = int(digest(salt + request.messages[-1].content + str(request.sample)), 16)
        return "no slot" if draw % 4 == 0 else rewrite(request)

    def target(request):
        draw = int(digest(salt + request.messages[-1].content), 16)
        return Response("error") if draw % 9 == 0 else FOREIGN if draw % 3 == 0 else OWN

    return {"helper": helper, "target": target}


def steps(events):
    return [event for event in events if isinstance(event, SearchStep)]


@settings(max_examples=25, deadline=None)
@given(plan=PLANS, salt=st.text("abc", max_size=3), order=st.randoms(use_true_random=False))
def test_the_same_seed_and_answers_give_the_same_steps_in_whatever_order_they_land(plan, salt, order):
    def mixed(waiting):
        return order.sample(waiting, len(waiting))

    asked, events = drive(search_of(plan), **world(salt))
    again, events_again = drive(search_of(plan), order=mixed, **world(salt))
    assert steps(events) == steps(events_again)
    assert {trial.key for trial in asked} == {trial.key for trial in again}
    assert len({trial.probe.prompt_id for trial in asked}) == len(asked)


@settings(max_examples=25, deadline=None)
@given(plan=PLANS, salt=st.text("abc", max_size=3))
def test_what_is_asked_is_what_the_steps_say(plan, salt):
    asked, events = drive(search_of(plan), **world(salt))
    made = steps(events)
    wanted = min(plan.adaptive.questions, len(plan.adaptive.query_pool))
    answers = [trial for trial in asked if trial.probe.kind == "identity"]
    assert len(answers) == wanted * sum(bool(step.text) for step in made)
    assert all(trial.purpose == "adaptive" for trial in asked)
    assert all("{query}" in step.text for step in made if step.text)
    assert all(step.reward is None or 0 <= step.reward <= 1 for step in made)
    texts = [step.text for step in made if step.text]
    assert len(set(texts)) == len(texts)
    lines = tree_lines(made)
    assert sum(line.visits for line in lines if line.parent is None) == len(made)
    assert len({line.id for line in lines}) == len(lines)


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ["{query}", "<template>", "</template>", "\x1b[0m", "\r\n", "\u202e", "ChatGPT", "\n", "{other}"]
        ),
        st.text(max_size=20),
        st.integers(LONGEST - 20, LONGEST + 20).map(lambda count: "x" * count),
    ),
    max_size=8,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_no_answer_of_a_helper_gets_through_that_is_not_plain_text_with_its_slot(answer):
    found = READER.read(Response("ok", answer), parents=["Plain {query}"], known=())
    if isinstance(found, Rejected):
        assert found.reason.isprintable()
        return
    assert found in answer.replace("\r\n", "\n")
    assert 1 <= found.count("{query}") <= 3
    assert len(found) <= LONGEST
    kinds = {unicodedata.category(char) for char in found if char not in "\n\t"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_retry_in_one_step_draws_nothing_from_the_next():
    plan = search_plan(iterations=2, seeds=SEEDS[:1])
    tries = iter(["no slot", "no slot"])
    smooth, _ = drive(search_of(plan), target=lambda request: OWN)
    rough, _ = drive(
        search_of(plan), helper=lambda request: next(tries, None) or rewrite(request), target=lambda request: OWN
    )
    assert len(rough) == len(smooth) + 2
    assert [trial.probe.question for trial in rough if trial.probe.question] == [
        trial.probe.question for trial in smooth if trial.probe.question
    ]
    assert rough[-3].probe.tags == smooth[-3].probe.tags, "the mutator of the second step"
