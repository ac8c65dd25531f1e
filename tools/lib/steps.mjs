/**
 * Runs one step and prints one line with its outcome and how long it took, on standard error: standard output is for
 * what a command answers.
 * @template T
 * @param {string} title
 * @param {(say: (doing: string) => void) => Promise<T>} body calls `say` before anything slow; a string it returns is
 *   shown behind the title
 * @returns {Promise<T>}
 */
export async function step(title, body) {
  const start = performance.now();
  const say = (doing) => console.error(`  ${title}: ${doing} …`);
  try {
    const result = await body(say);
    const detail = typeof result === "string" ? ` (${result})` : "";
    console.error(`✓ ${title}${detail} ${seconds(performance.now() - start)}`);
    return result;
  } catch (error) {
    console.error(`✗ ${title} ${seconds(performance.now() - start)}`);
    throw error;
  }
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
