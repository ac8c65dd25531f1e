/** Elements without mark-up: text is always text. */
export type Child = Node | string | null;

export type Attributes = Readonly<Record<string, string | undefined>>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  doc: Document,
  name: Name,
  attributes: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = doc.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A decorative line drawing of 24 × 24. */
export function drawing(doc: Document, look: string, path: string): SVGSVGElement {
  const svg = doc.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    class: look,
    viewBox: "0 0 24 24",
    "aria-hidden": "true",
    focusable: "false",
  }))
    svg.setAttribute(key, value);
  const line = doc.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
