"""Sources that want more after what came: the run is over when nothing is under way and they want nothing."""

from scripted import make_plan, trials_of

from distq_tui.events import RunFinished, TrialFinished


class OneByOne:
    """Hands out the next trial when it is told of the one before."""

    def __init__(self, trials):
        self.left, self.told = list(trials), []

    def next(self, results):
        self.told += [result.trial.probe.prompt_id for result in results]
        return [self.left.pop(0)] if self.left else []


async def test_a_source_that_waits_for_each_answer_is_run_to_its_end_when_all_are_stored(bench):
    plan = make_plan("one", "two", "three")
    for cached in (False, True):
        source = OneByOne(trials_of(plan))
        events = [event async for event in bench.make(plan).run(source)]
        finished = [event for event in events if isinstance(event, TrialFinished)]
        assert [(event.prompt_id, event.cached) for event in finished] == [(f"p{n}", cached) for n in range(3)]
        assert source.told == ["p0", "p1", "p2"], "of the last one too"
        assert isinstance(events[-1], RunFinished)
        assert (events[-1].reason, events[-1].calls) == ("done", 0 if cached else 3)
