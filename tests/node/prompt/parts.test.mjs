/** The prompt's parts that need no page. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createPostSessionTransfer } from "post-session-transfer";
import { bundlePrompt } from "../../browser/prompt/support/gallery-server.mjs";

const part = async (name) =>
  import(`data:text/javascript;base64,${Buffer.from(await bundlePrompt(name)).toString("base64")}`);

describe("accent", async () => {
  const { accentOf, contrast, parseColor, standingOut } = await part("accent.ts");
  const white = [1, 1, 1];
  const black = [0, 0, 0];

  test("contrast is WCAG's", () => {
    assert.equal(contrast(white, black), 21);
    assert.equal(contrast(black, white), 21);
    assert.equal(contrast(white, white), 1);
    assert.ok(Math.abs(contrast([0x76 / 255, 0x76 / 255, 0x76 / 255], white) - 4.54) < 0.01);
  });

  test("every accent stands out from every card whose text does, and one that did is not touched", () => {
    const steps = [0, 0.25, 0.5, 0.75, 1];
    const papers = [
      { surface: white, text: [0.09, 0.1, 0.14] },
      { surface: [0.1, 0.12, 0.15], text: [0.95, 0.96, 0.97] },
    ];
    for (const { surface, text } of papers) {
      for (const red of steps) {
        for (const green of steps) {
          for (const blue of steps) {
            const accent = [red, green, blue];
            const moved = standingOut(accent, surface, text);
            assert.ok(contrast(moved, surface) >= 4.5, `${accent}`);
            if (contrast(accent, surface) >= 4.5) assert.deepEqual(moved, accent);
          }
        }
      }
    }
  });

  test("computed colours are read; what cannot be read is left alone", () => {
    assert.deepEqual(parseColor("rgb(255, 0, 51)", black), [1, 0, 0.2]);
    assert.deepEqual(parseColor("rgba(0, 0, 0, 0.5)", white), [0.5, 0.5, 0.5]);
    assert.deepEqual(parseColor("color(srgb 0 none 1 / 0.5)", black), [0, 0, 0.5]);
    assert.deepEqual(parseColor("color(srgb 1.2 -0.1 0)", black), [1, 0, 0]);
    for (const other of ["", "oklch(0.5 0.1 20)", "color(display-p3 1 0 0)", "rgb(a b c)"])
      assert.equal(parseColor(other, white), undefined, other);
    assert.equal(
      accentOf({ color: "lab(1 2 3)", backgroundColor: "rgb(255 255 255)", borderTopColor: "rgb(0 0 0)" }),
      undefined,
    );
  });

  test("a card that can be seen through is taken for what suits its text", () => {
    const style = { color: "rgb(255, 255, 0)", backgroundColor: "rgba(0, 0, 0, 0)", borderTopColor: "rgb(20, 20, 20)" };
    assert.ok(contrast(parseColor(accentOf(style), white), white) >= 4.5);
    assert.equal(accentOf({ ...style, borderTopColor: "rgb(240, 240, 240)" }), "rgb(255 255 0)");
  });
});

describe("autocomplete", async () => {
  const { autocompleteOf } = await part("autocomplete.ts");
  const cases = {
    tel: { anything: "tel" },
    email: { anything: "email" },
    date: { date_of_birth: "bday", birthdate: "bday", dob: "bday", delivery_date: undefined },
    number: { zip: undefined, amount: undefined },
    choice: { country: "country-name", size: undefined },
    text: {
      first_name: "given-name",
      customerGivenName: "given-name",
      "last-name": "family-name",
      surname: "family-name",
      name: "name",
      fullName: "name",
      product_name: undefined,
      postal_code: "postal-code",
      ZIP: "postal-code",
      billing_street: "address-line1",
      address: "street-address",
      email_address: undefined,
      city: "address-level2",
      country: "country-name",
      company: "organization",
      order_number: undefined,
      capacity: undefined,
      "": undefined,
      名前: undefined,
    },
  };
  for (const [input, names] of Object.entries(cases)) {
    test(input, () => {
      for (const [name, token] of Object.entries(names))
        assert.equal(autocompleteOf({ input, name, sensitive: false }), token, name);
      assert.equal(autocompleteOf({ input, name: "first_name", sensitive: true }), "off");
    });
  }
});

test("JavaScript and style of the prompt: at most 10 KB after gzip, so that a locale fits into 12", async (t) => {
  const size = gzipSync(await bundlePrompt(), { level: 9 }).length;
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= 10_240, `${size} bytes`);
});

test("a presentation that is none is refused", async () => {
  await assert.rejects(createPostSessionTransfer({ presentation: "popup" }), { code: "presentation_unknown" });
});
