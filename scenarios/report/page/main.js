// Views, tabs, language, print.

const views = [["flow", render_flow], ["disclosure", render_disclosure], ["wrongs", render_wrongs], ["desk", render_desk], ["times", render_times]]
  .map(([id, render]) => ({ id, render, ready: false }));
let shown = views[0];

function make_page() {
  const main = document.getElementById("main");
  const tabs = h("div", { class: "wide", role: "tablist", id: "tabs" });
  main.before(h("nav", { class: "tabs" }, tabs));
  for (const view of views) {
    view.tab = h("button", { type: "button", role: "tab", id: "tab-" + view.id, "aria-controls": view.id, onclick: () => open_view(view) });
    view.section = h("section", { role: "tabpanel", id: "view-" + view.id, "aria-labelledby": "tab-" + view.id, tabindex: "0" });
    view.tab.setAttribute("aria-controls", view.section.id);
    tabs.append(view.tab);
    main.append(view.section);
  }
  tabs.addEventListener("keydown", (e) => {
    const at = views.indexOf(shown), last = views.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    open_view(views[to]);
    views[to].tab.focus();
  });
}

function ready(view) {
  if (view.ready) return;
  forget_charts(view.section);
  view.section.replaceChildren();
  view.render(view.section);
  view.ready = true;
}

function open_view(view) {
  shown = view;
  for (const v of views) {
    v.section.hidden = v !== view;
    v.tab.setAttribute("aria-selected", String(v === view));
    v.tab.tabIndex = v === view ? 0 : -1;
  }
  ready(view);
  draw_charts(view.section);
  if (location.hash !== "#" + view.id) history.replaceState(null, "", "#" + view.id);
}

/// Everything outside of the views, in the language of the page.
function write_frame() {
  const a = data.about;
  document.documentElement.lang = languages[language];
  document.title = pick(a.title) + " · zhili";
  for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  document.getElementById("title").textContent = pick(a.title);
  document.getElementById("run").textContent = t("page.run", a.from, a.to, a.pack, a.seed);
  document.getElementById("made").textContent = t("page.made", a.scenario, a.pack, a.pack_version, a.seed, decimal(a.wall_s), a.threads) + " " + a.digest;
  document.getElementById("tabs").setAttribute("aria-label", t("page.views"));
  document.getElementById("languages").setAttribute("aria-label", t("page.language"));
  for (const b of document.querySelectorAll("[data-language]")) b.setAttribute("aria-pressed", String(b.dataset.language === language));
  views.forEach((v, n) => v.tab.replaceChildren(h("span", { class: "tab-number" }, String(n + 1)), t(v.id + ".tab")));
}

function speak(to) {
  language = to;
  memory.set("zhili-language", to);
  for (const v of views) v.ready = false;
  write_frame();
  open_view(shown);
}

// On paper all views stand one below the other, in the light theme.
function before_print() {
  document.documentElement.dataset.print = "yes";
  for (const v of views) {
    v.section.hidden = false;
    ready(v);
    draw_charts(v.section);
  }
}
function after_print() {
  delete document.documentElement.dataset.print;
  open_view(shown);
}

function start() {
  make_page();
  write_frame();
  const asked = () => views.find((v) => "#" + v.id === location.hash);
  open_view(asked() || views[0]);
  addEventListener("hashchange", () => { if (asked() && asked() !== shown) open_view(asked()); });
  for (const b of document.querySelectorAll("[data-language]")) b.addEventListener("click", () => speak(b.dataset.language));
  document.getElementById("print").addEventListener("click", () => print());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw_charts(shown.section));
  addEventListener("beforeprint", before_print);
  addEventListener("afterprint", after_print);
}

start();
