"""What all LLM judges have in common: who judges, the file of their questions, and how far a reply may be trusted.

What is asked, what a verdict is and what comes of it belong to each score.
"""

from distq_tui.judging.follow_ups import ATTEMPTS, UNSCORED, FollowUps, JudgeModel, failure
from distq_tui.judging.questions import PARAMS, fill, params_in, question_in, read_questions, text_in
from distq_tui.judging.replies import spoken

__all__ = [
    "ATTEMPTS",
    "PARAMS",
    "UNSCORED",
    "FollowUps",
    "JudgeModel",
    "failure",
    "fill",
    "params_in",
    "question_in",
    "read_questions",
    "spoken",
    "text_in",
]
