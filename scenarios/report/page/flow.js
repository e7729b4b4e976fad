// View 1: the flow from intake to patrol, with the run in a few figures above it.

const workflow = (name) => data.flow.workflows.find((w) => w.name === name) ||
  { name, submissions: 0, messages: 0, timers: 0, effects: 0, events: {} };
const event_of = (name, event) => workflow(name).events[event] || 0;
const decided_by = (name) => event_of(name, "wire_decided");
/// A group's name; one that this page has no word for is named by the program.
function flow_name(name) {
  if (words["flow.name." + name]) return t("flow.name." + name);
  const known = data.flow.workflows.find((w) => w.name === name);
  return known ? pick(known.title) : name;
}

const judged_by = {
  onboarding: ["institution", "practitioner"], product: ["product"], content: ["diary", "post", "ad", "review"],
};
const kinds_of = (name) => data.kinds.filter((k) => (judged_by[name] || []).includes(k.kind));
const outcome_of = (name, what) => sum(kinds_of(name), (k) => k[what]);
/// Decisions of a group that stop, label or demote something, or take that back, as takedown hears of them.
function measures_of(name) {
  const mentions = name === "content" ? event_of("takedown", "mention_changed") : 0;
  return Math.max(0, between(name, "takedown") - mentions);
}

/// What a card of the picture says.
function card_figures(name) {
  if (judged_by[name]) {
    const marks = ["caught", "missed", "wrongful"].map((m) => ({ mark: m, count: outcome_of(name, m) }));
    return { count: decided_by(name), marks,
      said: t("flow.said.judge", count(decided_by(name)), ...marks.map((m) => count(m.count))) };
  }
  const looks = event_of("quality", "agreed") + event_of("quality", "disagreed");
  const i = data.inspection;
  const fetched = workflow("product").effects + workflow("content").effects;
  const figures = {
    desk: [event_of("desk", "task_opened"), t("flow.line.desk", count(event_of("desk", "task_closed")), span(series("desk").p50_s))],
    takedown: [data.times.orders, t("flow.line.takedown", write("share", ratio(data.times.acknowledged, data.times.orders)))],
    quality: [event_of("quality", "look_opened"), t("flow.line.quality", write("share", ratio(event_of("quality", "agreed"), looks)))],
    inspection: [i.visits, t("flow.line.inspection", count(i.lapses + i.changed_pages + i.passed_misses))],
    risk: [event_of("risk", "charged"), t("flow.line.risk", count(event_of("risk", "band_moved")))],
    signal: [event_of("signal", "sighting_kept"), t("flow.line.signal", count(between("signal", "content")))],
    platform: [data.times.orders + fetched, t("flow.line.platform", count(fetched))],
  }[name];
  return { count: figures[0], line: figures[1], said: count(figures[0]) + " " + t("flow.unit." + name) + ", " + figures[1] };
}

/// Below the picture: what the chosen group does, hears, says.
function group_detail(name) {
  if (name === null) return [h("p", { class: "hint" }, t("flow.hint"))];
  const w = workflow(name);
  const fact = (label, value) => h("div", { class: "fact" }, h("dt", null, label), h("dd", null, value));
  const into = data.flow.messages.filter((m) => m.to === name), out = data.flow.messages.filter((m) => m.from === name);
  const list = (messages, end) => messages.sort((a, b) => b.count - a.count)
    .map((m) => h("li", null, flow_name(m[end]), " ", h("b", null, count(m.count))));
  const events = Object.entries(w.events).map(([e, n]) => h("li", null, name_of("event", e.replace(/^wire_/, "")), " ", h("b", null, count(n))));
  return [h("div", { class: "group-detail" },
    h("div", null, h("h4", null, flow_name(name)), h("p", null, t("flow.does." + name)),
      name === "platform" ? null : h("dl", { class: "facts" }, fact(t("flow.submissions"), count(w.submissions)),
        fact(t("flow.messages"), count(w.messages)), fact(t("flow.timers"), count(w.timers)), fact(t("flow.effects"), count(w.effects)))),
    into.length > 0 ? h("div", null, h("h5", null, t("flow.hears")), h("ul", { class: "pairs" }, list(into, "from"))) : null,
    out.length > 0 ? h("div", null, h("h5", null, t("flow.tells")), h("ul", { class: "pairs" }, list(out, "to"))) : null,
    events.length > 0 ? h("div", null, h("h5", null, t("flow.events")), h("ul", { class: "pairs" }, events)) : null)];
}

