// The picture of the flow: ten groups from intake to patrol, and what goes between them with its count.

const card = { w: 210, h: 116 };
const column = [0, 280, 654, 988];
const row = [16, 188, 360, 532];
const places = {
  onboarding: [1, 0], product: [1, 1], content: [1, 2], signal: [1, 3],
  takedown: [2, 0], desk: [2, 1], quality: [2, 2], inspection: [2, 3],
  platform: [3, 0], risk: [3, 2],
};
const picture_size = { w: 1200, h: 690 };

const corner = (name) => ({ x: column[places[name][0]], y: row[places[name][1]] });
/// A point on the edge of a card: side l, r, t or b and how far along it.
function port(name, side, along) {
  const c = corner(name);
  if (side === "l" || side === "r") return { x: c.x + (side === "r" ? card.w : 0), y: c.y + card.h * along, side };
  return { x: c.x + card.w * along, y: c.y + (side === "b" ? card.h : 0), side };
}

// From, to, what it means; `at`: where on its way the count stands; `both`: it comes back as answers.
const arrows = [
  { from: ["onboarding", "r", 0.3], to: ["takedown", "l", 0.3], means: "measure", at: 0.5 },
  { from: ["product", "r", 0.16], to: ["takedown", "l", 0.56], means: "measure", at: 0.4 },
  { from: ["content", "r", 0.12], to: ["takedown", "l", 0.84], means: "measure", at: 0.2 },
  { from: ["onboarding", "r", 0.72], to: ["desk", "l", 0.2], means: "people", at: 0.24, both: true },
  { from: ["product", "r", 0.5], to: ["desk", "l", 0.48], means: "people", at: 0.62, both: true },
  { from: ["content", "r", 0.36], to: ["desk", "l", 0.78], means: "people", at: 0.7, both: true },
  { from: ["product", "r", 0.8], to: ["quality", "l", 0.24], means: "check", at: 0.82 },
  { from: ["content", "r", 0.6], to: ["quality", "l", 0.56], means: "check", at: 0.5 },
  { from: ["quality", "t", 0.5], to: ["desk", "b", 0.5], means: "check", at: 0.5, both: true },
  { from: ["takedown", "b", 0.5], to: ["desk", "t", 0.5], means: "appeal", at: 0.5, both: true },
  { from: ["content", "b", 0.3], to: ["signal", "t", 0.3], means: "index", at: 0.42 },
  { from: ["signal", "t", 0.72], to: ["content", "b", 0.72], means: "index", at: 0.42 },
  { from: ["onboarding", "b", 0.5], to: ["product", "t", 0.5], means: "facts", at: 0.5 },
  { from: ["risk", "b", 0.4], to: ["inspection", "r", 0.5], means: "index", at: 0.4 },
];

const curve = (a, b, bend) => {
  const out = (p, d) => ({ l: [p.x - d, p.y], r: [p.x + d, p.y], t: [p.x, p.y - d], b: [p.x, p.y + d] }[p.side]);
  const far = bend || Math.max(26, Math.abs(b.x - a.x) * 0.42, Math.abs(b.y - a.y) * 0.3);
  return [[a.x, a.y], out(a, far), out(b, far), [b.x, b.y]];
};
const path_of = (c) => `M${c[0]} C${c[1]} ${c[2]} ${c[3]}`;
function point_on(c, u) {
  const k = [(1 - u) ** 3, 3 * u * (1 - u) ** 2, 3 * u * u * (1 - u), u ** 3];
  return { x: k.reduce((x, w, n) => x + w * c[n][0], 0), y: k.reduce((y, w, n) => y + w * c[n][1], 0) };
}
const thickness = (n) => (n === 0 ? 1 : 1.2 + Math.log10(n) * 0.85);

function head_of(means) {
  return s("marker", { id: "head-" + means, viewBox: "0 0 8 8", refX: 6.5, refY: 4, markerWidth: 11, markerHeight: 11,
    markerUnits: "userSpaceOnUse", orient: "auto-start-reverse" }, s("path", { d: "M0 0 8 4 0 8z", class: "fill " + means }));
}

function pill(x, y, text, means) {
  const w = 14 + text.length * 7.4;
  return s("g", { class: "pill " + means }, s("rect", { x: x - w / 2, y: y - 10, width: w, height: 20, rx: 10 }),
    s("text", { x, y: y + 4.2, "text-anchor": "middle" }, text));
}

