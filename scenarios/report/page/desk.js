// View 4: the desk by shift.

const queue_name = (name) => name_of("queue", name);
const clock = (hour) => String(hour % 24).padStart(2, "0") + ":00";
const shift_name = (s_) => queue_name(s_.queue) + " " + clock(s_.from_hour) + "–" + (s_.to_hour > 24 ? t("desk.next_day") : "") + clock(s_.to_hour);

function shifts_panel() {
  return panel({
    title: t("shifts.title"), note: t("shifts.note"), wide: true,
    columns: [{ label: t("shifts.shift"), kind: "text" }, { label: t("shifts.days"), kind: "text" },
      { label: t("shifts.people"), kind: "count", figure: "assumed" }, { label: t("shifts.closed"), kind: "count", figure: "result" },
      { label: t("shifts.items"), kind: "decimal", figure: "result" }, { label: t("shifts.needed"), kind: "hours", figure: "result" },
      { label: t("shifts.staffed"), kind: "hours", figure: "assumed" }, { label: t("shifts.used"), kind: "share", bar: { full: 1, color: "people" } },
      { label: t("shifts.oldest"), kind: "span", figure: "result" }],
    rows: data.desk.shifts.map((x) => [shift_name(x), t(x.weekends ? "shifts.every_day" : "shifts.weekdays", x.days), x.people, x.closed,
      x.items_a_reviewer, x.spent_h, x.staffed_h, ratio(x.spent_h, x.staffed_h), x.oldest_h * 3600]),
  });
}

function queues_panel() {
  const queues = data.desk.queues;
  return panel({
    title: t("queues.title"), note: t("queues.note"),
    said: queues.map((q) => queue_name(q.name) + " " + decimal(q.needed_h) + " / " + decimal(q.staffed_h)).join(", "),
    columns: [{ label: t("queues.queue"), kind: "text" }, { label: t("queues.opened"), kind: "count", figure: "result" },
      { label: t("queues.closed"), kind: "count", figure: "result" }, { label: t("queues.waiting"), kind: "count", figure: "result" },
      { label: t("queues.oldest_waiting"), kind: "span" }, { label: t("queues.handling"), kind: "decimal", figure: "result" },
      { label: t("queues.needed"), kind: "hours", figure: "result" }, { label: t("queues.staffed"), kind: "hours", figure: "assumed" }],
    rows: queues.map((q) => [queue_name(q.name), q.opened, q.closed, q.waiting, q.oldest_waiting_h * 3600, q.handling_min, q.needed_h, q.staffed_h]),
    height: 300,
    chart: () => ({
      type: "bar", values: short,
      data: { labels: queues.map((q) => queue_name(q.name)), datasets: [bars_of(t("queues.needed"), queues.map((q) => q.needed_h), "people"),
        bars_of(t("queues.staffed"), queues.map((q) => q.staffed_h), "neutral")] },
      options: { indexAxis: "y", scales: { x: { beginAtZero: true, grace: "12%", grid: { color: theme_color("line") }, ticks: { callback: (v) => short(v) } }, y: { grid: { display: false } } } },
    }),
  });
}

function oldest_panel() {
  const queues = data.desk.queues;
  return panel({
    title: t("oldest.title"), note: t("oldest.note"),
    said: queues.map((q) => queue_name(q.name) + " " + span(q.oldest_h * 3600)).join(", "),
    columns: [{ label: t("queues.queue"), kind: "text" }, { label: t("oldest.decided"), kind: "span", figure: "result" },
      { label: t("oldest.waiting"), kind: "span", figure: "result" }],
    rows: queues.map((q) => [queue_name(q.name), q.oldest_h * 3600, q.oldest_waiting_h * 3600]),
    height: 300,
    chart: () => ({
      type: "bar", values: (v) => (v > 0 ? span(v * 3600) : ""),
      data: { labels: queues.map((q) => queue_name(q.name)), datasets: [bars_of(t("oldest.decided"), queues.map((q) => q.oldest_h), "people"),
        bars_of(t("oldest.waiting"), queues.map((q) => q.oldest_waiting_h), "missed")] },
      options: { indexAxis: "y", scales: { x: { beginAtZero: true, grace: "12%", grid: { color: theme_color("line") }, title: { text: t("unit.hours") } }, y: { grid: { display: false } } } },
    }),
  });
}

function hours_panel(q) {
  const b = q.by_hour;
  return panel({
    title: t("hours.title"), note: t("hours.note"),
    columns: [{ label: t("hours.hour"), kind: "text" }, { label: t("hours.opened"), kind: "decimal", figure: "result" }, { label: t("hours.closed"), kind: "decimal", figure: "result" },
      { label: t("hours.needed"), kind: "decimal", figure: "result" }, { label: t("hours.people"), kind: "decimal", figure: "assumed" }],
    rows: b.opened.map((n, hour) => [clock(hour), n, b.closed[hour], b.needed_h[hour], b.staffed_h[hour]]),
    height: 270,
    chart: () => ({
      data: { labels: b.opened.map((n, hour) => clock(hour)), datasets: [
        Object.assign(line_of(t("hours.people"), b.staffed_h, "ink", [2, 4]), { stepped: "middle", tension: 0, yAxisID: "people" }),
        bars_of(t("hours.opened"), b.opened, "missed"), bars_of(t("hours.closed"), b.closed, "people")] },
      options: { scales: { x: { grid: { display: false } }, y: { beginAtZero: true, title: { text: t("unit.tasks_an_hour") } },
        people: { position: "right", beginAtZero: true, grid: { display: false }, title: { text: t("unit.people") } } } },
    }),
  });
}