function flow_legend() {
  const sign = (kind) => s("svg", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, mark(kind, 7, 7));
  const way = (means) => h("span", { class: "key" }, h("i", { class: "stroke " + means, "aria-hidden": "true" }), cap(t("flow.way." + means)));
  return h("div", { class: "legend" },
    ["caught", "missed", "wrongful"].map((kind) => h("span", { class: "key" }, sign(kind), cap(t("figure." + kind)))),
    ["intake", "people", "measure", "index", "check", "patrol"].map(way));
}

/// The run in a few figures; what was caught never stands alone.
function run_figures() {
  const rows = data.disclosure.rows;
  const all = (what) => sum(rows, (r) => r[what]);
  const tile = (kind, value, label, note) => h("div", { class: "tile " + kind }, h("p", { class: "tile-label" }, cap(label)),
    h("p", { class: "tile-value" }, value), h("p", { class: "tile-note" }, note));
  const wrong = all("caught") + all("missed"), right = all("wrongful") + sum(rows, (r) => r.passed);
  return h("div", { class: "tiles" },
    tile("all", count(data.about.submissions), t("tile.submissions"), t("tile.submissions.note", count(data.about.decisions))),
    tile("caught", count(all("caught")), t("figure.caught"), t("tile.caught.note", write("share", ratio(all("caught"), wrong)))),
    tile("missed", count(all("missed")), t("figure.missed"), t("tile.missed.note", count(all("exposure_hours")))),
    tile("wrongful", count(all("wrongful")), t("figure.wrongful"), t("tile.wrongful.note", count(all("wrongful_hours")), write("fine_share", ratio(all("wrongful"), right)))));
}

/// What was made to go wrong, and what was left of it.
function faults_panel() {
  const f = data.faults;
  if (f === null) return null;
  const rows = ["dropped", "doubled", "delayed", "crashed", "repeated", "resent", "lost"].map((k) => [t("faults." + k), f[k]]);
  if (f.subjects !== undefined) rows.push([t("faults.differing", count(f.subjects)), f.differing]);
  return panel({ title: t("faults.title"), note: t("faults.note"), wide: true,
    columns: [{ label: t("faults.what"), kind: "text" }, { label: t("faults.count"), kind: "count", figure: "result" }],
    rows: rows.concat(f.causes.map((c) => [pick(c.title), c.count])) });
}

function render_flow(section) {
  opening(section, "flow");
  section.append(run_figures());
  const detail = h("div", { class: "detail", "aria-live": "polite" }, group_detail(null));
  const picture = flow_picture(card_figures, (name) => detail.replaceChildren(...group_detail(name)));
  const messages = data.flow.messages.map((m) => [flow_name(m.from), flow_name(m.to), m.count]);
  const taken = data.flow.workflows.filter((w) => w.submissions > 0).map((w) => [t("flow.outside"), flow_name(w.name), w.submissions]);
  section.append(panel({
    title: t("flow.picture"), note: t("flow.picture.note"), wide: true,
    columns: [{ label: t("flow.from"), kind: "text" }, { label: t("flow.to"), kind: "text" }, { label: t("flow.count"), kind: "count", figure: "result" }],
    rows: taken.concat(messages),
    picture: h("div", null, flow_legend(), h("div", { class: "pan", tabindex: "0", role: "region", "aria-label": t("flow.picture") }, picture), detail),
  }));
  section.append(panel({
    title: t("books.title"), note: t("books.note"), wide: true,
    columns: [{ label: t("books.kind"), kind: "text" }].concat(["submitted", "decided", "waiting", "refused"].map((k) =>
      ({ label: t("books." + k), kind: "count", figure: k === "submitted" ? "result" : null }))),
    rows: data.kinds.map((k) => [t("kind_of." + k.kind), k.submitted, k.decided, k.waiting, k.refused]),
  }));
  const faults = faults_panel();
  if (faults) section.append(faults);
}
