/** The name that somebody may have meant: the nearest of those known, if it is near enough to be a typing error. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const lower = typed.toLowerCase();
  if (lower === "") return undefined;
  // One mistake in a short name, two or three in a long one.
  let best = Math.max(1, Math.floor(lower.length / 3)) + 1;
  let name: string | undefined;
  for (const candidate of known) {
    const far = distance(lower, candidate.toLowerCase(), best);
    if (far < best) {
      best = far;
      name = candidate;
    }
  }
  // Somebody who breaks off a name means it too.
  return name ?? (lower.length < 4 ? undefined : known.find((candidate) => candidate.toLowerCase().startsWith(lower)));
}

/** Insertions, deletions, substitutions and swaps of neighbours between two names (optimal string alignment); `limit` or more is `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return Math.min(limit, at(above, b.length));
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
