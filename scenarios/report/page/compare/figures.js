// Caught, missed, wrongful and the hours on either side, before and after; and how sure the difference is.

const groups = ["all", "products", "institutions", "practitioners", "reviews", "contents"];
const harm = ["caught", "missed", "wrongful", "unlawful_live_hours", "lawful_down_hours"];
const harm_colors = { caught: "caught", missed: "missed", wrongful: "wrongful", unlawful_live_hours: "missed", lawful_down_hours: "wrongful", to_desk: "people" };

const range_text = (d) => (d.low === null ? "–" : "[" + signed(d.low) + ", " + signed(d.high) + "]");
const signed = (v) => format({ maximumFractionDigits: Math.abs(v) < 10 ? 2 : 0, signDisplay: "exceptZero" })(v);

/// A paired figure as a row of a table.
const measure_row = (m, title) => [title, m.old, m.now, { value: at(m.difference), show: signed(at(m.difference)) },
  m.old ? at(m.difference) / m.old : null].concat(several ? [{ value: range_text(m.difference), show: range_text(m.difference) }] : []);
// One pair of runs has no interval.
const measure_columns = (label) => [{ label, kind: "text" }, { label: t("old"), kind: "decimal", figure: "result" },
  { label: t("now"), kind: "decimal", figure: "result" }, { label: t("difference"), kind: "decimal" },
  { label: t("difference.share"), kind: "signed_share" }].concat(several ? [{ label: t("interval"), kind: "word" }] : []);

const group_title = (g) => t("group." + g);
const measures_in = (g) => harm.map((what) => measure_of(g + "." + what)).filter(Boolean);

/// Old beside new for one sort of item.
function pair_panel(g) {
  const shown = ["caught", "missed", "wrongful"].map((what) => [what, measure_of(g + "." + what)]);
  return panel({
    title: t("pairs.title", group_title(g)), note: t("pairs.note"),
    said: shown.map(([what, m]) => t("figure." + what) + " " + count(m.old) + " → " + count(m.now)).join(", "),
    columns: measure_columns(t("figures.what")),
    rows: shown.map(([what, m]) => measure_row(m, t("figure." + what))),
    height: 230,
    chart: () => ({
      type: "bar", values: short,
      data: { labels: shown.map(([what]) => t("figure." + what)), datasets: [
        Object.assign(bars_of(t("old"), shown.map(([, m]) => m.old), "neutral"), { maxBarThickness: 22 }),
        Object.assign(bars_of(t("now"), shown.map(([, m]) => m.now), "caught"),
          { maxBarThickness: 22, backgroundColor: shown.map(([what]) => theme_color(what)) })] },
      options: { indexAxis: "y", plugins: { legend: { display: false } },
        scales: { x: { beginAtZero: true, grace: "14%", grid: { color: theme_color("line") }, ticks: { callback: (v) => short(v), maxTicksLimit: 5 } }, y: { grid: { display: false } } } },
    }),
  });
}

function hours_panel(g) {
  const shown = ["unlawful_live_hours", "lawful_down_hours"].map((what) => [what, measure_of(g + "." + what)]);
  return panel({
    title: t("hours.title", group_title(g)), note: t("hours.note"),
    said: shown.map(([what, m]) => t("measure." + what) + " " + count(m.old) + " → " + count(m.now)).join(", "),
    columns: measure_columns(t("figures.what")),
    rows: shown.map(([what, m]) => measure_row(m, t("measure." + what))),
    height: 230,
    chart: () => ({
      type: "bar", values: short,
      data: { labels: shown.map(([what]) => t("measure." + what)), datasets: [
        Object.assign(bars_of(t("old"), shown.map(([, m]) => m.old), "neutral"), { maxBarThickness: 26 }),
        Object.assign(bars_of(t("now"), shown.map(([, m]) => m.now), "caught"),
          { maxBarThickness: 26, backgroundColor: shown.map(([what]) => theme_color(harm_colors[what])) })] },
      options: { indexAxis: "y", plugins: { legend: { display: false } },
        scales: { x: { beginAtZero: true, grace: "14%", grid: { color: theme_color("line") }, ticks: { callback: (v) => short(v), maxTicksLimit: 5 } }, y: { grid: { display: false } } } },
    }),
  });
}

