import { seconds } from "../lib/steps.mjs";
import { addCounts, emptyCounts } from "./counts.mjs";

/**
 * Runs layers in their order, all of them even if one fails, and prints a table and the totals.
 * @returns {Promise<number>} an exit status
 */
export async function runLayers(layers) {
  const rows = [];
  for (const layer of layers) {
    console.log(`\n── ${layer.name}`);
    const start = performance.now();
    const { status, counts } = await layer.run();
    rows.push({ name: layer.name, time: performance.now() - start, counts: judge(status, counts) });
  }
  const total = rows.map((row) => row.counts).reduce(addCounts, emptyCounts());
  printTable(rows);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed > 0 ? 1 : 0;
}

/** A layer that ran nothing, and one that failed without a failed test (a crash, a time-out), count as one failure. */
function judge(status, counts) {
  const ran = counts.passed + counts.failed;
  if (ran === 0) return { ...counts, failed: 1, note: "ran no test" };
  if (status !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `exit status ${status}` };
  return counts;
}

function printTable(rows) {
  const width = Math.max(...rows.map((row) => row.name.length));
  console.log();
  for (const { name, time, counts } of rows) {
    const mark = counts.failed > 0 ? "✗" : "✓";
    const numbers = `${String(counts.passed).padStart(6)} passed ${String(counts.failed).padStart(4)} failed`;
    const note = counts.note ? `  (${counts.note})` : "";
    console.log(`${mark} ${name.padEnd(width)} ${numbers} ${seconds(time).padStart(9)}${note}`);
  }
}
