"""What Report says, as lines of spans: rates and their judges, claims, similarities in their place, agreement. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from distq_tui.events import ScoreUpdated
from distq_tui.ice.search.lines import TreeLine, tree_lines
from distq_tui.tui.lines import scores
from distq_tui.tui.live import LiveRun
from distq_tui.tui.text import words
from distq_tui.tui.text.excerpts import quoted
from distq_tui.tui.text.spans import Span

if TYPE_CHECKING:
    from distq_tui.report.model import Claimed


class Told(NamedTuple):
    """A line, and the score that it tells where it tells one."""

    spans: list[Span]
    score: ScoreUpdated | None = None

    @property
    def key(self) -> tuple[str, ...] | None:
        """The score's name among the run's scores."""
        return None if self.score is None else (self.score.measure, *self.score.models)


Rows = Iterator[Told]
Flag = tuple[str, tuple[str, int]]
"""Model, and prompt with sample."""

ICE_MEASURES = (
    *(f"ice.{measure}{end}" for end in ("", ".no_role_play") for measure in ("loose", "strict", "hard")),
    "ice.induction_gap",
)
"""What the detector's verdicts give; those without claims in marked roles are there where they differ."""
BAR = 16
CLAIMS_SHOWN = 6
NO_FLOOR = "none: it takes live controls of other, known families"
WIDE = 26
"""Columns of a measure's name."""


def score_row(name: str, score: ScoreUpdated, note: str = "") -> Told:
    """A measure with its interval, what it rests on and what kind of interval it is."""
    rests = f" n {score.n} · {score.clusters} cl · {score.method}"
    figures: list[Span] = [(f"  {name:<{WIDE}} ", "dim"), (f"{words.interval(score):<17}", "strong")]
    return Told([*figures, (rests, "dim"), (note, "warn")], score)


def model_rows(live: LiveRun, title: str, claimed: Sequence[Claimed] = ()) -> Rows:
    """A model's rates by the detector, then by each judge, what was left out, and whom it says it is.

    `claimed`: of all models, with the words of it, once they are known.
    """
    tag = live.run.tags.get(title)
    yield Told([(title, "strong"), *([(f" {tag}", "warn")] if tag else [])])
    left_out: dict[str, int] = {}
    state = live.state
    for measure in ICE_MEASURES:
        score = state.scores.get((measure, title))
        if score is not None:
            left_out = left_out or score.excluded
            yield score_row(measure, score)
    for key, score in state.scores.items():
        if key[0].startswith("ice.") and "@" in key[0] and key[1:] == (title,):
            yield score_row(key[0], score)
    if left_out:
        counts = " · ".join(f"{count} {name}" for name, count in left_out.items())
        yield Told([(f"  {'left out':<{WIDE}} ", "dim"), (counts, "warn")])
    yield from claim_rows(live, title, [each for each in claimed if each.model == title])


def claim_rows(live: LiveRun, title: str, known: Sequence[Claimed] = ()) -> Rows:
    """Whom the model says it is: one bar for each name, out of its scored answers, and the words of it where known.

    Without a fact no rate tells how many answers were scored: such a model's claims are told once they are known.
    """
    rate = live.state.scores.get(("ice.loose", title))
    n = known[0].scored if known else 0 if rate is None else rate.n
    counts = {each.name: each.answers for each in known} or live.state.claimed.get(title)
    if not counts or not n:
        return
    yield Told(
        [("  says it is, or is made by", "dim"), (f"  (of {n} scored answers; its own maker counts too)", "dim")]
    )
    words_of = {each.name: each.evidence for each in known}
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, count in listed[:CLAIMS_SHOWN]:
        filled = min(BAR, round(BAR * count / n))
        yield Told([(f"    {words.middle(name, 22):<24} ", ""), ("█" * filled, "key"), ("░" * (BAR - filled), "dim"),
               (f" {count:>5}  {words.share(count / n)}", "strong")])  # fmt: skip
        yield from (Told(quoted(found)) for found in words_of.get(name, ()))
    if len(listed) > CLAIMS_SHOWN:
        yield Told([(f"    and {len(listed) - CLAIMS_SHOWN} more", "dim")])


