// The transfers of a page that keeps them to itself, such as the demo's.

/**
 * Lets the page load the package through a module of the same origin, which keeps what is made. To be called before the page is opened.
 *
 * @param {import("playwright-core").Page} page
 */
export async function watchTransfers(page) {
  await page.route("**/package/index.js", (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: `
        import { createPostSessionTransfer as create } from "/package/index.js?itself";
        export * from "/package/index.js?itself";
        export async function createPostSessionTransfer(options) {
          const transfer = await create(options);
          (globalThis.transfers ??= []).push(transfer);
          return transfer;
        }`,
    }),
  );
}

/** The log of the latest one. @param {import("playwright-core").Page} page */
export const logOf = (page) => page.evaluate(() => globalThis.transfers.at(-1).log());
