/** The engines that tests run on: one way to drive all of them. See README.md beside the tests. */
export const engines = ["chromium", "firefox", "webkit"];

/**
 * Starts a browser. Its pages are tabs of one profile: they share cookies, storage, locks and channels.
 *
 * @param {"chromium" | "firefox" | "webkit"} engine
 * @returns {Promise<{
 *   name: string,
 *   newPage: (options?: { viewport?: { width: number, height: number } }) => Promise<import("./engine-page.mjs").EnginePage>,
 *   close: () => Promise<void>,
 * }>}
 */
export async function launch(engine) {
  if (!engines.includes(engine)) throw new Error(`No engine is called ${engine}. Engines: ${engines.join(", ")}`);
  return (await import(`./engine-${engine}.mjs`)).launch();
}