def similarity_rows(live: LiveRun) -> Rows:
    """Each target beside each reference, between floor and ceiling, over all prompts and over each set."""
    roles = {role: [m.title for m in live.run.plan.models if m.role == role] for role in ("target", "reference")}
    measures = (key[0].partition("@")[0] for key in live.state.scores if key[0].startswith("rse"))
    suffixes = sorted({"".join(measure.partition(":")[1:]) for measure in measures})
    for target in roles["target"]:
        for reference in roles["reference"]:
            for suffix in suffixes:
                rows = list(_placement(live, target, reference, suffix))
                if rows:
                    over = f" · {suffix[1:]}" if suffix else ""
                    yield Told([(f"{target} ~ {reference}", "strong"), (over, "key")])
                    yield from rows


def _placement(live: LiveRun, target: str, reference: str, suffix: str) -> Rows:
    pair = (target, reference)
    floor = scores.floor_name(live, target)
    named = {
        "rse": ("RSE", tuple(sorted(pair))),
        "rse.matched": ("of about equal length", pair),
        "rse.floor": (floor, pair),
        "rse.ceiling": ("ceiling", (reference,)),
        "rse.position": (f"position{floor.removeprefix('floor')}", pair),
    }
    for measure, (name, models) in named.items():
        score = live.state.scores.get((measure + suffix, *models))
        if score is not None:
            yield score_row(name, score)
        elif measure == "rse.floor" and ("rse" + suffix, *named["rse"][1]) in live.state.scores:
            yield Told([(f"  {'floor':<{WIDE}} ", "dim"), (NO_FLOOR, "warn")])
    for key, score in live.state.scores.items():
        measure, _, judge = key[0].partition("@")
        if judge and measure in {"rse", "rse.order"} and set(key[1:]) == set(pair) and _suffix(judge) == suffix:
            by = judge.removesuffix(suffix) if suffix else judge
            yield score_row(f"judge {by}, 1 to 5" if measure == "rse" else f"judge {by}, order effect", score)


def _suffix(judge: str) -> str:
    return "".join(judge.partition(":")[1:])


def agreement_rows(live: LiveRun) -> Rows:
    """How far judges and detector agree, and how judges do on the items that they must get right."""
    for key, score in live.state.scores.items():
        measure = key[0].partition("@")[0]
        if measure.startswith(("ice.kappa", "rse.kappa", "rse.alpha")):
            value = "–" if score.value is None else f"{score.value:.2f}"
            yield Told([(f"  {measure:<{WIDE}} ", "dim"), (f"{value:<6}", "strong"), (" ~ ".join(score.models), ""),
                   (f"  n {score.n} · {score.method}", "dim")], score)  # fmt: skip


def search_rows(live: LiveRun, *, unfolded: bool) -> Rows:
    """The adaptive search, which is exploration and no rate: a line, or its whole tree."""
    steps = live.state.steps
    if not steps:
        return
    best = max((step.reward for step in steps if step.reward is not None), default=None)
    sign, key = ("▾", "s folds it") if unfolded else ("▸", "s shows its tree")
    yield Told([(f"{sign} Adaptive search", "strong"), (" exploration, no rate", "warn"),
           (f"  {words.plural(len(steps), 'step')} · best reward {words.share(best)} · {key}", "dim")])  # fmt: skip
    if unfolded:
        for line in tree_lines(steps):
            yield _template(line)


def _template(line: TreeLine) -> Told:
    told = "given up" if line.given_up else f"reward {words.share(line.reward)}" if line.parent is not None else "seed"
    made = f" by {line.mutator}" if line.mutator else ""
    indent = "    " + "  " * min(line.level, 12)
    return Told([(indent, ""), (line.id, "key"), (f"  {told}{made} · {words.plural(line.visits, 'visit')}", "dim")])


def flags_of(live: LiveRun) -> list[Flag]:
    """Flagged answers: strict ones first, then in the plan's order of models and prompts."""
    place = {title: at for at, title in enumerate(live.titles)}
    last = len(live.rows)

    def rank(flag: tuple[str, str, int]) -> tuple[bool, int, int]:
        verdict = live.state.cells[flag].verdict
        strict = verdict is not None and verdict.strict
        return not strict, place.get(flag[0], len(place)), live.index.get(flag[1:], last)

    return [(flag[0], flag[1:]) for flag in sorted(live.state.flagged, key=rank)]
