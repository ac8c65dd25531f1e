/** What one element is told from its neighbours by, when a card is drawn again. */
function key(node: Node): string {
  const id = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : undefined;
  return `${node.nodeName} ${id?.getAttribute("data-key") ?? id?.id ?? ""}`;
}

/**
 * Makes `old` look like `drawn`, and returns what is in the page then. Whatever can stay stays the same node and is never moved: so what has been
 * typed or opened, and the focus, stay too.
 */
export function patch(old: Element, drawn: Element): Element {
  if (key(old) !== key(drawn)) {
    old.replaceWith(drawn);
    return drawn;
  }
  patchAttributes(old, drawn);
  let at: ChildNode | null = old.firstChild;
  for (const child of [...drawn.childNodes]) {
    const kept = next(at, key(child));
    if (kept === null) {
      old.insertBefore(child, at);
      continue;
    }
    while (at !== null && at !== kept) at = removed(at);
    if (kept.nodeType === Node.ELEMENT_NODE) patch(kept as unknown as Element, child as unknown as Element);
    else if (kept.nodeValue !== child.nodeValue) kept.nodeValue = child.nodeValue;
    at = kept.nextSibling;
  }
  while (at !== null) at = removed(at);
  return old;
}

function patchAttributes(old: Element, drawn: Element): void {
  // The person has opened it.
  for (const { name } of [...old.attributes])
    if (name !== "open" && !drawn.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of drawn.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

/** The first node from `at` on that has the key. */
function next(at: ChildNode | null, wanted: string): ChildNode | null {
  let node = at;
  while (node !== null && key(node) !== wanted) node = node.nextSibling;
  return node;
}

function removed(node: ChildNode): ChildNode | null {
  const after = node.nextSibling;
  node.remove();
  return after;
}
