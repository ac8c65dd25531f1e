import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch } from "../../support/engines.mjs";
import { startGallery } from "./gallery-server.mjs";

/**
 * The gallery in one engine, for the tests of a `describe`. When they are over, nothing may have violated the policy, and nothing been told the console.
 *
 * @param {"chromium" | "firefox" | "webkit"} engine
 */
export function useGallery(engine) {
  let browser;
  let gallery;
  let page;
  before(async () => {
    gallery = await startGallery();
    browser = await launch(engine);
    page = await browser.newPage({ viewport: { width: 1024, height: 900 } });
  });
  after(async () => {
    try {
      assert.deepEqual(await page.violations(), [], "violations of the policy, as the page saw them");
      assert.deepEqual(gallery.violations, [], "violations of the policy, as reported");
      assert.deepEqual(page.errors, [], "errors on the console");
    } finally {
      await browser?.close();
      await gallery?.close();
    }
  });
  return {
    get page() {
      return page;
    },
    /**
     * Opens the gallery, if wanted with its cards at rest.
     *
     * @param {string} query
     * @returns {Promise<import("../../support/engine-page.mjs").EnginePage>}
     */
    async open(query, { width = 1024, height = 900, rest = true } = {}) {
      await page.setViewport(width, height);
      await page.goto(`${gallery.url}/?${query}`);
      await page.waitFor(rest ? () => window.gallery?.atRest() : () => window.gallery !== undefined);
      return page;
    },
  };
}
