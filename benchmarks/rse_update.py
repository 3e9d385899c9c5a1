"""Cost of one arrival at 8 models: the 10,000th prompt against the 100th, and against a full recomputation.

    python benchmarks/rse_update.py [--prompts 10000]

Texts are random sentences of about 1,500 characters; CPU time of this process, median over the last prompts.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is imported

from distq_tui.rse.batch import score_answers
from distq_tui.rse.matrix import SimilarityMatrix

MODELS = 8
WORDS = ["the", "of", "and", "model", "answer", "because", "water", "7", "light", "however", "a", "question", "is", "x"]
RECENT = 100


def answer(rng: random.Random) -> str:
    sentences = (" ".join(rng.choices(WORDS, k=rng.randint(5, 20))).capitalize() + "." for _ in range(20))
    return rng.choice(["Sure! ", "", "- "]) + rng.choice(["\n", " "]).join(sentences)


def main(prompts: int) -> None:
    rng = random.Random(1)
    texts = [answer(rng) for _ in range(400)]
    matrix, costs, answers = SimilarityMatrix(), [], {}
    for prompt in range(prompts):
        for model in range(MODELS):
            text = rng.choice(texts)
            answers.setdefault(str(prompt), {})[f"m{model}", 0] = text
            started = time.process_time()
            matrix.add(str(prompt), f"m{model}", text)
            costs.append(time.process_time() - started)
    early = statistics.mean(costs[(100 - 50) * MODELS : (100 + 50) * MODELS])
    late = statistics.mean(costs[-RECENT * MODELS :])
    started = time.process_time()
    matrix.rows()
    read = time.process_time() - started
    started = time.process_time()
    score_answers(answers)
    full = time.process_time() - started
    print(f"arrival at prompt 100: {early * 1e3:.3f} ms, at {prompts}: {late * 1e3:.3f} ms, ratio {late / early:.2f}")
    print(f"reading all rows at {prompts} prompts: {read * 1e3:.1f} ms")
    print(f"one full pass over {prompts} prompts: {full:.2f} s, {full / late:,.0f} arrivals")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--prompts", type=int, default=10_000)
    main(parser.parse_args().prompts)
