// View 5: how long it took to decide and to take down.

const series = (name) => data.times.series.find((x) => x.name === name);

const edge_name = (s_) => (s_ % 86400 === 0 ? t("span.d", count(s_ / 86400)) : span(s_));
/// < 1 min, 1 – 5 min, … ≥ 7 d; for an axis the upper end alone.
function bin_names(brief) {
  const edges = data.times.edges_s, last = "≥ " + edge_name(edges[edges.length - 1]);
  return edges.map((e, n) => (brief || n === 0 ? "< " + edge_name(e) : t("times.between", edge_name(edges[n - 1]), edge_name(e)))).concat([last]);
}

function time_panel(name, color) {
  const x = series(name);
  const names = bin_names(false);
  const marks = ["p50_s", "p90_s", "p95_s", "p99_s", "max_s"];
  const strip = h("dl", { class: "marks" }, marks.map((m) => h("div", null, h("dt", null, t("times." + m)), h("dd", null, x.count === 0 ? "–" : span(x[m])))));
  return panel({
    title: t("times." + name + ".title"), note: t("times." + name + ".note", count(x.count)), before: strip,
    said: marks.map((m) => t("times." + m) + " " + span(x[m])).join(", "),
    columns: [{ label: t("times.bin"), kind: "text" }, { label: t("times.count"), kind: "count", figure: "result" }, { label: t("times.share"), kind: "share" }],
    rows: x.bins.map((n, at) => [names[at], n, ratio(n, x.count)]).concat(marks.map((m) => [t("times." + m), { value: x[m], show: span(x[m]) }, null])),
    height: 220,
    chart: () => ({
      type: "bar",
      data: { labels: bin_names(true), datasets: [bars_of(t("times.count"), x.bins, color)] },
      options: { plugins: { legend: { display: false }, tooltip: { callbacks: { title: (items) => names[items[0].dataIndex] } } },
        scales: { x: { grid: { display: false }, ticks: { autoSkip: false, font: { size: 10.5 } } }, y: { beginAtZero: true, ticks: { callback: (v) => short(v), maxTicksLimit: 5 } } } },
    }),
  });
}

function at_once_panel() {
  const later = series("decision").count, all = data.times.at_once + later;
  const part = ratio(data.times.at_once, all) || 0;
  return panel({
    title: t("at_once.title"), note: t("at_once.note"),
    columns: [{ label: t("at_once.how"), kind: "text" }, { label: t("at_once.count"), kind: "count", figure: "result" }, { label: t("times.share"), kind: "fine_share" }],
    rows: [[t("at_once.machine"), data.times.at_once, ratio(data.times.at_once, all)], [t("at_once.people"), later, ratio(later, all)]],
    picture: split_bar([[t("at_once.machine"), data.times.at_once, "caught"], [t("at_once.people"), later, "people"]], fine_share(part)),
  });
}

function orders_panel() {
  const { orders, acknowledged } = data.times;
  const open = Math.max(0, orders - acknowledged);
  return panel({
    title: t("orders.title"), note: t("orders.note"),
    columns: [{ label: t("orders.state"), kind: "text" }, { label: t("orders.count"), kind: "count", figure: "result" }, { label: t("times.share"), kind: "fine_share" }],
    rows: [[t("orders.ordered"), orders, ratio(orders, orders)], [t("orders.acknowledged"), acknowledged, ratio(acknowledged, orders)], [t("orders.open"), open, ratio(open, orders)]],
    picture: split_bar([[t("orders.acknowledged"), acknowledged, "measure"], [t("orders.open"), open, "missed"]], write("fine_share", ratio(acknowledged, orders))),
  });
}

/// One bar in parts, with the first part's share in large figures.
function split_bar(parts, large) {
  const all = Math.max(1, sum(parts, (p) => p[1]));
  return h("div", { class: "split" }, h("p", { class: "split-large" }, large), h("div", { class: "split-all" },
    h("div", { class: "split-bar", "aria-hidden": "true" }, parts.map((p) => h("span", { class: "bar " + p[2], style: `width:${Math.max(p[1] > 0 ? 0.4 : 0, p[1] / all * 100).toFixed(2)}%` }))),
    h("p", { class: "split-keys" }, parts.map((p) => h("span", { class: "key" }, h("i", { class: "dot " + p[2], "aria-hidden": "true" }), cap(p[0]), " ", h("b", null, count(p[1])))))));
}

function render_times(section) {
  opening(section, "times");
  section.append(h("div", { class: "grid" }, at_once_panel(), orders_panel(), time_panel("decision", "people"), time_panel("takedown", "measure"),
    time_panel("desk", "people"), time_panel("appeal", "index")));
}
