// The page of a comparison: its parts below each other, language, print.

const at = (spread) => spread.mean;
const several = data.runs.length > 1;
const verdicts = ["approve", "label", "demote", "escalate", "reject", "suspend"];

/// A mean over several seeds need not be whole.
const mean_text = (v) => (several && Math.abs(v) < 100 ? decimal(v) : count(v));

/// A value over the seeds as people read it: the mean, and behind it half of its interval.
function with_range(spread) {
  const text = mean_text(at(spread));
  return spread.low === null || spread.high === spread.low ? text : text + " ± " + write("decimal", (spread.high - spread.low) / 2);
}
const ranged = (spread) => ({ value: at(spread), show: with_range(spread) });

const measure_of = (key) => data.measures.find((m) => m.key === key);
const kind_title = (kind) => t("kind_of." + kind);

const parts = [render_replayed, render_tiles, render_figures, render_affected, render_rules, render_desk, render_examples];

function write_all() {
  const main = document.getElementById("main"), pack = (p) => p.name + " " + t("pack.version", p.version);
  forget_charts(main);
  main.replaceChildren();
  document.documentElement.lang = languages[language];
  document.title = t("page.title") + " · " + pick(data.input.title);
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  document.getElementById("title").textContent = t("page.title");
  document.getElementById("run").textContent = t("page.run", pick(data.input.title), data.input.from, data.input.to, pack(data.old),
    pack(data.now), data.runs.length);
  document.getElementById("made").replaceChildren(
    h("div", null, t("page.digest") + " " + data.digest),
    h("div", null, t("page.made", pack(data.old) + " " + data.old.digest.slice(0, 16), pack(data.now) + " " + data.now.digest.slice(0, 16),
      data.runs.map((r) => r.seed).join(", "), decimal(data.cost.wall_s))));
  document.getElementById("languages").setAttribute("aria-label", t("page.language"));
  for (const b of document.querySelectorAll("[data-language]")) b.setAttribute("aria-pressed", String(b.dataset.language === language));
  for (const render of parts) render(main);
  draw_charts(main);
}

/// A part of the page with its heading.
function part_of(main, key, ...children) {
  const section = h("section", { class: "compare-part", "aria-labelledby": "h-" + key },
    h("header", { class: "view-head" }, h("h2", { id: "h-" + key }, t(key + ".title")), h("p", { class: "lead" }, t(key + ".lead"))), ...children);
  main.append(section);
  return section;
}

// ---- what could be run again ----

function acts_table() {
  const acts = data.replayed.acts;
  if (acts.length === 0) return null;
  return panel({
    title: t("acts.title"), note: t("acts.note"), wide: true,
    columns: [{ label: t("acts.what"), kind: "text" }, { label: t("acts.recorded"), kind: "count" },
      { label: t("acts.unfit_old"), kind: "count" }, { label: t("acts.unfit_now"), kind: "count" },
      { label: t("acts.modelled_old"), kind: "count" }, { label: t("acts.modelled_now"), kind: "count" }],
    rows: acts.map((a) => [t("act." + a.what), a.recorded, a.no_longer_fit.old, a.no_longer_fit.now, a.modelled.old, a.modelled.now]),
  });
}

function render_replayed(main) {
  const r = data.replayed, done = ratio(r.replayed, r.submissions);
  const why = r.left_out.filter((l) => l.count > 0);
  const box = h("div", { class: "panel replayed" },
    h("div", { class: "split" }, h("div", null, h("div", { class: "split-large" }, write("share", done)), h("p", { class: "note" }, t("replayed.of", count(r.replayed), count(r.submissions)))),
      h("div", { class: "split-all" },
        h("p", null, data.input.kind === "scenario" ? t("replayed.scenario") : t("replayed.trace")),
        why.length ? h("ul", { class: "plain-list" }, why.map((l) => h("li", null, t("left_out." + l.why), " ", h("b", null, count(l.count))))) : null,
        data.truth ? null : h("p", { class: "note" }, t("replayed.no_truth")),
        several ? null : h("p", { class: "note" }, t("replayed.one_seed")))));
  part_of(main, "replayed", box, acts_table());
}

// ---- the answer in a few figures ----

function tile(key, spread, note, color) {
  return h("div", { class: "tile " + (color || "") }, h("div", { class: "tile-label" }, cap(t("tile." + key))),
    h("div", { class: "tile-value" }, with_range(spread)), h("div", { class: "tile-note" }, note));
}

function render_tiles(main) {
  const a = data.affected, changes = (change, part) => sum(a.kinds, (k) => at(k.changes[change][part]));
  const truth = (change) => (data.truth ? t("tile.truth", ...["unlawful", "lawful", "for_owner"].map((part) => mean_text(changes(change, part)))) : "");
  const all = (change) => ({ mean: changes(change, "all"), low: null, high: null });
  main.append(h("div", { class: "tiles compare-tiles" },
    tile("affected", a.affected, t("tile.affected.note", fine_share(ratio(at(a.affected), at(a.subjects)) || 0), count(at(a.subjects)))),
    tile("stopped", all("newly_stopped"), truth("newly_stopped"), "caught"),
    tile("let_through", all("newly_let_through"), truth("newly_let_through"), "missed"),
    tile("institutions", a.institutions.all, t("tile.institutions.note", count(at(a.institutions.own)), count(at(a.institutions.items)))),
    tile("practitioners", a.practitioners.all, t("tile.practitioners.note", count(at(a.practitioners.own)), count(at(a.practitioners.items))))));
}

function speak(to) {
  language = to;
  memory.set("zhili-language", to);
  write_all();
}

// On paper everything is in the light theme.
function start() {
  write_all();
  for (const b of document.querySelectorAll("[data-language]")) b.addEventListener("click", () => speak(b.dataset.language));
  document.getElementById("print").addEventListener("click", () => print());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw_charts(document.getElementById("main")));
  addEventListener("beforeprint", () => { document.documentElement.dataset.print = "yes"; draw_charts(document.getElementById("main")); });
  addEventListener("afterprint", () => { delete document.documentElement.dataset.print; draw_charts(document.getElementById("main")); });
}
