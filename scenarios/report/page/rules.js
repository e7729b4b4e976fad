// How rules, checks and people's reasons are named, and the law that stands behind them.

/// 16(1)(二) → 第16(1)(二)条, art. 16(1)(2).
function article_of(b) {
  if (b.statute === "platform") return name_of("platform_rule", b.article);
  if (b.article === "全文") return t("basis.whole");
  const digits = "一二三四五六七八九";
  const latin = b.article.replace(/[一二三四五六七八九]/g, (c) => String(digits.indexOf(c) + 1));
  return t("basis.article", language === "zh" ? b.article : latin);
}
const basis_of = (f) => (f.basis || []).map((b) => t("basis.law", b.statute === "platform" ? t("basis.platform") : name_of("statute", b.statute), article_of(b)))
  .join(language === "zh" ? "；" : "; ");

function rule_name(f) {
  if (f.title) return pick(f.title);
  if (f.id.startsWith("gate:")) return name_of("gate", f.id.slice(5));
  return name_of("person", f.id.slice(f.id.indexOf(":") + 1));
}
function rule_source(f) {
  if (f.id.startsWith("gate:")) return t("rules.by.gate");
  return f.id.startsWith("person:") ? t("rules.by.person") : t("rules.by.rule");
}
