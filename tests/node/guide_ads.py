# SPDX-License-Identifier: Apache-2.0
"""guide_ads.py RECORDING FILE: writes a trace of two ads into FILE, made from the last ad of the recording that gave its
certificate: the page's own ad, which declares students, and a lawful one. Prints `SUBJECT VERDICT` for each, as the
guide's pack has it."""
import hashlib
import json
import struct
import sys

with open(sys.argv[1], encoding="utf-8") as recording:
    lines = recording.read().splitlines()
head = json.loads(lines[0])
rows = [json.loads(line) for line in lines[1:]]
controls = [line for line in lines[1:] if line.startswith('{"control"')]
ads = [r for r in rows if r.get("type") == "submit_content" and r["body"]["kind"] == "ad" and "ad_certificate" in r["body"]]


def made(number, text, audience):
    ad = json.loads(json.dumps(ads[-1]))
    raw = text.encode()
    words = struct.unpack("<4Q", hashlib.blake2b(raw, digest_size=32).digest())
    ad["at"] = ad["event_time"] = head["end"] - 10_000 + number
    ad["subject"] = ad["subject"][:-4] + f"{0xa000 + number:04x}"
    ad["key"] = ad["key"][:-4] + f"{0xa000 + number:04x}"
    ad["text"] = text
    ad["body"].update(ref=ad["body"]["ref"] + number, text_hash=dict(zip("abcd", words)), text_bytes=len(raw), audience=audience)
    return ad


both = [(made(1, "学生党①元体验脱毛", "students"), "reject"), (made(2, "光子嫩肤单次 980 元，请先面诊", "adults"), "approve")]
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for line in [lines[0], *controls, *(json.dumps(ad, ensure_ascii=False, separators=(",", ":")) for ad, _ in both)]:
        out.write(line + "\n")
for ad, verdict in both:
    print(ad["subject"], verdict)
