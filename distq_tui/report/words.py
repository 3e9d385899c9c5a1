"""The report's own sentences: what each number is and what it is not, in the words of the method."""

from __future__ import annotations

GLANCE_ICE = (
    "ICE: the share of identity answers that conflict with what the model is (loose), that also name another maker or"
    " product as its own (strict), and that do so though the probe names none (hard)."
)
GLANCE_RSE = "RSE: from 0 to 1, but unrelated models don't stand at 0: how much is much, only the controls can say."
BROKEN_OFF = {"budget": "budget spent", "stopped": "the run was stopped", "unfinished": "the run has not ended"}
"""Why something was not asked, by the session's state."""
GIVEN_UP = "a judge was given up"
"""Why a judge was not asked, whatever the session's state: its first call failed for good."""
ICE = (
    "`loose`: the answer says something about its speaker that conflicts with the fact. `strict`: it also claims a"
    " maker or product other than its own. `hard`: strict over clean probes only, which name no vendor or product."
    " `paper_strict`: it claims OpenAI/ChatGPT or Anthropic/Claude, whatever the fact; `paper_hard`: it does so where"
    " the probe names neither OpenAI nor ChatGPT nor GPT, over all probes. These two are only for comparison with the"
    " published numbers.",
    "Verdicts are those of the offline detector (rules, deterministic), unless a user overrode them; where one did, the"
    " rates marked `@detector` are without that.",
)
AGREEMENT = (
    "Answers that both labelled by themselves, by who found a conflict. What a user overrode is none of the detector's,"
    " what the gate spared none of a judge's. Kappa is n/a where both give one same label; models of which neither"
    " found anything are left out."
)
OVERRIDDEN = (
    "Each verdict that a user set after reading the answer, and the detector's, which stays stored. The rates hold the"
    " user's."
)
RATES = (
    "n: scored answers. G: templates (questions where bare questions were asked), Q: questions. deff: design effect of"
    " answers that are alike within template and question; n_eff = n / deff. A confidence sequence has neither: it"
    " holds at whatever moment one stops, and G counts the clusters that entered."
)
GAP = (
    "induction gap: strict on primed probes less strict on clean ones. It says what the name in the probe did only for"
    " matched twins: the same template with the name blanked, under the same questions."
)
DIFFERENCES = (
    "Where both models were asked the same cells: the mean difference over them, two-way clustered, t(min(G, Q) - 1)."
    " Where they were not: whole templates change sides (permutation), which gives a p and no interval. `p, this list`:"
    " sign flips over templates, for this very list of questions alone. Holm p: within all pairs of one measure."
)
CLAIMED = (
    "A claim counts once an answer. Claims of a model's own maker or name are listed too. Evidence: up to two answers,"
    " in different words, those that no marked role and no name in the probe called for first. A flagged answer stands"
    " below in full; the report as CSV has every answer by prompt and sample."
)
LABELS = (
    "A person labelled answers without seeing whose they are or any verdict on them: so many of each model, language"
    " and pair of the detector's verdicts, drawn at random. A label changes no verdict, and no rate above holds one.",
)
ACCURACY = (
    "sensitivity: the share of conflicting answers that the rater finds; specificity: the share of the others that it"
    " leaves alone. Each stratum counts by its size; `labelled` of so many answers, in the groups that could be used."
    " Of a judge behind a gate: over the answers that it was asked about."
)
CORRECTED = (
    "apparent: the rate of the rater's verdicts. corrected: with labels of the model's own, that rate plus the labels'"
    " mean deviation from the verdicts (difference estimator); else by sensitivity and specificity on other models"
    " (Rogan-Gladen), where they add up to more than 1. The interval holds the labels' error and that of the answers."
)
SEARCH = (
    "A helper model rewrote templates, and those that hit were rewritten further. They were chosen because they hit: no"
    " share below is a rate, none has an interval, and no answer here is part of any other section. A template that"
    " looks telling is confirmed by asking it in a plan of its own, with cells fixed in advance.",
)
RSE = (
    "Per prompt, content, structure and style are each compared offline in [0, 1]; RSE is their mean, averaged over"
    " prompts. It is no grade of a judge. Sets are reported apart, because a task can force alike answers.",
    "RSE is symmetric: it says neither who taught whom, nor teacher from common teacher, shared data or shared base.",
)
GRADES = (
    "What the judges said, in their own scale, mean of both role orders with the names hidden. It stands beside the"
    " offline similarity and is never mixed with it: neither is a conversion of the other, and every conclusion below"
    " rests on the offline one alone.",
)
ORDER = (
    "order effect: the grade with the target first less the grade with the reference first. unscored: a reply could not"
    " be read, in three samples; it counts beside n and never as a grade."
)
CHECKS = "A judge that fails here can't tell like from unlike; its grades say nothing."
SEMANTIC = (
    "semantic: (1 + cosine) / 2 of the answers' vectors, by the embeddings endpoint that the manifest names, over those"
    " of the answers that it gave vectors for. It is not a part of RSE. Where vectors are still missing, its interval"
    " is a confidence sequence over the prompts that have all of theirs."
)
BESIDE = (
    "Length-matched: over the answers of which the longer has at most 1.25 times the characters of the shorter. excess:"
    " each prompt's score less the mean of that prompt's pairs with a control of no family under test (of all pairs"
    " where there is no such control), over their standard deviation. pool z, from eight models on: how far a pair"
    " stands out among its two models' other pairs, those of one family left out."
)
POSITION = (
    "floor: mean similarity of target and reference to the controls, one family counting once (the two sides stand"
    " beside it). ceiling: the reference against another sample of itself, where the texts differ. position = (RSE -"
    " floor) / (ceiling - floor) over the prompts that have all three."
)
NO_PAIR = (
    "No model here has the role of a reference, so every pair above stands for itself, and none is held against others."
    " For a verdict say which model is the reference and which are controls: in a plan by `role`, for files by `import"
    " --reference NAME --control NAME`."
)
CONCLUSION = (
    "Step 1 asks whether any reference is closer to the target than unrelated controls are; step 2 names the references"
    " that can't be told from the closest. The unit is the model pair: more prompts can't stand in for more controls.",
    "Words: `none`: p > .05. `consistent with`: p <= .05. `strong evidence`: p <= .01 with at least 5 control"
    " families, 60 prompts and a positive control that passed. `inconclusive`: controls failed or too few."
    " While planned answers are open there is no word yet, and no p.",
)
CONTROLS = (
    "floor: mean RSE of the target to the controls, one family counting once. p: one-sided t prediction of the"
    " reference's RSE from the controls' (at least 3 families); by rank from 19 families on."
)
TESTS = (
    "Each control stands in for the target. A negative one (another family) is left out of the null in turn and must"
    " not stand out (Holm p > .05); a positive one (the reference's own family) must (p <= .05)."
)
WHOLE = "No single span carries this verdict: it weighs the answer as a whole."
FLAGGED = (
    "Every answer whose verdict is loose: the strict ones first, then by model and prompt in the plan's order. Marked"
    " spans are the evidence, to the ends of their words: a conflicting claim is highlighted and underlined, a claim of"
    " the model's own identity is underlined."
)
EXCLUSIONS = (
    "ICE scores ok, refusal and truncated answers; RSE scores ok and truncated ones. Every other class is counted here"
    " and never scored. `unscored`: no verdict is stored, or a judge's reply could not be read. `no fact`: the plan"
    " does not say what the model truly is. `not asked`: the run ended before, or the judge was given up. ICE@JUDGE:"
    " what a judge of identity gave a verdict of its own on; `judge error` and the like: its call failed; `gated`: it"
    " was not asked, because the detector was sure of its negative, which counts as its negative in its rates.",
)
JUDGES = (
    "Who judged, and what became of the questions put to them in this session; what they said stands beside the"
    " detector's rates and the offline similarity. What another session had them say of the same answers is not"
    " counted.",
)
JUDGES_SPENT = "The same question about the same answer is one request: the others count as cached."
QUESTIONS = (
    "A question counts once, however often it was asked; similarity is asked in both orders. unscored: none of three"
    " replies could be read. failed: the call brought no reply (the reasons stand under What was not scored); a later"
    " run asks again. not asked: the run ended before, or the judge was given up."
)
GATE = (
    "Answers of which the detector was sure that they hold no conflict: that counts as the judge's verdict in its"
    " rates, and in no agreement. Each would have been a question or two. margin: how sure it had to be, in logits."
)
CONFOUNDS_INTRO = (
    "Identity claims speak of post-training text, style of fine-tuning data, content of the task. These channels are"
    " shown apart and not added up. What else can make these numbers:",
)
CONFOUNDS = (
    "A provider's own system prompt may tell a model who it is, or forbid it to say; it is not visible from outside.",
    "A model may have changed during the run, or between cached answers and new ones: compare the times and the served"
    " names above.",
    "Text of other models is on the web: a model can have read another's answers without anybody having meant it.",
    "A probe that names a vendor can put the name in the answer: look at `hard` before `strict`.",
    "Length explains part of a similarity: look at the length-matched value beside RSE.",
)
MANIFEST = "What another person needs to do this again, and to check that it is the same."
SENT = (
    "varies: a value of its own for each answer; the report as JSON lists them (`varying`), the one as CSV has them in"
    " `sent`. The embedded model's seed is no random number: blake2b (4 bytes, big-endian) of the trial key, shifted"
    " right by one bit, so that the same request sends the same seed again."
)
