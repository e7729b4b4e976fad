// Panels: a picture with its numbers as a table, which can be copied as CSV. Every chart of the page is one.

const theme_color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/// Charts that wait for their view to be shown: a hidden canvas has no size.
const charts = [];

function draw_charts(section) {
  for (const c of charts) {
    if (!section.contains(c.canvas)) continue;
    if (c.chart) c.chart.destroy();
    c.chart = new Chart(c.canvas, with_theme(c.make()));
  }
}

/// Lets go of the charts of an element that is about to be emptied.
function forget_charts(element) {
  for (let n = charts.length - 1; n >= 0; --n) {
    if (!element.contains(charts[n].canvas)) continue;
    if (charts[n].chart) charts[n].chart.destroy();
    charts.splice(n, 1);
  }
}

// What all charts have in common, in the colours of the theme.
function with_theme(config) {
  const ink = theme_color("soft"), line = theme_color("line");
  const o = (config.options = config.options || {});
  Object.assign(o, { responsive: true, maintainAspectRatio: false, animation: false, locale: languages[language] });
  o.interaction = o.interaction || { mode: "index", intersect: false };
  o.plugins = o.plugins || {};
  // In a chart of lines the key is a piece of the line, dashes and all.
  const key = config.type === "line" ? { boxWidth: 28, boxHeight: 0 } : { usePointStyle: true, boxWidth: 9, boxHeight: 9, pointStyleWidth: 12 };
  o.plugins.legend = Object.assign({ position: "top", align: "start", labels: Object.assign({ color: ink, padding: 14 }, key) }, o.plugins.legend);
  o.plugins.tooltip = Object.assign(
    { backgroundColor: theme_color("tip"), titleColor: theme_color("tip-ink"), bodyColor: theme_color("tip-ink"),
      padding: 10, cornerRadius: 6, usePointStyle: true, boxPadding: 5 }, o.plugins.tooltip);
  for (const [name, scale] of Object.entries(o.scales || {})) {
    scale.grid = Object.assign({ color: name === "x" ? "transparent" : line, drawBorder: false, tickLength: 4 }, scale.grid);
    scale.ticks = Object.assign({ color: ink, maxRotation: 0, autoSkipPadding: 14 }, scale.ticks);
    if (scale.title) Object.assign(scale.title, { display: true, color: ink });
  }
  config.data.labels = config.data.labels.map(cap);
  if (config.values) config.plugins = [value_labels(config.values)];
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  return config;
}

/// Writes each bar's value at its end; such bars lie.
const value_labels = (written) => ({
  afterDatasetsDraw(chart) {
    const ctx = chart.ctx;
    ctx.save();
    ctx.fillStyle = theme_color("ink");
    ctx.font = "600 12px " + Chart.defaults.font.family;
    ctx.textBaseline = "middle";
    chart.data.datasets.forEach((set, n) => chart.getDatasetMeta(n).data.forEach((bar, at) => {
      const back = set.data[at] < 0;
      ctx.textAlign = back ? "right" : "left";
      ctx.fillText(written(set.data[at]), bar.x + (back ? -6 : 6), bar.y + 0.5);
    }));
    ctx.restore();
  },
});

/// A line of a chart over time: told apart by colour, dash and mark.
const line_of = (label, values, color, dash) => ({
  type: "line", label: cap(label), data: values, borderColor: theme_color(color), backgroundColor: theme_color(color), borderDash: dash,
  borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0.25,
  pointStyle: "line",
});
const bars_of = (label, values, color) => ({
  type: "bar", label: cap(label), data: values, backgroundColor: theme_color(color), borderRadius: 3, maxBarThickness: 38,
  categoryPercentage: 0.82, barPercentage: 0.92, pointStyle: "rect",
});

// ---- tables ----

