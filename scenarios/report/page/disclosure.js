// View 2: the disclosure, published beside caught, and what it rests on.

/// Caught against published; null where nothing was published.
const off_by = (r) => (r.published === null ? null : (r.caught - r.published) / r.published);

function disclosure_table() {
  const columns = [
    { label: t("disclosure.what"), kind: "text" },
    { label: t("figure.published"), kind: "count", figure: "published" },
    { label: t("figure.caught"), kind: "count", figure: "result" },
    { label: t("figure.off"), kind: "signed_share" },
    { label: t("figure.missed"), kind: "count", figure: "result" },
    { label: t("figure.wrongful"), kind: "count", figure: "result" },
    { label: t("figure.exposure_hours"), kind: "hours", figure: "result" },
    { label: t("figure.wrongful_hours"), kind: "hours", figure: "result" },
    { label: t("figure.marked_unlawful"), kind: "count" },
    { label: t("figure.marked_lawful"), kind: "count" },
    { label: t("figure.by_index"), kind: "count" },
    { label: t("figure.by_status"), kind: "count" },
    { label: t("figure.to_desk"), kind: "count" },
  ];
  const rows = data.disclosure.rows.map((r) => [pick(r.title), r.published, r.caught, off_by(r), r.missed, r.wrongful,
    r.exposure_hours, r.wrongful_hours, r.marked_unlawful, r.marked_lawful, r.by_index, r.by_status, r.to_desk]);
  return panel({ title: t("disclosure.table"), note: t("disclosure.table.note"), columns, rows, wide: true, before: kinds_legend() });
}

function kinds_legend() {
  return h("dl", { class: "kinds" }, ["published", "assumed", "fitted", "result"].map((k) =>
    h("div", null, h("dt", null, badge(k)), h("dd", null, t("kind." + k + ".means")))));
}

/// Where the published figures contradict themselves.
function contradictions() {
  const d = data.disclosure;
  const said = d.contradictions.map(pick);
  if (said.length === 0 && d.total !== null && d.total !== d.parts_sum) {
    said.push(t("disclosure.sum", count(d.total), count(d.parts_sum)));
  }
  if (said.length === 0) return null;
  return h("aside", { class: "callout" }, h("h3", null, t("disclosure.contradiction")),
    said.map((text) => h("p", null, text)), h("p", { class: "note" }, t("disclosure.source", pick(d.source))));
}

function deviation_panel() {
  const rows = data.disclosure.rows.filter((r) => r.published !== null);
  if (rows.length === 0) return null;
  const values = rows.map((r) => Math.round(off_by(r) * 1000) / 10);
  const reach = Math.max(5, ...values.map(Math.abs)) * 1.35;
  return panel({
    title: t("deviation.title"), note: t("deviation.note"),
    said: rows.map((r) => pick(r.title) + " " + signed_share(off_by(r))).join(", "),
    columns: [{ label: t("disclosure.what"), kind: "text" }, { label: t("figure.published"), kind: "count", figure: "published" },
      { label: t("figure.caught"), kind: "count", figure: "result" }, { label: t("figure.off"), kind: "signed_share" },
      { label: t("compared"), kind: "text" },
      { label: t("figure.missed"), kind: "count", figure: "result" }, { label: t("figure.wrongful"), kind: "count", figure: "result" }],
    rows: rows.map((r) => [pick(r.title), r.published, r.caught, off_by(r), t("compared." + r.compared), r.missed, r.wrongful]),
    height: 250,
    chart: () => ({
      type: "bar", values: (v) => signed_share(v / 100),
      data: { labels: rows.map((r) => pick(r.title)), datasets: [Object.assign(bars_of(t("figure.off"), values, "caught"), { maxBarThickness: 26 })] },
      options: { indexAxis: "y", plugins: { legend: { display: false }, tooltip: { callbacks: { label: (i) => signed_share(i.parsed.x / 100) } } },
        scales: { x: { min: -reach, max: reach, grid: { color: (c) => (c.tick.value === 0 ? theme_color("ink") : theme_color("line")) },
          ticks: { callback: (v) => (Math.abs(v) > reach * 0.99 ? "" : signed_share(v / 100)), maxTicksLimit: 7 } }, y: { grid: { display: false } } } },
    }),
  });
}

