// The report's page. What is common to all views: data, words, numbers, elements.
"use strict";

const read_json = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read_json("data");
// A page of its own kind brings words of its own.
const words = Object.assign({}, ...["names", "words", "page-words"].map(read_json));

const languages = { zh: "zh-CN", en: "en" };

// A browser may refuse to keep anything for a file.
const memory = {
  get: (key) => { try { return localStorage.getItem(key); } catch (e) { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch (e) { /* the choice lasts for this visit */ } },
};

function first_language() {
  const asked = new URLSearchParams(location.search).get("lang") || memory.get("zhili-language");
  if (asked in languages) return asked;
  return (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
}

let language = first_language();

/// The words of a key in the language of the page; {0}, {1} … are filled in.
function t(key, ...fill) {
  const pair = words[key];
  const text = pair ? pair[language === "zh" ? 0 : 1] : key;
  return text.replace(/\{(\d)\}/g, (all, n) => fill[n]);
}
/// A name that may be new to this page: its own word stands in.
const name_of = (group, word) => (words[group + "." + word] ? t(group + "." + word) : word);
const pick = (pair) => (pair ? pair[language] : "");

// ---- numbers ----

const format = (options) => (n) => new Intl.NumberFormat(languages[language], options).format(n);
const count = (n) => format({ maximumFractionDigits: 0 })(n);
const decimal = (n) => format({ maximumFractionDigits: n !== 0 && Math.abs(n) < 10 ? 2 : 1 })(n);
const share = (n) => format({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 })(n);
const fine_share = (n) => format({ style: "percent", maximumFractionDigits: 3 })(n);
const signed_share = (n) => format({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" })(n);
const short = (n) => format({ notation: "compact", maximumFractionDigits: 1 })(n);

/// 2021-07-18 → 7月18日, 18 Jul
const day_name = (date) => new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { day: "numeric", month: "short", timeZone: "UTC" })
  .format(new Date(date + "T00:00:00Z"));

/// Words that stand alone begin with a capital where the language has any.
const cap = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/// Seconds as people say them.
function span(s) {
  if (s < 60) return t("span.s", count(s));
  if (s < 3600) return t("span.min", decimal(Math.round(s / 6) / 10));
  if (s < 48 * 3600) return t("span.h", decimal(Math.round(s / 360) / 10));
  return t("span.d", decimal(Math.round(s / 8640) / 10));
}

/// How a column's values are written, by its kind.
const writers = {
  text: (v) => String(v),
  word: (v) => String(v),
  count: (v) => count(v),
  decimal: (v) => decimal(v),
  hours: (v) => (Math.abs(v) < 100 ? decimal(v) : count(v)),
  share: (v) => share(v),
  fine_share: (v) => fine_share(v),
  signed_share: (v) => signed_share(v),
  span: (v) => span(v),
};
/// Nothing known is written as a dash.
const write = (kind, v) => (v === null || v === undefined || v === "" ? "–" : writers[kind](v));

const sum = (list, of = (x) => x) => list.reduce((all, x) => all + of(x), 0);
const ratio = (part, whole) => (whole > 0 ? part / whole : null);

// ---- elements ----

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/// An element of the page: h("p", {class: "note"}, "text", …).
const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

// The namespace is asked of a picture that the page already has.
const svg_space = document.getElementById("mark").namespaceURI;
const s = (tag, attributes, ...children) => fill(document.createElementNS(svg_space, tag), attributes, children);

/// Says something to those who listen to the page.
function say(text) {
  const line = document.getElementById("said");
  line.textContent = "";
  setTimeout(() => { line.textContent = text; }, 30);
}

/// What kind of figure this is: published, assumed, fitted or result.
const badge = (kind) => h("span", { class: "badge " + kind, title: t("kind." + kind + ".means") }, t("kind." + kind));

/// A heading of a view with what it is about.
function opening(section, key) {
  section.append(h("header", { class: "view-head" }, h("h2", null, t(key + ".title")), h("p", { class: "lead" }, t(key + ".lead"))));
}
