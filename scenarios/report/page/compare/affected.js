// Who is affected, by kind and by how; what was first said, before and after; which rules are behind it; the desk.

const change_names = ["newly_stopped", "newly_let_through", "newly_to_desk", "no_longer_to_desk", "marked_otherwise", "ended_otherwise", "one_run_alone"];
const change_colors = { newly_stopped: "caught", newly_let_through: "missed", newly_to_desk: "people", no_longer_to_desk: "index", marked_otherwise: "check",
  ended_otherwise: "neutral", one_run_alone: "wrongful" };

function changes_panel() {
  const kinds = data.affected.kinds.filter((k) => at(k.affected) > 0);
  const used = change_names.filter((c) => kinds.some((k) => at(k.changes[c].all) > 0));
  return panel({
    title: t("changes.title"), note: t("changes.note"), wide: true,
    said: kinds.map((k) => kind_title(k.kind) + " " + count(at(k.affected))).join(", "),
    columns: [{ label: t("changes.kind"), kind: "text" }, { label: t("changes.subjects"), kind: "count", figure: "result" },
      { label: t("changes.affected"), kind: "count" }].concat(change_names.map((c) => ({ label: t("change." + c), kind: "count" }))),
    rows: data.affected.kinds.map((k) => [kind_title(k.kind), at(k.subjects), ranged(k.affected)].concat(change_names.map((c) => ranged(k.changes[c].all)))),
    height: Math.max(150, 64 + kinds.length * 44),
    chart: () => ({
      type: "bar",
      data: { labels: kinds.map((k) => kind_title(k.kind)), datasets: used.map((c) =>
        Object.assign(bars_of(t("change." + c), kinds.map((k) => at(k.changes[c].all)), change_colors[c]), { maxBarThickness: 24, borderRadius: 0 })) },
      options: { indexAxis: "y", scales: { x: { stacked: true, beginAtZero: true, grid: { color: theme_color("line") }, ticks: { callback: (v) => short(v), maxTicksLimit: 6 } },
        y: { stacked: true, grid: { display: false } } } },
    }),
  });
}

/// Right or wrong: what is newly stopped and newly let through, by truth.
function truth_panel() {
  const rows = [];
  for (const change of ["newly_stopped", "newly_let_through"]) {
    for (const k of data.affected.kinds) {
      const c = k.changes[change];
      if (at(c.all) === 0) continue;
      const good = change === "newly_stopped" ? c.unlawful : c.lawful, bad = change === "newly_stopped" ? c.lawful : c.unlawful;
      rows.push([t("change." + change) + " · " + kind_title(k.kind), ranged(c.all), ranged(good), ranged(bad), ranged(c.for_owner), ratio(at(good), at(good) + at(bad))]);
    }
  }
  if (rows.length === 0) return null;
  return panel({
    title: t("right.title"), note: t("right.note"), wide: true,
    columns: [{ label: t("right.what"), kind: "text" }, { label: t("right.all"), kind: "count", figure: "result" }, { label: t("right.good"), kind: "count" },
      { label: t("right.bad"), kind: "count" }, { label: t("right.for_owner"), kind: "count" }, { label: t("right.share"), kind: "share", bar: { full: 1, color: "caught" } }], rows,
  });
}

// ---- first words ----

function first_picture() {
  const cells = new Map(data.affected.first.map((c) => [c.old + ">" + c.now, at(c.subjects)]));
  const used = verdicts.filter((v) => data.affected.first.some((c) => c.old === v || c.now === v));
  const left = 150, top = 62, wide = 110, high = 42;
  const most = Math.max(1, ...data.affected.first.filter((c) => c.old !== c.now).map((c) => at(c.subjects)));
  const picture = s("svg", { viewBox: "0 0 " + (left + used.length * wide + 10) + " " + (top + used.length * high + 8), class: "matrix", role: "img", "aria-label": t("first.title") });
  picture.append(s("text", { x: left + (used.length * wide) / 2, y: 16, "text-anchor": "middle", class: "axis" }, t("now") + " →"),
    s("text", { x: 4, y: top - 12, class: "axis" }, t("old") + " ↓"));
  used.forEach((v, n) => {
    picture.append(s("text", { x: left + n * wide + wide / 2, y: top - 12, "text-anchor": "middle", class: "name" }, cap(t("verdict." + v))),
      s("text", { x: left - 12, y: top + n * high + high / 2 + 4, "text-anchor": "end", class: "name" }, cap(t("verdict." + v))));
    used.forEach((w, m) => {
      const value = cells.get(v + ">" + w) || 0, same = v === w;
      // Few among many are still to be seen.
      const strength = same || value === 0 ? 0 : 0.18 + 0.72 * Math.log1p(value) / Math.log1p(most);
      picture.append(s("rect", { x: left + m * wide + 2, y: top + n * high + 2, width: wide - 4, height: high - 4, rx: 6, class: "still" }),
        s("rect", { x: left + m * wide + 2, y: top + n * high + 2, width: wide - 4, height: high - 4, rx: 6, class: m > n ? "heat stricter" : "heat milder", "fill-opacity": strength.toFixed(2) }),
        s("text", { x: left + m * wide + wide / 2, y: top + n * high + high / 2 + 4, "text-anchor": "middle", class: same ? "same" : "cell" }, value ? mean_text(value) : "·"));
    });
  });
  return picture;
}