function harm_panel() {
  const rows = data.disclosure.rows;
  return panel({
    title: t("harm.title"), note: t("harm.note"),
    said: rows.map((r) => pick(r.title) + " " + count(r.exposure_hours) + " / " + count(r.wrongful_hours)).join(", "),
    columns: [{ label: t("disclosure.what"), kind: "text" }, { label: t("figure.exposure_hours"), kind: "hours", figure: "result" },
      { label: t("figure.wrongful_hours"), kind: "hours", figure: "result" }],
    rows: rows.map((r) => [pick(r.title), r.exposure_hours, r.wrongful_hours]),
    height: 250,
    chart: () => ({
      type: "bar",
      data: { labels: rows.map((r) => pick(r.title)), datasets: [
        bars_of(t("figure.exposure_hours"), rows.map((r) => r.exposure_hours || null), "missed"),
        bars_of(t("figure.wrongful_hours"), rows.map((r) => r.wrongful_hours || null), "wrongful")] },
      // Hours differ by thousands: each line of the grid is ten times the one before.
      options: { scales: { x: { grid: { display: false } }, y: { type: "logarithmic", min: 1, ticks: { callback: (v) => (Math.log10(v) % 1 === 0 ? short(v) : null) } } } },
    }),
  });
}

function day_panel(row) {
  const g = data.days.groups[row.key];
  const days = data.days.dates;
  const all = ["caught", "missed", "wrongful"].map((k) => t("figure." + k) + " " + count(sum(g[k]))).join(", ");
  return panel({
    title: t("days.title", pick(row.title)), said: t("days.said", days.length) + " " + all,
    columns: [{ label: t("days.day"), kind: "text" }].concat(["decided", "caught", "missed", "wrongful"].map((k) =>
      ({ label: t("figure." + k), kind: "count" }))),
    rows: days.map((d, n) => [d, g.decided[n], g.caught[n], g.missed[n], g.wrongful[n]]),
    height: 210,
    chart: () => ({
      type: "line",
      data: { labels: days.map(day_name), datasets: [line_of(t("figure.caught"), g.caught, "caught", []),
        line_of(t("figure.missed"), g.missed, "missed", [6, 4]), line_of(t("figure.wrongful"), g.wrongful, "wrongful", [2, 4])] },
      options: { scales: { x: {}, y: { beginAtZero: true, ticks: { callback: (v) => short(v), maxTicksLimit: 5 } } } },
    }),
  });
}

// ---- what it rests on ----

const figure_name = (name) => (name.startsWith("per_day.") ? t("assumed.per_day", t("kind_of." + name.slice(8))) : t("assumed." + name));

function assumptions_panels() {
  const a = data.assumptions;
  const kind_column = { label: t("assumed.kind"), kind: "word" };
  const shown = (kind) => ({ value: t("kind." + kind), show: badge(kind) });
  const reasons = panel({
    title: t("assumed.title"), note: t("assumed.note"), wide: true,
    columns: [{ label: t("assumed.figure"), kind: "text" }, { label: t("assumed.value"), kind: "decimal" }, kind_column, { label: t("assumed.reason"), kind: "text" }],
    rows: a.figures.map((f) => [figure_name(f.name), f.value, shown(f.kind), pick(f.reason)]),
  });
  const group = (name) => (words["kind_of." + name] ? t("kind_of." + name) : t("assumed.group." + name));
  const shares = h("details", { class: "panel span-all more" }, h("summary", null, t("shares.title")), panel({
    title: t("shares.title"), note: t("shares.note"), wide: true,
    columns: [{ label: t("shares.group"), kind: "text" }, { label: t("shares.what"), kind: "text" }, { label: t("shares.share"), kind: "fine_share" }, kind_column],
    rows: a.shares.map((r) => [group(r.group), words["wrong." + r.name] ? t("wrong." + r.name) : t("assumed." + r.name), r.ppm / 1e6, shown(r.kind)]),
  }));
  return [reasons, texts_panel(), shares];
}

/// What the simulated texts share with the lexicons that are to find them.
function texts_panel() {
  const x = data.texts;
  return panel({
    title: t("texts.title"), note: t("texts.note"), wide: true,
    columns: [{ label: t("texts.of"), kind: "text" }, { label: t("texts.count"), kind: "count", figure: "assumed" },
      { label: t("texts.listed"), kind: "count", figure: "assumed" }, { label: t("times.share"), kind: "share", bar: { full: 1, color: "people" } }],
    rows: [[t("texts.phrases"), x.phrases, x.listed, ratio(x.listed, x.phrases)], [t("texts.harmless"), x.harmless, x.harmless_listed, ratio(x.harmless_listed, x.harmless)]],
  });
}

function render_disclosure(section) {
  opening(section, "disclosure");
  for (const part of [disclosure_table(), contradictions()]) if (part) section.append(part);
  section.append(h("div", { class: "grid" }, deviation_panel(), harm_panel()),
    h("h3", { class: "part" }, t("days.part")), h("div", { class: "grid" }, data.disclosure.rows.map(day_panel)),
    h("h3", { class: "part" }, t("assumed.part")), h("div", { class: "grid" }, assumptions_panels()));
}