/// One arrow: {names, d, means, count, x, y, both}.
function arrow(a) {
  const label = a.names.map((n) => flow_name(n)).join(" → ") + ": " + count(a.count);
  return s("g", { class: "arrow " + a.means + (a.count === 0 ? " empty" : ""), "data-ends": a.names.join(" ") },
    s("title", null, label),
    s("path", { d: a.d, class: "way " + a.means, "stroke-width": thickness(a.count).toFixed(1),
      "marker-end": `url(#head-${a.means})`, "marker-start": a.both ? `url(#head-${a.means})` : null }),
    pill(a.x, a.y, count(a.count), a.means));
}

function between(from, to) {
  const found = data.flow.messages.find((m) => m.from === from && m.to === to);
  return found ? found.count : 0;
}

function plain_arrows() {
  return arrows.map((a) => {
    const c = curve(port(...a.from), port(...a.to), a.bend);
    const at = point_on(c, a.at);
    const n = a.means === "measure" ? measures_of(a.from[0]) : between(a.from[0], a.to[0]);
    return arrow({ names: [a.from[0], a.to[0]], d: path_of(c), means: a.means, count: n, x: at.x, y: at.y, both: a.both });
  });
}

/// Intake on the left, the platform on the right, points to the index through the gaps, patrol along the bottom.
function long_arrows() {
  const out = [];
  for (const name of ["onboarding", "product", "content"]) {
    const end = port(name, "l", 0.36);
    const n = workflow(name).submissions;
    out.push(arrow({ names: ["intake", name], d: `M152 ${end.y} H${end.x - 2}`, means: "intake", count: n, x: 202, y: end.y - 17 }));
  }
  const takedown = port("takedown", "r", 0.34), platform = port("platform", "l", 0.34);
  const gap = (takedown.x + platform.x) / 2;
  out.push(arrow({ names: ["takedown", "platform"], d: `M${takedown.x} ${takedown.y} H${platform.x - 2}`, means: "measure",
    count: data.times.orders, x: gap, y: takedown.y - 16 }));
  const down = port("platform", "l", 0.68).y;
  out.push(arrow({ names: ["platform", "takedown"], d: `M${platform.x} ${down} H${takedown.x + 2}`, means: "intake",
    count: data.times.acknowledged, x: gap, y: down + 17 }));
  const risk = corner("risk");
  const lane = (y) => Math.round(y);
  const one = lane((row[0] + card.h + row[1]) / 2), two = lane((row[1] + card.h + row[2]) / 2), three = lane((row[2] + card.h + row[3]) / 2);
  const right = column[1] + card.w, into = column[3];
  const via = (name, along, y, end) => `M${right} ${port(name, "r", along).y} C${right + 60} ${port(name, "r", along).y} ${right + 70} ${y} ${right + 150} ${y} ${end}`;
  out.push(arrow({ names: ["onboarding", "risk"], d: via("onboarding", 0.9, one, `H${risk.x + 60} Q${risk.x + 106} ${one} ${risk.x + 106} ${one + 46} V${risk.y - 2}`),
    means: "index", count: between("onboarding", "risk"), x: into - 66, y: one }));
  out.push(arrow({ names: ["product", "risk"], d: via("product", 0.93, two, `H${into - 120} C${into - 50} ${two} ${into - 70} ${risk.y + 34} ${into - 2} ${risk.y + 34}`),
    means: "index", count: between("product", "risk"), x: into - 96, y: two }));
  out.push(arrow({ names: ["content", "risk"], d: via("content", 0.86, three, `H${into - 120} C${into - 50} ${three} ${into - 70} ${risk.y + 80} ${into - 2} ${risk.y + 80}`),
    means: "index", count: between("content", "risk"), x: into - 96, y: three }));
  out.push(patrol_arrow());
  return out;
}

