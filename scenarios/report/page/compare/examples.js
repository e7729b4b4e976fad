// Twenty of each, with the evidence marked, the rule and its law, and what is true of the item.

const verdict_name = (v) => (v === "none" ? "–" : t("verdict." + v));

/// The text with what the rules point at; whoever points at a piece is named when it is hovered.
function marked_text(e) {
  return h("p", { class: "example-text", lang: "zh-CN" }, e.text.map((piece) => piece.findings.length === 0 ? piece.text
    : h("mark", { title: piece.findings.map((n) => rule_name(e.findings[n])).join(language === "zh" ? "；" : "; ") }, piece.text)));
}

function fact_value(f) {
  if (f.name === "price" || f.name === "list_price") return t("fact.yuan", decimal(f.value));
  if (f.name === "order_hours_before") return span(f.value * 3600);
  if (typeof f.value === "boolean") return t(f.value ? "fact.yes" : "fact.no");
  return f.value === "" ? t("fact.none") : String(f.value);
}

/// Stopping what is unlawful is right, and so is letting through what is lawful.
function truth_badge(e, stopped) {
  if (!e.truth) return null;
  const right = e.truth.unlawful === stopped;
  // Stopped for its owner's admission or index: the item itself was neither judged right nor wrong.
  const for_owner = !e.truth.unlawful && (e.by === "owner" || e.by === "index");
  const what = e.truth.unlawful ? t("truth.unlawful", e.truth.wrong === "none" ? t("wrong.none") : t("wrong." + e.truth.wrong)) : e.truth.lookalike ? t("truth.lookalike") : t("truth.lawful");
  if (for_owner) return h("span", { class: "verdict-badge" }, what);
  return h("span", { class: "verdict-badge " + (right ? "right" : "wrong") }, t(right ? "truth.right" : "truth.mistake") + " · " + what);
}

function example_card(e, stopped) {
  const findings = e.findings.map((f) => h("li", null, h("b", null, rule_name(f)), " ", h("code", null, f.id.replace(/^(gate|person):/, "")),
    f.basis && f.basis.length ? h("span", { class: "note" }, " " + basis_of(f)) : null));
  return h("article", { class: "panel example" },
    h("header", null, h("span", { class: "example-kind" }, cap(kind_title(e.kind))), h("span", { class: "note" }, day_name(e.day)),
      h("span", { class: "way-of" }, verdict_name(e.old.first) + " → " + verdict_name(e.now.first)), truth_badge(e, stopped)),
    e.text.length ? marked_text(e) : h("p", { class: "note" }, t("examples.no_text")),
    e.facts && e.facts.length ? h("dl", { class: "facts" }, e.facts.map((f) => h("div", { class: "fact" }, h("dt", null, t("fact." + f.name)), h("dd", null, fact_value(f))))) : null,
    h("ul", { class: "plain-list" }, findings),
    h("p", { class: "note" }, t("examples.end", t("by." + e.by), verdict_name(e.old.last), verdict_name(e.now.last))));
}

function render_examples(main) {
  for (const [key, stopped] of [["newly_stopped", true], ["newly_let_through", false]]) {
    const list = data.examples[key];
    part_of(main, "examples_" + key, list.length === 0 ? h("p", { class: "panel" }, t("examples.none")) : h("div", { class: "grid examples" }, list.map((e) => example_card(e, stopped))));
  }
}

start();
