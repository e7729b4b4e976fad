#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Learns a scorecard (policy/scorecard.hpp) from labelled phrases: logistic regression over terms of 1 to 3 characters.

Usage: bench/judgement/scorecard.py ZHILI LOT.tsv... > packs/default/scorecards/ad_wording.txt
       bench/judgement/scorecard.py ZHILI LOT.tsv... --folds 5     figures by cross-validation instead

A lot has the columns label, phrase, source; labels `ok` and `talk` are lawful, all others not. Phrases are read as
`zhili text normalise` prints them, a number of any length as 0. Plain Python, a fixed seed: the same lots give the same file.
"""
import argparse
import collections
import math
import random
import re
import subprocess
import sys

CHARACTERS_MAX = 3
SENTENCE_ENDS, SPAN_MIN, SPAN_MAX = "。！!？?；;\n", 16, 60
EPOCHS, AVERAGED_FROM, RATE, SHRINK = 25, 12, 0.3, 0.002
# A lawful text that is touched weighs more than an unlawful one that is missed.
WEIGHT = {"illegal": 1.0, "ok": 1.5, "talk": 1.5}
ORDERS = (1, 2, 3)
LINES_MIN = 2      # a term of one phrase alone says nothing of others
WEIGHT_MIN = 9     # hundredths; what is nearer to nothing is left out


def read(names):
    lines = []
    for name in names:
        with open(name, encoding="utf-8") as file:
            for line in file:
                parts = line.rstrip("\n").split("\t")
                if len(parts) < 2 or parts[0] == "label" or line.startswith("#"):
                    continue
                kind = parts[0] if parts[0] in ("ok", "talk") else "illegal"
                lines.append((kind, parts[1]))
    return list(dict.fromkeys(lines))


def normalised(zhili, phrases):
    given = "".join(p.replace("\\", "\\\\") + "\n" for p in phrases)
    out = subprocess.run([zhili, "text", "normalise"], input=given, capture_output=True, text=True, check=True)
    return out.stdout.split("\n")[:-1]


def spans(text):
    """As scorecard::score() cuts a text: at ends of sentences, no span shorter than SPAN_MIN but the last, none longer."""
    out, begin = [], 0
    for at, character in enumerate(text):
        length = at + 1 - begin
        if (character in SENTENCE_ENDS and length >= SPAN_MIN) or length == SPAN_MAX:
            out.append(text[begin:at + 1])
            begin = at + 1
    if begin < len(text) or not out:
        out.append(text[begin:])
    return out


def terms(span):
    return sorted({span[i:i + n] for n in range(1, CHARACTERS_MAX + 1) for i in range(len(span) - n + 1)})


def learn(examples):
    """AdaGrad over shuffled lines; weights as {term: weight} and the bias, each its mean over the later rounds of several orders
    of the lines, so that no one order decides."""
    seen = collections.Counter(t for _, ts in examples for t in ts)
    kept = [(kind, [t for t in ts if seen[t] >= LINES_MIN]) for kind, ts in examples]
    sums, bias_sum = collections.defaultdict(float), 0.0
    for order in ORDERS:
        weight, square, bias, bias_square = {}, {}, 0.0, 1e-8
        dice = random.Random(order)
        for epoch in range(EPOCHS):
            dice.shuffle(kept)
            for kind, ts in kept:
                z = bias + sum(weight.get(t, 0.0) for t in ts)
                wrong = (1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) - (kind == "illegal")) * WEIGHT[kind]
                bias_square += wrong * wrong
                bias -= RATE * wrong / math.sqrt(bias_square)
                for t in ts:
                    step = wrong + SHRINK * weight.get(t, 0.0)
                    square[t] = square.get(t, 1.0) + step * step
                    weight[t] = weight.get(t, 0.0) - RATE * step / math.sqrt(square[t])
            if epoch >= AVERAGED_FROM:
                bias_sum += bias
                for t, w in weight.items():
                    sums[t] += w
    rounds = (EPOCHS - AVERAGED_FROM) * len(ORDERS)
    return {t: w / rounds for t, w in sums.items()}, bias_sum / rounds


def in_hundredths(model):
    weight, bias = model
    whole = {t: round(100 * w) for t, w in weight.items()}
    return {t: w for t, w in whole.items() if abs(w) >= WEIGHT_MIN}, round(100 * bias)


def score(card, text):
    """Of a text, the highest of its spans."""
    weight, bias = card
    return max(bias + sum(weight.get(t, 0) for t in terms(span)) for span in spans(text))


def cross_validate(examples, texts, folds):
    order = list(range(len(examples)))
    random.Random(3).shuffle(order)
    scores = {}
    for fold in range(folds):
        out = set(order[fold::folds])
        card = in_hundredths(learn([e for i, e in enumerate(examples) if i not in out]))
        scores.update({i: score(card, texts[i]) for i in out})
    print("score from | illegal found | harmless touched | talk touched")
    for threshold in range(-100, 401, 50):
        shares = []
        for kind in ("illegal", "ok", "talk"):
            mine = [scores[i] >= threshold for i, e in enumerate(examples) if e[0] == kind]
            shares.append(f"{100 * sum(mine) / len(mine):.1f} %")
        print(f"{threshold:>10} | " + " | ".join(shares))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("zhili")
    options.add_argument("lots", nargs="+")
    options.add_argument("--folds", type=int)
    asked = options.parse_args()
    lines = read(asked.lots)
    texts = [re.sub("[0-9]+", "0", t) for t in normalised(asked.zhili, [phrase for _, phrase in lines])]
    examples = [(kind, terms(text)) for (kind, _), text in zip(lines, texts)]
    if asked.folds:
        return cross_validate(examples, texts, asked.folds)
    weight, bias = in_hundredths(learn(examples))
    count = collections.Counter(kind for kind, _ in examples)
    print(f"# Learnt by bench/judgement/scorecard.py from {len(examples)} phrases ({count['illegal']} unlawful, {count['ok']} "
          f"harmless, {count['talk']} talk); not to be edited by hand.")
    print(f"name: ad_wording\nzh: 广告腔\nen: how unlawful ads word it\nbias: {bias}\n")
    for term in sorted(weight):
        if "\t" not in term and term.strip() == term and not term.startswith("#"):
            print(f"{term}\t{weight[term]}")


if __name__ == "__main__":
    sys.exit(main())