function patrol_arrow() {
  const from = port("inspection", "b", 0.5), left = 256, floor = picture_size.h - 16;
  const ends = ["onboarding", "product", "content"].map((n) => port(n, "l", 0.72).y);
  const n = data.inspection.visits;
  const trunk = `M${from.x} ${from.y} V${floor - 14} Q${from.x} ${floor} ${from.x - 14} ${floor} H${left + 14} Q${left} ${floor} ${left} ${floor - 14} V${ends[0] + 10}`;
  return s("g", { class: "arrow patrol", "data-ends": "inspection onboarding product content" },
    s("title", null, flow_name("inspection") + ": " + count(n)),
    s("path", { d: trunk, class: "way patrol", "stroke-width": thickness(n).toFixed(1) }),
    ends.map((y) => s("path", { d: `M${left} ${y + 10} Q${left} ${y} ${left + 10} ${y} H${column[1] - 2}`, class: "way patrol",
      "stroke-width": thickness(n).toFixed(1), "marker-end": "url(#head-patrol)" })),
    pill((from.x + left) / 2 - 60, floor, count(n), "patrol"));
}

/// The sources on the left, beside the groups that judge them.
function sources() {
  return ["onboarding", "product", "content"].map((name) => {
    const y = port(name, "l", 0.36).y;
    const lines = t("flow.source." + name).split("|");
    return s("g", { class: "source" }, s("rect", { x: 2, y: y - 34, width: 148, height: 68, rx: 34 }),
      lines.map((line, n) => s("text", { x: 76, y: y + 5 + (n - (lines.length - 1) / 2) * 19, "text-anchor": "middle" }, line)));
  });
}

function card_of(name, shown) {
  const c = corner(name);
  const text = (x, y, words_, cls, anchor) => s("text", { x: c.x + x, y: c.y + y, class: cls, "text-anchor": anchor || "start" }, words_);
  const marks = shown.marks ? shown.marks.map((m, n) => s("g", null,
    mark(m.mark, c.x + 24 + n * 66, c.y + 98), text(33 + n * 66, 102, short(m.count), "mark-count"))) : text(18, 102, shown.line, "line");
  return s("g", { class: "card", tabindex: "0", role: "button", "data-name": name, "aria-pressed": "false",
    "aria-label": flow_name(name) + ": " + shown.said },
    s("rect", { x: c.x, y: c.y, width: card.w, height: card.h, rx: 14, class: "box" }),
    text(18, 28, flow_name(name), "name"), 
    text(18, 62, count(shown.count), "big"), text(18, 79, t("flow.unit." + name), "unit"),
    text(card.w - 16, 79, t("flow.short." + name), "short", "end"), marks);
}

/// Caught, missed and wrongful have a shape each, not a colour alone.
function mark(kind, x, y) {
  if (kind === "caught") return s("rect", { x: x - 5, y: y - 5, width: 10, height: 10, rx: 2, class: "fill caught" });
  if (kind === "missed") return s("path", { d: `M${x} ${y - 6} ${x + 6} ${y + 5} ${x - 6} ${y + 5}z`, class: "fill missed" });
  return s("path", { d: `M${x} ${y - 6.5} ${x + 6.5} ${y} ${x} ${y + 6.5} ${x - 6.5} ${y}z`, class: "fill wrongful" });
}

/// `shown(name)` gives {count, said, line or marks}; `chosen(name)` is called when a group is picked.
function flow_picture(shown, chosen) {
  const meanings = ["intake", "facts", "people", "appeal", "measure", "index", "check", "patrol"];
  const picture = s("svg", { viewBox: `0 0 ${picture_size.w} ${picture_size.h}`, class: "flow", role: "group", "aria-label": t("flow.picture") },
    s("defs", null, meanings.map(head_of)), sources(), long_arrows(), plain_arrows(),
    Object.keys(places).map((name) => card_of(name, shown(name))));
  const light = (name) => {
    picture.classList.toggle("lit", name !== null);
    for (const a of picture.querySelectorAll(".arrow")) a.classList.toggle("on", name !== null && a.dataset.ends.split(" ").includes(name));
  };
  let picked = null;
  const pick_card = (name) => {
    picked = name;
    for (const c of picture.querySelectorAll(".card")) c.setAttribute("aria-pressed", String(c.dataset.name === name));
    light(name);
    chosen(name);
  };
  for (const c of picture.querySelectorAll(".card")) {
    const name = c.dataset.name;
    c.addEventListener("click", () => pick_card(name === picked ? null : name));
    c.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      pick_card(name === picked ? null : name);
    });
    c.addEventListener("mouseenter", () => light(name));
    c.addEventListener("mouseleave", () => light(picked));
  }
  return picture;
}
