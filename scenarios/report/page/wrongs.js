// View 3: what was missed, and who was wronged by which rule.

function missed_panel() {
  const rows = data.wrongs.slice().sort((a, b) => b.missed - a.missed || b.caught - a.caught);
  const most = Math.max(1, ...rows.map((r) => r.missed));
  return panel({
    title: t("missed.title"), note: t("missed.note"), wide: true,
    columns: [{ label: t("missed.wrong"), kind: "text" }, { label: t("figure.missed"), kind: "count", figure: "result", bar: { full: most, color: "missed" } },
      { label: t("figure.caught"), kind: "count", figure: "result" }, { label: t("missed.share"), kind: "share", bar: { full: 1, color: "missed" } }],
    rows: rows.map((r) => [t("wrong." + r.wrong), r.missed, r.caught, ratio(r.missed, r.missed + r.caught)]),
  });
}

// ---- rules ----

function rules_panel() {
  const rows = data.findings.filter((f) => f.wrongful > 0).sort((a, b) => b.wrongful - a.wrongful);
  const most = Math.max(1, ...rows.map((f) => f.wrongful));
  return panel({
    title: t("rules.title"), note: t("rules.note"), wide: true,
    columns: [{ label: t("rules.rule"), kind: "text" }, { label: t("rules.id"), kind: "word" }, { label: t("rules.basis"), kind: "text" },
      { label: t("rules.by"), kind: "word" }, { label: t("figure.wrongful"), kind: "count", figure: "result", bar: { full: most, color: "wrongful" } },
      { label: t("rules.fired"), kind: "count", figure: "result" }, { label: t("rules.share"), kind: "share" }],
    rows: rows.map((f) => [rule_name(f), f.id.replace(/^(gate|person):/, ""), basis_of(f), rule_source(f), f.wrongful, f.fired, ratio(f.wrongful, f.fired)]),
  });
}

function doubts_panel() {
  const rows = data.findings.filter((f) => f.escalated > 0).sort((a, b) => b.escalated - a.escalated);
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map((f) => f.escalated));
  return panel({
    title: t("doubts.title"), note: t("doubts.note"),
    columns: [{ label: t("rules.rule"), kind: "text" }, { label: t("rules.id"), kind: "word" },
      { label: t("figure.to_desk"), kind: "count", figure: "result", bar: { full: most, color: "people" } }],
    rows: rows.map((f) => [rule_name(f), f.id.replace(/^(gate|person):/, ""), f.escalated]),
  });
}

// ---- putting it right ----

function appeals_panel() {
  const a = data.appeals;
  const names = ["reversed", "upheld", "waiting"], colors = ["caught", "neutral", "missed"];
  return panel({
    title: t("appeals.title"), note: t("appeals.note", count(a.filed), write("share", ratio(a.reversed, a.reversed + a.upheld))),
    columns: [{ label: t("appeals.outcome"), kind: "text" }, { label: t("appeals.count"), kind: "count", figure: "result" }],
    rows: [[t("appeals.filed"), a.filed]].concat(names.map((n) => [t("appeals." + n), a[n]])),
    height: 230,
    chart: () => ({
      type: "doughnut",
      data: { labels: names.map((n) => t("appeals." + n)), datasets: [{ data: names.map((n) => a[n]), borderColor: theme_color("panel"),
        borderWidth: 3, backgroundColor: colors.map(theme_color) }] },
      options: { cutout: "62%", plugins: { legend: { position: "right" } } },
    }),
  });
}

function inspection_panel() {
  const i = data.inspection;
  const names = ["lapses", "changed_pages", "passed_misses", "wrongful"];
  return panel({
    title: t("inspection.title"), note: t("inspection.note", count(i.visits)),
    said: names.map((n) => t("inspection." + n) + " " + count(i[n])).join(", "),
    columns: [{ label: t("inspection.found"), kind: "text" }, { label: t("inspection.count"), kind: "count", figure: "result" },
      { label: t("inspection.age"), kind: "text" }],
    rows: [[t("inspection.visits"), i.visits, ""]].concat(names.map((n) =>
      [t("inspection." + n), i[n], i[n] && n in i.age_days ? span(i.age_days[n] * 86400) : ""])),
    height: 230,
    chart: () => ({
      type: "bar", values: count,
      data: { labels: names.map((n) => t("inspection." + n)), datasets: [Object.assign(bars_of(t("inspection.count"), names.map((n) => i[n]), "caught"),
        { backgroundColor: names.map((n) => theme_color(n === "wrongful" ? "wrongful" : "patrol")), maxBarThickness: 26 })] },
      options: { indexAxis: "y", plugins: { legend: { display: false } }, scales: { x: { beginAtZero: true, grace: "12%", grid: { color: theme_color("line") } }, y: { grid: { display: false } } } },
    }),
  });
}

function render_wrongs(section) {
  opening(section, "wrongs");
  section.append(missed_panel(), rules_panel(), h("div", { class: "grid" }, appeals_panel(), inspection_panel(), doubts_panel()));
}
