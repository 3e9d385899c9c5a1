"""From a plan back to its choices: they make the same plan, and where they can't that is known."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from whole_choices import MODELS, WHOLE

from distq_tui.plan.build import build_plan
from distq_tui.plan.choices import AdaptiveChoice, Choices, IceChoice, SetChoice
from distq_tui.plan.recall import makes, recall
from distq_tui.plan.run_plan import RunPlan

PLANS = {
    "whole": WHOLE,
    "bare questions": Choices("q", MODELS[:1], (SetChoice("identity-zh", 3), SetChoice("identity-en", 25))),
    "templates alone": Choices("t", MODELS[:2], ice=IceChoice()),
    "English questions": Choices("e", MODELS[:2], ice=IceChoice(count=5, questions=("identity-en",))),
    "search alone": Choices("s", MODELS, adaptive=AdaptiveChoice("h")),
}


@pytest.mark.parametrize("choices", PLANS.values(), ids=PLANS)
def test_the_choices_of_a_stored_plan_make_it_again(choices):
    plan = build_plan(choices)
    stored = RunPlan.from_json(json.loads(json.dumps(plan.to_json())))
    again = recall(stored)
    assert build_plan(again) == plan
    assert makes(again, stored)


def test_all_but_sets_comes_back_as_it_was():
    again = recall(build_plan(WHOLE))
    assert replace(again, sets=WHOLE.sets, models=MODELS) == replace(WHOLE, sets=WHOLE.sets)
    assert again.sets == (SetChoice("similarity", 7), SetChoice("identity-en", 25))


def test_a_set_that_is_a_file_is_left_out_and_that_is_known(tmp_path):
    file = tmp_path / "own.jsonl"
    file.write_text('{"id": "p1", "kind": "identity", "language": "en", "text": "Who are you?"}\n')
    plan = build_plan(Choices("own", MODELS[:1], (SetChoice(str(file)), SetChoice("identity-en", 2))))
    again = recall(plan)
    assert again.sets == (SetChoice("identity-en", 2),)
    assert not makes(again, plan)
    assert not makes(replace(again, sets=()), plan), "no set at all makes no plan"