/// columns: {label, kind, figure}; rows: lists of raw values.
function table_of(caption, columns, rows) {
  const number = (c) => (c.kind === "text" ? null : c.kind === "word" ? "word" : "number");
  const head = h("tr", null, columns.map((c) =>
    h("th", { scope: "col", class: number(c) }, cap(c.label), c.figure ? [" ", badge(c.figure)] : null)));
  const body = rows.map((row) => h("tr", null, row.map((v, n) => n === 0
    ? h("th", { scope: "row" }, cap(cell(columns[n], v))) : h("td", { class: number(columns[n]) }, cell(columns[n], v)))));
  return h("div", { class: "scroll", tabindex: rows.length > 14 ? "0" : null, role: "region", "aria-label": caption },
    h("table", null, h("caption", { class: "unseen" }, caption), h("thead", null, head), h("tbody", null, body)));
}

/// A value as it stands in a table: with a bar where the column has one.
function cell(column, value) {
  const text = value && value.show ? value.show : write(column.kind, plain(value));
  if (!column.bar || plain(value) === null) return text;
  const part = Math.max(0, Math.min(1, plain(value) / column.bar.full));
  return h("span", { class: "bar-cell" }, h("span", { class: "bar-track", "aria-hidden": "true" },
    h("span", { class: "bar " + column.bar.color, style: "width:" + (part * 100).toFixed(1) + "%" })), h("span", null, text));
}
/// The bare value of {value, show}.
const plain = (v) => (v !== null && typeof v === "object" && "value" in v ? v.value : v);

function csv_of(columns, rows) {
  const quote = (v) => {
    const text = v === null || v === undefined ? "" : String(v);
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  };
  const lines = [columns.map((c) => quote(c.label + (c.figure ? " (" + t("kind." + c.figure) + ")" : "")))];
  for (const row of rows) lines.push(row.map((v) => quote(plain(v))));
  return lines.map((l) => l.join(",")).join("\r\n") + "\r\n";
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (e) {
    // A page from a file may have no clipboard of its own.
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(t("panel.copied"));
}

function copy_button(columns, rows) {
  const button = h("button", { type: "button", class: "plain" }, t("panel.copy"));
  button.addEventListener("click", async () => {
    await copy(csv_of(columns, rows));
    button.textContent = t("panel.copied");
    setTimeout(() => { button.textContent = t("panel.copy"); }, 1800);
  });
  return button;
}

/// A panel of the page. what: {title, note, columns, rows} and one of
///   chart: a function that gives a Chart.js configuration, with height in px, and said: the chart in a sentence
///   picture: an element
/// or neither: then the table itself is what is shown. wide: it takes the whole row. before: what stands above.
function panel(what) {
  const table = table_of(what.title, what.columns, what.rows);
  const tools = h("div", { class: "tools" }, copy_button(what.columns, what.rows));
  const box = h("figure", { class: "panel" + (what.wide ? " span-all" : "") },
    h("figcaption", null, h("div", null, h("h3", null, what.title), what.note ? h("p", { class: "note" }, what.note) : null), tools));
  if (what.before) box.append(what.before);
  if (what.chart) {
    const canvas = h("canvas", { role: "img", "aria-label": what.title + (language === "zh" ? "。" : ". ") + (what.said || what.note || "") });
    box.append(h("div", { class: "canvas", style: "height:" + (what.height || 240) + "px" }, canvas));
    charts.push({ canvas, make: what.chart });
  }
  if (what.picture) box.append(what.picture);
  if (what.chart || what.picture) {
    box.append(h("details", { class: "numbers" }, h("summary", null, t("panel.numbers")), table));
  } else {
    box.append(table);
  }
  return box;
}

/// Buttons of which one is chosen, first `first`: choices [{key, label}], chosen(key) gives what stands below them.
function chooser(label, choices, first, chosen) {
  const place = h("div", { class: "chosen" });
  const buttons = choices.map((c) => h("button", { type: "button", onclick: () => choose(c.key) }, c.label));
  function choose(key) {
    choices.forEach((c, n) => buttons[n].setAttribute("aria-pressed", String(c.key === key)));
    forget_charts(place);
    place.replaceChildren(...chosen(key));
    if (place.offsetParent !== null) draw_charts(place);
  }
  choose(first);
  return h("div", { class: "chooser" }, h("div", { class: "switch", role: "group", "aria-label": label }, buttons), place);
}
