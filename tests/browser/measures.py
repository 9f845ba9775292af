"""Measures a page in a browser: the size of its letters, and their contrast with what is behind them."""

from __future__ import annotations

_TEXTS = """
  const unseen = ["SCRIPT", "STYLE", "TITLE", "DESC"];
  const hasText = each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const texts = [...document.querySelectorAll("body *")].filter(each =>
    each.getClientRects().length && hasText(each) && !unseen.includes(each.tagName.toUpperCase()));
"""

MEASURE_LETTERS = f"""() => {{
  {_TEXTS}
  const scale = each => each.getScreenCTM ? each.getScreenCTM().d : 1;
  return texts.map(each => [parseFloat(getComputedStyle(each).fontSize) * scale(each), each.textContent])
    .sort((one, other) => one[0] - other[0])[0];
}}"""
"""The smallest letters in pixels, and what they say."""

MEASURE_CONTRAST = f"""() => {{
  {_TEXTS}
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const linear = c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const luminance = colour => parse(colour).slice(0, 3)
    .reduce((sum, c, n) => sum + linear(c / 255) * [.2126, .7152, .0722][n], 0);
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const style = getComputedStyle;
  const paper = each => {{
    for (; each; each = each.parentElement)
      if (parse(style(each).backgroundColor)[3] !== 0) return style(each).backgroundColor;
  }};
  const shape = text => {{
    for (let each = text.previousElementSibling; each; each = each.previousElementSibling)
      if (["rect", "circle"].includes(each.tagName) && !each.matches(".ring, .track")) return style(each).fill;
  }};
  const measure = each => each instanceof SVGElement
    ? ratio(luminance(style(each).fill), luminance(shape(each)))
    : ratio(luminance(style(each).color), luminance(paper(each)));
  return texts.map(each => [each.textContent, measure(each)]).filter(([, found]) => !(found >= 4.5));
}}"""
"""The texts whose contrast with what is behind them is below 4.5:1, and their contrast."""
