# SPDX-License-Identifier: Apache-2.0
"""guide_blocks.py PAGE FOLDER: the blocks of a page, one file each, in order.

NN.sh     commands: a block ```sh
NN.see    what its output must hold, one line each: `# 应看到：…` or `# you should see: …`
NN.fails  is there where the block says `# 会报错` or `# this fails`
NN.file   a block ```LANG PATH: a file to write; its first line is PATH
NN.lines  a block ```LANG PATH 改一行|change lines: each line takes the place of the line of PATH with the same key
"""
import pathlib
import re
import sys

page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
see = re.compile(r"^# (?:应看到：|you should see: )(.*)$")
count = 0
for info, body in re.findall(r"^```([^\n]*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
    words = info.split()
    if not words or (words != ["sh"] and len(words) < 2):
        continue
    count += 1
    at = folder / f"{count:02}"
    if words == ["sh"]:
        at.with_suffix(".sh").write_text(body, encoding="utf-8")
        wanted = [m[1] for m in map(see.match, body.splitlines()) if m]
        at.with_suffix(".see").write_text("".join(w + "\n" for w in wanted), encoding="utf-8")
        if re.search(r"# (会报错|this fails)", body):
            at.with_suffix(".fails").write_text("")
    else:
        kind = ".file" if len(words) == 2 else ".lines"
        at.with_suffix(kind).write_text(words[1] + "\n" + body, encoding="utf-8")
print(count)
