/** Cells of a finite space, merged into boxes: for each dimension a set of its values. */

/** One value for each dimension, by its number. */
export type Cell = readonly number[];
/** For each dimension the values, sorted. */
export type Box = readonly (readonly number[])[];

/** Boxes that hold exactly these cells, none of them twice. Boxes that differ in one dimension only are united, until there are none. */
export function merge(cells: readonly Cell[], dimensions: number): readonly Box[] {
  let boxes: readonly Box[] = cells.map((cell) => cell.map((value) => [value]));
  for (let before = -1; before !== boxes.length; ) {
    before = boxes.length;
    for (let dimension = dimensions - 1; dimension >= 0; dimension -= 1) boxes = unite(boxes, dimension);
  }
  return boxes;
}

function unite(boxes: readonly Box[], dimension: number): readonly Box[] {
  const groups = new Map<string, number[][]>();
  for (const box of boxes) {
    const key = JSON.stringify(box.with(dimension, []));
    const group = groups.get(key);
    if (group === undefined)
      groups.set(
        key,
        box.map((values) => [...values]),
      );
    else (group[dimension] as number[]).push(...(box[dimension] as readonly number[]));
  }
  const united = [...groups.values()];
  for (const box of united) box[dimension]?.sort((a, b) => a - b);
  return united;
}
