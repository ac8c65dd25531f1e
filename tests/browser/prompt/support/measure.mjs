/**
 * What can be measured of all cards in the gallery, and what falls short. Stands alone: it runs in a page.
 *
 * @returns {Record<"targets", { seen: number, small: string[] }> & Record<"texts" | "edges" | "marks", { seen: number, weak: string[] }> &
 *   { outside: string[], wide: string[] }}
 */
export function measure() {
  const colorOf = (text) => {
    const scale = text.startsWith("color(") ? 1 : 255;
    const [red, green, blue, alpha = 1] = text
      .replace("srgb", "")
      .match(/[\d.]+(e-?\d+)?/g)
      .map(Number);
    return { parts: [red / scale, green / scale, blue / scale], alpha };
  };
  const over = (top, below) => top.parts.map((part, at) => part * top.alpha + below[at] * (1 - top.alpha));
  const luminance = (parts) => {
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  /** What an element is painted on: its own backgrounds and those around it, up to the card. */
  const ground = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    const own = colorOf(backgroundColor);
    if (own.alpha === 1) return own.parts;
    if (element.matches(".card")) throw new Error("The card can be seen through.");
    return over(own, ground(element.parentElement));
  };
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const found = {
    targets: { seen: 0, small: [] },
    texts: { seen: 0, weak: [] },
    edges: { seen: 0, weak: [] },
    marks: { seen: 0, weak: [] },
    outside: [],
    wide: [],
  };
  const nameOf = (card, element) =>
    `${card.dataset.key} ${element.localName}.${element.getAttribute("class")} ${element.id}`;
  const judge = (list, element, color, least, name) => {
    list.seen += 1;
    let opacity = 1;
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) opacity *= getComputedStyle(at).opacity;
    const below = ground(element.matches("svg, input[type=radio]") ? element.parentElement : element);
    const top = colorOf(color);
    const ratio = contrast(over({ parts: top.parts, alpha: top.alpha * opacity }, below), below);
    if (ratio < least) list.weak.push(`${name}: ${ratio.toFixed(2)} (${color})`);
  };

  if (document.scrollingElement.scrollWidth > innerWidth)
    found.wide.push(`${document.scrollingElement.scrollWidth} px`);
  for (const card of window.gallery.cards()) {
    const frame = card.getBoundingClientRect();
    for (const element of card.querySelectorAll("*")) {
      if (!seen(element)) continue;
      const name = nameOf(card, element);
      const rect = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (rect.left < frame.left - 0.5 || rect.right > frame.right + 0.5 || rect.bottom > frame.bottom + 0.5)
        found.outside.push(`${name}: ${Math.round(rect.left)} to ${Math.round(rect.right)} px`);
      // A line of text that is wider than its box; a list may be cut off, it shows its text when it opens.
      const boxed = element instanceof HTMLElement && style.display !== "inline" && !element.matches("select, input");
      if (boxed && element.scrollWidth > element.clientWidth + 1) found.outside.push(`${name}: its text`);
      const target = element.matches("button, a, select, summary, .choice, input:not([type=radio])");
      if (target) {
        found.targets.seen += 1;
        if (rect.width < 43.9 || rect.height < 43.9)
          found.targets.small.push(`${name}: ${rect.width} × ${rect.height}`);
      }
      const text = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim() !== "",
      );
      if (text || element.matches("input:not([type=radio])")) judge(found.texts, element, style.color, 7, name);
      const edged = element.matches("button:not(.quiet), a.button, .input, .choice, input[type=radio]");
      if (edged) {
        found.edges.seen += 1;
        const edge = colorOf(style.borderTopColor);
        const inside = contrast(edge.parts, ground(element.parentElement));
        if (inside < 3 || Number.parseFloat(style.borderTopWidth) < 1)
          found.edges.weak.push(`${name}: ${inside.toFixed(2)}`);
      }
      if (element.matches(".mark, .sign")) judge(found.marks, element, style.color, 4.5, name);
    }
  }
  return found;
}
