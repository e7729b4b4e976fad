#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes policy/data/readings.tsv, words.tsv, splits.tsv and variants.tsv: run by hand when a source or the recipe changes, never by
the build (docs/adr/0009-text-in-disguise.md names the sources and their licences).

usage: textgen.py UNIHAN_READINGS.txt.bz2 UNIHAN_VARIANTS.txt.bz2 JIEBA_DICT.txt CJK_DECOMP OUT_FOLDER
OUT_FOLDER holds fold.tsv: what folds already is no variant here.
"""
import bz2
import collections
import re
import sys
import unicodedata

PAIR_FREQUENCY_MIN = 20      # of jieba's counts, over all words that hold the pair: below it are names and misprints
ALONE_FREQUENCY_MIN = 10000  # a character that is a word by itself that often
HALVES_FREQUENCY_MIN = 3     # halves that stand together that often are never read as one character
READING_SHARE_MIN = 0.02     # of a character's occurrences, for a second reading to be worth a pattern
FREE_FREQUENCY_MIN = 60      # a character that occurs less often stands in no ordinary text by itself
VARIANT_FREQUENCY_MIN = 300  # a character that occurs less often is nothing that anybody hides
FUNCTION_CHARACTERS = 60     # so many of the commonest characters are never taken for half of another one
# What is written for a radical that has a form of its own only inside of characters.
STANDS_FOR = {"讠": "言", "钅": "金", "饣": "食", "亻": "人", "扌": "手", "忄": "心", "礻": "示", "衤": "衣", "犭": "犬",
              "刂": "刀", "⺙": "攵", "氵": "水"}
NUMERALS = set("一二三四五六七八九十百千万亿几两")
# The data lack these: one part encloses the other or is doubled.
BY_HAND = {"医": "匚矢", "瘦": "疒叟", "疤": "疒巴", "痛": "疒甬", "痘": "疒豆", "疗": "疒了", "痕": "疒艮", "痣": "疒志",
           "疯": "疒风", "病": "疒丙", "双": "又又", "朋": "月月", "林": "木木", "比": "匕匕", "所": "户斤", "是": "日疋",
           "最": "日取", "加": "力口", "射": "身寸"}


def plain(reading):
    """wēi -> wei, lǜ -> lv"""
    decomposed = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(c for c in decomposed if "a" <= c <= "z")


def read_readings(path):
    kinds = collections.defaultdict(dict)
    for line in bz2.open(path, "rt", encoding="utf8"):
        if line.startswith("U+"):
            code, kind, value = line.rstrip("\n").split("\t")
            kinds[kind][chr(int(code[2:], 16))] = value
    first, others = {}, collections.defaultdict(set)
    for c, value in kinds["kMandarin"].items():
        if 0x4E00 <= ord(c) <= 0x9FFF:
            first[c] = plain(value.split()[0])
    for c, value in kinds["kHanyuPinlu"].items():
        counts = collections.Counter()
        for reading, count in re.findall(r"(\S+?)\((\d+)\)", value):
            counts[plain(reading)] += int(count)
        if c not in first:
            continue
        first[c] = counts.most_common(1)[0][0]
        for reading, count in counts.items():
            if reading != first[c] and count >= READING_SHARE_MIN * counts.total():
                others[c].add(reading)
    return first, others


def read_words(path):
    single, pairs, alone = collections.Counter(), collections.Counter(), []
    for line in open(path, encoding="utf8"):
        word, count, *_ = line.split(" ")
        count = int(count)
        if not all(0x4E00 <= ord(c) <= 0x9FFF for c in word):
            continue
        for c in word:
            single[c] += count
        if len(word) == 1 and count >= ALONE_FREQUENCY_MIN:
            alone.append(word)
        for pair in zip(word, word[1:]):
            pairs[pair] += count
    return single, pairs, alone


def read_splits(path, single, pairs):
    found = {}
    rank = {c: n for n, (c, _) in enumerate(single.most_common())}

    def free(c):
        return single[c] >= FREE_FREQUENCY_MIN

    def offer(whole, a, b, sure, by_hand=False):
        if not sure:
            if pairs[a, b] >= HALVES_FREQUENCY_MIN or a in NUMERALS or b in NUMERALS:
                return
            if not by_hand and min(rank.get(a, 9999), rank.get(b, 9999)) < FUNCTION_CHARACTERS:
                return
        old = found.get((a, b))
        if old is None or single[whole] > single[old[0]]:
            found[a, b] = (whole, sure)

    entries = [(m[1], m[2], m[3]) for m in re.finditer(
        r"(\S):(?:a|d)(?:/\w)?\((\S),(\S)\)", open(path, encoding="utf8").read())]
    entries += [(whole, parts[0], parts[1]) for whole, parts in BY_HAND.items()]
    for whole, a, b in entries:
        if not free(whole):
            continue
        ways = [(a, b)]
        if a in STANDS_FOR:
            ways.append((STANDS_FOR[a], b))
        if b in STANDS_FOR:
            ways.append((a, STANDS_FOR[b]))
        for x, y in ways:
            offer(whole, x, y, not (free(x) and free(y)), BY_HAND.get(whole) == x + y)
    return found


def read_variants(path, out, single, splits):
    """Characters that stand in no word, and the common one that means the same or is taken for the same."""
    folded, found = set(), {}
    for line in open(f"{out}/fold.tsv", encoding="utf8"):
        if not line.startswith("# "):
            folded.add(chr(int(line.split("\t")[1], 16)))
    halves = {half for pair in splits for half in pair}
    for line in bz2.open(path, "rt", encoding="utf8"):
        if not line.startswith("U+"):
            continue
        code, kind, value = line.rstrip("\n").split("\t")
        rare = chr(int(code[2:], 16))
        if kind not in ("kSemanticVariant", "kZVariant", "kSpoofingVariant") or ord(rare) > 0xFFFF:
            continue
        if single[rare] or rare in folded or rare in halves:
            continue
        for other in re.findall(r"U\+([0-9A-F]+)", value):
            other = chr(int(other, 16))
            if single[other] >= VARIANT_FREQUENCY_MIN and single[other] > single[found.get(rare, "")]:
                found[rare] = other
    return found


def grouped(pairs):
    groups = collections.defaultdict(list)
    for key, value in sorted(pairs):
        groups[key].append(value)
    return [f"{key}\t{''.join(values)}\n" for key, values in groups.items()]


def write(path, says, lines):
    with open(path, "w", encoding="utf8") as out:
        out.write("".join(f"# {line}\n" for line in says))
        out.writelines(lines)


def main():
    readings, variants, words, decomposition, out = sys.argv[1:]
    first, others = read_readings(readings)
    single, pairs, alone = read_words(words)
    splits = read_splits(decomposition, single, pairs)
    made = "Made by policy/tools/textgen.py, not to be edited by hand."
    write(f"{out}/readings.tsv",
          ["Readings without tone, ü as v: syllable, tab, the characters; after +, a second reading of theirs.",
           "From Unicode 15.0, Unihan: kMandarin, kHanyuPinlu (Unicode licence).", made],
          grouped((s, c) for c, s in first.items()) +
          ["+" + line for line in grouped((s, c) for c, all_of in others.items() for s in all_of)])
    write(f"{out}/words.tsv",
          ["Characters that stand side by side in ordinary words: the first, tab, all that follow it; after a point, those that",
           "are words by themselves.",
           "From the dictionary of jieba 0.42.1 (MIT licence).", made],
          grouped((".", c) for c in alone) + grouped(p for p, count in pairs.items() if count >= PAIR_FREQUENCY_MIN))
    write(f"{out}/splits.tsv",
          ["Characters taken apart: both halves, tab, the whole; after ?, halves that are words of their own.",
           "From CJK Decomposition Data by Gavin Grover (MIT licence, one of six to choose from).", made],
          sorted(f"{'' if sure else '?'}{a}{b}\t{whole}\n" for (a, b), (whole, sure) in splits.items()))
    alike = collections.defaultdict(list)
    for rare, common in sorted(read_variants(variants, out, single, splits).items()):
        alike[common].append(rare)
    write(f"{out}/variants.tsv",
          ["Characters that stand in no ordinary word, and the one that means the same or looks the same: v, tab, those, tab, it.",
           "From Unicode 15.0, Unihan: kSemanticVariant, kZVariant, kSpoofingVariant (Unicode licence).", made],
          [f"v\t{''.join(rare)}\t{common}\n" for common, rare in sorted(alike.items())])


main()