function days_of_queue_panel(q) {
  const b = q.by_day, days = data.days.dates;
  return panel({
    title: t("load.title"), note: t("load.note"),
    columns: [{ label: t("days.day"), kind: "text" }, { label: t("queues.opened"), kind: "count", figure: "result" }, { label: t("queues.closed"), kind: "count", figure: "result" },
      { label: t("load.waiting"), kind: "count", figure: "result" }, { label: t("load.oldest"), kind: "decimal", figure: "result" },
      { label: t("queues.needed"), kind: "decimal", figure: "result" }, { label: t("queues.staffed"), kind: "decimal", figure: "assumed" }],
    rows: days.map((d, n) => [d, b.opened[n], b.closed[n], b.waiting[n], b.oldest_h[n], b.needed_h[n], b.staffed_h[n]]),
    height: 270,
    chart: () => ({
      data: { labels: days.map(day_name), datasets: [
        Object.assign(line_of(t("load.oldest"), b.oldest_h, "missed", [6, 4]), { yAxisID: "hours", order: -1 }),
        bars_of(t("queues.needed"), b.needed_h, "people"),
        Object.assign(line_of(t("queues.staffed"), b.staffed_h, "neutral", []), { stepped: "middle", tension: 0, fill: true, backgroundColor: theme_color("track") })] },
      options: { scales: { x: { grid: { display: false } }, y: { beginAtZero: true, title: { text: t("unit.work_hours") } },
        hours: { position: "right", beginAtZero: true, grid: { display: false }, title: { text: t("load.oldest") } } } },
    }),
  });
}

/// Every hour of the scenario: the darker, the more waits.
function waiting_picture(q) {
  const days = data.days.dates, most = Math.max(1, ...q.waiting_by_hour);
  const first = data.desk.first_hour, w = Math.min(26, 1080 / days.length), cell_h = 13, left = 46, top = 22;
  const parts = [];
  q.waiting_by_hour.forEach((n, at) => {
    const day = Math.floor((at + first) / 24), hour = (at + first) % 24;
    const strength = n === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(n / most);
    parts.push(s("rect", { x: (left + day * w).toFixed(1), y: top + hour * cell_h, width: (w - 1).toFixed(1), height: cell_h - 1, rx: 2,
      class: n === 0 ? "still" : "heat", "fill-opacity": n === 0 ? null : strength.toFixed(2) }, s("title", null, `${days[day]} ${clock(hour)}: ${count(n)}`)));
  });
  for (let hour = 0; hour < 24; hour += 6) parts.push(s("text", { x: left - 6, y: top + hour * cell_h + 10, "text-anchor": "end" }, clock(hour)));
  const step = Math.max(1, Math.ceil(52 / w));
  days.forEach((d, n) => { if (n % step === 0) parts.push(s("text", { x: left + n * w, y: 14 }, day_name(d))); });
  const width = left + days.length * w;
  return h("div", { class: "pan", tabindex: "0", role: "region", "aria-label": t("heat.title") },
    s("svg", { viewBox: `0 0 ${Math.ceil(width)} ${top + 24 * cell_h}`, class: "heatmap", style: `max-width:${Math.ceil(width * 1.25)}px`,
      role: "img", "aria-label": t("heat.said", queue_name(q.name), count(most)) }, parts));
}

function heat_panel(q) {
  const days = data.days.dates;
  const hours = Array.from({ length: 24 }, (x, hour) => hour);
  return panel({
    title: t("heat.title"), note: t("heat.note", count(Math.max(0, ...q.waiting_by_hour))), wide: true,
    columns: [{ label: t("days.day"), kind: "text" }].concat(hours.map((hour) => ({ label: clock(hour), kind: "count" }))),
    rows: days.map((d, n) => [d].concat(hours.map((hour) => { const v = q.waiting_by_hour[n * 24 + hour - data.desk.first_hour]; return v === undefined ? null : v; }))),
    picture: waiting_picture(q),
  });
}

/// The queue to look at first: the one whose reviewers have most to do.
function busiest() {
  const used = (q) => q.needed_h / Math.max(1, q.staffed_h);
  return data.desk.queues.slice().sort((a, b) => used(b) - used(a))[0].name;
}

function render_desk(section) {
  opening(section, "desk");
  if (data.desk.queues.length === 0) { section.append(h("p", { class: "hint" }, t("desk.none"))); return; }
  section.append(shifts_panel(), h("div", { class: "grid" }, queues_panel(), oldest_panel()));
  section.append(h("h3", { class: "part" }, t("desk.part")), chooser(t("desk.part"),
    data.desk.queues.map((q) => ({ key: q.name, label: queue_name(q.name) })), busiest(), (name) => {
      const q = data.desk.queues.find((x) => x.name === name);
      return [h("div", { class: "grid" }, hours_panel(q), days_of_queue_panel(q), heat_panel(q))];
    }));
}
