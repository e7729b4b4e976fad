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
# What a policy team reads stands beside the program, each page that one of them links to as well.
doc=$dir/root/usr/share/doc/zhili
for page in zh/写规则 writing-rules language lexicons compare judgement; do
  [[ -f $doc/$page.md ]] || { echo "the package has no $page.md" >&2; exit 1; }
  links=$(grep -o ']([^):]*\.md' "$doc/$page.md" | sed 's/^](//' || true)
  for link in $links; do
    [[ $link == adr/* || -f $(dirname "$doc/$page")/$link ]] || { echo "$page.md links to $link, which is not there" >&2; exit 1; }
  done
done
[[ -f $doc/examples/recorded-ads.ndjson ]]
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
