#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Usage: package.sh BUILD_DIR. Makes the Debian package, unpacks it and runs what came out, away from the sources.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf -- "$dir"' EXIT
unit=$PWD/packaging/zhili.service
cpack -G DEB --config "$1/CPackConfig.cmake" -B "$dir/made" >"$dir/cpack" || { cat "$dir/cpack"; exit 1; }
deb=$(echo "$dir"/made/zhili_*.deb)
dpkg-deb -x "$deb" "$dir/root"
dpkg-deb -e "$deb" "$dir/control"
grep -qx /etc/zhili/node.yaml "$dir/control/conffiles"
grep -q '^Depends: .*libzmq5' "$dir/control/control"
for script in postinst prerm postrm; do
  [[ -x $dir/control/$script ]]
  sh -n "$dir/control/$script"
done
[[ -f $dir/root/lib/systemd/system/zhili.service ]]
# What people read stands beside the program; every page that one of them links to is there as well.
doc=$dir/root/usr/share/doc/zhili
for page in README docs/operations docs/writing-rules docs/zh/写规则; do
  [[ -f $doc/$page.md ]] || { echo "the package has no $page.md" >&2; exit 1; }
done
[[ -f $doc/docs/examples/recorded-ads.ndjson ]]
while IFS= read -r page; do
  links=$(grep -o ']([^):]*\.md' "$page" | sed 's/^](//' || true)
  for link in $links; do
    [[ -f $(dirname "$page")/$link ]] || { echo "${page#"$doc"/} links to $link, which is not there" >&2; exit 1; }
  done
done < <(find "$doc" -name '*.md')
cd -- "$dir"
root/usr/bin/zhili node --config root/etc/zhili/node.yaml --check-config
# Names a scenario and a pack that only the package brings.
root/usr/bin/zhili simulate smoke --lang en >out
grep -q decisions out
if command -v systemd-analyze >/dev/null; then
  # The program that the unit names need not be installed here; everything else has to be right.
  systemd-analyze verify "$unit" 2>&1 | grep 'zhili.service' | grep -v 'is not executable\|Unit .* not found' && exit 1
fi
echo 'package ok'
