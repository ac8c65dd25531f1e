import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engines } from "../support/engines.mjs";
import { useGallery } from "./support/gallery-pages.mjs";

const modals = ["modal-opt-in", "modal-form"];

/** All rules of axe, the two for AAA contrast and target size with them. Runs in the page. */
async function judge(modals) {
  await import("/axe.js");
  const found = { violations: [], incomplete: [], passed: [] };
  const run = async (where, what) => {
    const { violations, incomplete, passes } = await window.axe.run(what, {
      rules: { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } },
      resultTypes: ["violations", "incomplete"],
    });
    const brief = (rules) =>
      rules.flatMap(({ id, nodes }) =>
        nodes.map(({ target, any, all, none }) => {
          const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
          return `${id}: ${where}, ${target.flat().join(" >>> ")}: ${why}`;
        }),
      );
    found.violations.push(...brief(violations));
    found.incomplete.push(...brief(incomplete));
    found.passed.push(...passes.map(({ id }) => id));
  };
  await run("page", document);
  // A dialog makes the rest inert: one at a time.
  for (const name of modals) {
    window.gallery.draw(name);
    await window.gallery.atRest();
    await run(name, window.gallery.section(name));
    window.gallery.remove(name);
  }
  return found;
}

for (const engine of engines) {
  describe(engine, () => {
    const gallery = useGallery(engine);

    for (const theme of ["light", "dark"]) {
      for (const dir of ["ltr", "rtl"]) {
        for (const width of [320, 1024]) {
          test(`axe finds nothing and leaves nothing to be reviewed: ${theme}, ${dir}, ${width} px`, async () => {
            const page = await gallery.open(`theme=${theme}&dir=${dir}`, { width });
            const { violations, incomplete, passed } = await page.evaluate(judge, width === 320 ? modals : []);
            assert.deepEqual(violations, [], "violations");
            assert.deepEqual(incomplete, [], "to be reviewed");
            for (const rule of ["color-contrast-enhanced", "target-size", "label"])
              assert.ok(passed.includes(rule), `${rule} had nothing to look at`);
          });
        }
      }
    }

    test("axe finds defects that are planted (so that its silence means something)", async () => {
      const page = await gallery.open("state=form-errors");
      const { violations, incomplete } = await page.evaluate(plantDefects).then(() => page.evaluate(judge, []));
      for (const rule of ["label", "color-contrast", "button-name"])
        assert.ok(
          violations.some((one) => one.startsWith(`${rule}:`)),
          `${rule} in ${violations.join("\n")}`,
        );
      assert.ok(incomplete.some((one) => one.startsWith("color-contrast:")));
    });
  });
}

function plantDefects() {
  const [card] = window.gallery.cards();
  card.querySelector("label").remove();
  card.querySelector("[data-action=continue]").textContent = "";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".body { color: #999 } .title { background: linear-gradient(#000, #fff) }");
  card.getRootNode().adoptedStyleSheets.push(sheet);
}