// ---- how sure it is ----

/// 1, 2 or 5 of a power of ten, so that two or three of them reach so far.
function round_step(far) {
  const ten = 10 ** Math.floor(Math.log10(far / 2));
  return [1, 2, 5, 10].map((m) => m * ten).find((v) => v * 3 >= far);
}

/// Differences in parts of the old figure, with their intervals: what lies across the line may be chance.
function sure_picture(rows) {
  const wide = 900, left = 250, right = 96, line = 32, top = 26, height = top + rows.length * line + 14;
  const furthest = Math.max(0.004, ...rows.map((r) => Math.max(Math.abs(r.mean), Math.abs(r.low ?? 0), Math.abs(r.high ?? 0))));
  const step = round_step(furthest), reach = Math.ceil(furthest / step) * step * 1.04;
  const x = (v) => left + ((v + reach) / (2 * reach)) * (wide - left - right);
  const picture = s("svg", { viewBox: "0 0 " + wide + " " + height, class: "sure", role: "img", "aria-label": t("sure.title") });
  for (let n = -Math.floor(reach / step); n <= Math.floor(reach / step); ++n) {
    const v = n * step;
    picture.append(s("line", { x1: x(v), x2: x(v), y1: top - 6, y2: height - 10, class: v === 0 ? "zero" : "grid-line" }),
      s("text", { x: x(v), y: 12, class: "tick", "text-anchor": "middle" }, signed_share(v)));
  }
  rows.forEach((r, n) => {
    const y = top + n * line + line / 2;
    picture.append(s("text", { x: left - 14, y: y + 4, "text-anchor": "end", class: "name" }, cap(r.title)));
    if (r.low !== null) picture.append(s("line", { x1: x(r.low), x2: x(r.high), y1: y, y2: y, class: "range " + r.color }));
    picture.append(s("circle", { cx: x(r.mean), cy: y, r: 5.5, class: "fill " + r.color }),
      s("text", { x: wide - right + 12, y: y + 4, class: "value" }, signed_share(r.mean)));
  });
  return picture;
}

function sure_panel() {
  const keys = [["all.caught", "caught"], ["all.missed", "missed"], ["all.wrongful", "wrongful"], ["all.unlawful_live_hours", "missed"],
    ["all.lawful_down_hours", "wrongful"], ["all.to_desk", "people"], ["desk.hours", "people"], ["takedown.orders", "measure"], ["appeals.filed", "people"]];
  const shown = keys.map(([key, color]) => [measure_of(key), color]).filter(([m]) => m);
  const rows = shown.filter(([m]) => m.old > 0).map(([m, color]) => ({ title: t("measure." + m.key.replace(/^all\./, "")), color,
    mean: at(m.difference) / m.old, low: m.difference.low === null ? null : m.difference.low / m.old, high: m.difference.high === null ? null : m.difference.high / m.old }));
  return panel({
    title: t("sure.title"), note: several ? t("sure.note", data.runs.length) : t("sure.note_one"), wide: true,
    columns: measure_columns(t("figures.what")),
    rows: shown.map(([m]) => measure_row(m, t("measure." + m.key.replace(/^all\./, "")))),
    picture: h("div", { class: "pan" }, sure_picture(rows)),
  });
}

function render_figures(main) {
  const section = part_of(main, "figures", sure_panel());
  if (!data.truth) return;
  section.append(chooser(t("figures.kinds"), groups.filter((g) => measure_of(g + ".caught")).map((g) => ({ key: g, label: cap(group_title(g)) })), "all",
    (g) => [h("div", { class: "grid" }, pair_panel(g), hours_panel(g))]));
  section.append(h("details", { class: "panel more" }, h("summary", null, t("figures.all")), panel({
    title: t("figures.all"), note: t("figures.all.note"), wide: true, columns: measure_columns(t("figures.what")),
    rows: groups.flatMap((g) => measures_in(g).map((m) => measure_row(m, group_title(g) + " · " + t("measure." + m.key.slice(g.length + 1))))),
  })));
}