function first_panel() {
  return panel({
    title: t("first.title"), note: t("first.note"), wide: true,
    columns: [{ label: t("old"), kind: "text" }, { label: t("now"), kind: "text" }, { label: t("first.subjects"), kind: "count", figure: "result" }],
    rows: data.affected.first.map((c) => [t("verdict." + c.old), t("verdict." + c.now), ranged(c.subjects)]),
    picture: h("div", { class: "pan" }, first_picture()),
  });
}

function owners_panel() {
  const row = (who, key) => [t("group." + who), ranged(data.affected[who].all), ranged(data.affected[who].own), ranged(data.affected[who].items)];
  return panel({
    title: t("owners.title"), note: t("owners.note"), wide: true,
    columns: [{ label: t("owners.who"), kind: "text" }, { label: t("owners.all"), kind: "count", figure: "result" },
      { label: t("owners.own"), kind: "count" }, { label: t("owners.items"), kind: "count" }],
    rows: [row("institutions"), row("practitioners")],
  });
}

function render_affected(main) {
  part_of(main, "affected", at(data.affected.affected) > 0 ? changes_panel() : h("p", { class: "panel" }, t("affected.none")),
    data.truth ? truth_panel() : null, first_panel(), owners_panel());
}

// ---- rules ----

function render_rules(main) {
  const moved = (f) => Math.max(at(f.newly_stopped), at(f.newly_let_through), Math.abs(f.fired_now - f.fired_old));
  const rows = data.findings.filter((f) => moved(f) > 0).sort((a, b) => moved(b) - moved(a));
  const most = Math.max(1, ...rows.map((f) => Math.max(at(f.newly_stopped), at(f.newly_let_through))));
  part_of(main, "behind", rows.length === 0 ? h("p", { class: "panel" }, t("behind.none")) : panel({
    title: t("behind.table"), note: t("behind.note"), wide: true,
    columns: [{ label: t("rules.rule"), kind: "text" }, { label: t("rules.id"), kind: "word" }, { label: t("rules.basis"), kind: "text" },
      { label: t("behind.fired_old"), kind: "count" }, { label: t("behind.fired_now"), kind: "count" },
      { label: t("change.newly_stopped"), kind: "count", bar: { full: most, color: "caught" } },
      { label: t("change.newly_let_through"), kind: "count", bar: { full: most, color: "missed" } }],
    rows: rows.map((f) => [rule_name(f), f.id.replace(/^(gate|person):/, ""), basis_of(f), f.fired_old, f.fired_now, ranged(f.newly_stopped), ranged(f.newly_let_through)]),
  }));
}

// ---- the desk and what follows ----

function render_desk(main) {
  const keys = ["desk.tasks", "desk.closed", "desk.hours", "desk.waiting_at_end", "desk.wait_p95_hours", "takedown.orders", "appeals.filed", "appeals.reversed", "appeals.upheld", "decisions"];
  const by = (what) => [t("by." + what), ranged(data.affected.newly_stopped_by[what]), ranged(data.affected.newly_let_through_by[what])];
  part_of(main, "desk_part",
    panel({ title: t("desk_part.table"), note: t("desk_part.note"), wide: true, columns: measure_columns(t("figures.what")),
      rows: keys.map((key) => measure_row(measure_of(key), t("measure." + key))) }),
    panel({ title: t("by.title"), note: t("by.note"), wide: true,
      columns: [{ label: t("by.what"), kind: "text" }, { label: t("change.newly_stopped"), kind: "count", figure: "result" }, { label: t("change.newly_let_through"), kind: "count", figure: "result" }],
      rows: ["rule", "person", "owner", "index"].map(by) }));
}
