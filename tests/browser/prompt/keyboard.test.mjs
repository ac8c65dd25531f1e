import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engines } from "../support/engines.mjs";
import { useGallery } from "./support/gallery-pages.mjs";

/* Functions that run in the page. */

/** Where the keyboard is: an action, a control's id, `summary`, `title`, or an element of the page; `host` where the card was. */
function place() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at === null || at === document.body) return "nowhere";
  if (at.hasAttribute("data-post-session-transfer")) return "host";
  return at.dataset.action ?? (at.id || at.localName);
}

/** How well the focus is seen: the ring's width in pixels, and its contrast with what is around it. */
function ring() {
  // Without a window manager, which only WebKit needs, its window is never the active one, and `:focus` matches nothing.
  if (!document.hasFocus()) return null;
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parts(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const around = getComputedStyle(at.closest(".card")).backgroundColor;
  const [dark, light] = [luminance(outlineColor), luminance(around)].sort((a, b) => a - b);
  return {
    width: outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth),
    contrast: (light + 0.05) / (dark + 0.05),
  };
}

function answers() {
  return window.gallery.answers.splice(0).map(({ action, values }) => [action, values]);
}

/** Shows another prompt in place of a state's: the same with changes, or that of another state, or none. */
function show(name, other, changes) {
  window.gallery.show(name, other === null ? null : { ...window.gallery.prompt(other), ...changes });
}

for (const engine of engines) {
  describe(engine, () => {
    const gallery = useGallery(engine);
    const open = (query) => gallery.open(query, { rest: false });
    const at = () => gallery.page.evaluate(place);
    const said = () => gallery.page.evaluate(answers);
    const press = async (...keys) => {
      for (const key of keys) await gallery.page.press(key);
    };

    const tabTo = async (wanted) => {
      const seen = [];
      for (let steps = 0; steps < 15; steps += 1) {
        seen.push(await at());
        if (wanted.test(seen.at(-1))) return;
        await press("Tab");
      }
      assert.fail(`${wanted} is not reached: ${seen}`);
    };

    /** From the button before the card to the one after it: every stop, each with a ring that can be seen. */
    async function stops(most = 20) {
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      const seen = [];
      while (seen.length < most) {
        await press("Tab");
        const where = await at();
        if (where === "after") return seen;
        const seenRing = await gallery.page.evaluate(ring);
        if (seenRing === null) assert.equal(engine, "webkit");
        else assert.ok(seenRing.width >= 2 && seenRing.contrast >= 3, `${where}: ${JSON.stringify(seenRing)}`);
        if (seen.at(-1) !== where) seen.push(where); // a date is a stop for each of its parts
      }
      assert.fail(`no way out: ${seen}`);
    }

    // Only a ring's colour differs, and it is the same style in every engine.
    for (const theme of engine === "chromium" ? ["light", "dark"] : ["light"]) {
      test(`the way through the card, ${theme}`, async () => {
        await open(`state=opt-in-everything&theme=${theme}`);
        assert.deepEqual(await stops(), ["field-0", "summary", "more_time", "yes", "no"]);
        await open(`state=form&theme=${theme}`);
        const fields = ["field-0", "field-1", "field-2", "field-3", "field-4"];
        const found = await stops();
        // Which radio button of an untouched group is reached is the browser's.
        assert.match(found.splice(5, 1)[0], /^field-5-/);
        while (/^field-5-/.test(found[5])) found.splice(5, 1);
        assert.deepEqual(found, [...fields, "field-6", "continue", "not_now"]);
      });
    }

    test("Yes with Enter, No with the space bar, each once", async () => {
      await open("state=opt-in");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      await press("Tab", "Enter", "Enter", "Tab", "Space");
      assert.deepEqual(await said(), [["yes", {}]]);
      await open("state=opt-in");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      await press("Tab", "Tab", "Space", "Space");
      assert.deepEqual(await said(), [["no", {}]]);
    });

    test("an answer that is not taken can be given again", async () => {
      await open("state=opt-in");
      await gallery.page.evaluate(() => {
        window.gallery.takes = false;
        document.getElementById("before").focus();
      });
      await press("Tab", "Enter", "Enter");
      assert.deepEqual(await said(), [
        ["yes", {}],
        ["yes", {}],
      ]);
    });

    test("what will be shared opens and closes, and stays open when the prompt is drawn again", async () => {
      await open("state=opt-in-shared");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      const isOpen = () =>
        gallery.page.evaluate(() => window.gallery.root("opt-in-shared").querySelector("details").open);
      await press("Tab", "Enter");
      assert.equal(await isOpen(), true);
      await gallery.page.evaluate(show, "opt-in-shared", "opt-in-shared", { note: "Time left to answer: 20 seconds" });
      assert.equal(await isOpen(), true);
      assert.equal(await at(), "summary");
      await press("Space");
      assert.equal(await isOpen(), false);
    });

    test("a form: typed, chosen with the arrows, sent with Enter, refused, mended", async () => {
      await open("state=form-filled");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      const radios = () =>
        gallery.page.evaluate(() => window.gallery.root("form-filled").querySelector(":checked").value);
      await press("Tab", "End");
      await gallery.page.type(" L.");
      await tabTo(/^field-2-/);
      await press("ArrowDown");
      assert.equal(await radios(), "Large");
      await press("ArrowUp", "ArrowUp");
      assert.equal(await radios(), "Small");
      await gallery.page.evaluate(() => window.gallery.root("form-filled").getElementById("field-0").focus());
      await press("Enter");
      const given = { first_name: "Ada L.", date_of_birth: "1815-12-10", size: "Small" };
      assert.deepEqual(await said(), [["continue", given]]);

      await gallery.page.evaluate(() => {
        const { fields } = window.gallery.prompt("form-filled");
        const wrong = fields.map((field, index) => (index === 2 ? { ...field, error: "Not that one." } : field));
        const prompt = { ...window.gallery.prompt("form-filled"), fields: wrong, note: "Check.", focus: "invalid" };
        window.gallery.show("form-filled", prompt);
      });
      assert.equal(await at(), "field-2-0", "on what has been chosen, in the group that is wrong");
      await press("ArrowDown", "Tab");
      await tabTo(/^continue$/);
      await press("Space");
      assert.deepEqual(await said(), [["continue", { ...given, size: "Medium" }]]);
    });

    test("not now takes no values along", async () => {
      await open("state=form-filled");
      await gallery.page.evaluate(() =>
        window.gallery.root("form-filled").querySelector("[data-action=not_now]").focus(),
      );
      await press("Enter");
      assert.deepEqual(await said(), [["not_now", {}]]);
    });

    test("a warning moves nothing: neither the focus nor what is half typed", async () => {
      await open("state=opt-in-everything");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      await press("Tab");
      await gallery.page.type("half");
      await gallery.page.evaluate(show, "opt-in-everything", "opt-in-everything", {
        note: "Time left to answer: 20 seconds",
        announce: { seq: 2, text: "20 seconds" },
      });
      await gallery.page.type(" typed");
      assert.equal(await at(), "field-0");
      assert.equal(
        await gallery.page.evaluate(() => window.gallery.root("opt-in-everything").getElementById("field-0").value),
        "half typed",
      );
    });

    test("the focus is not taken from the page, and goes back to where it was when the card goes", async () => {
      await open("state=opt-in");
      await gallery.page.evaluate(() => document.getElementById("after").focus());
      await gallery.page.evaluate(show, "opt-in", "stalled");
      assert.equal(await at(), "after");
      await press("Shift+Tab");
      assert.equal(await at(), "not_now");
      await gallery.page.evaluate(show, "opt-in", "connecting");
      assert.equal(await at(), "title");
      await gallery.page.evaluate(show, "opt-in", null);
      assert.equal(await at(), "after");
      await gallery.page.evaluate(show, "opt-in", "connected");
      assert.equal(await at(), "after");
    });

    test("where the person was is gone as well: the focus stays where the card was", async () => {
      await open("state=opt-in");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      await press("Tab");
      await gallery.page.evaluate(() => {
        document.getElementById("before").hidden = true;
        window.gallery.show("opt-in", null);
      });
      assert.equal(await at(), "host");
      await press("Tab");
      assert.equal(await at(), "after");
    });

    test("more time, and its button goes: the focus stays in the card", async () => {
      await open("state=opt-in-time");
      await gallery.page.evaluate(() => document.getElementById("before").focus());
      await press("Tab", "Enter");
      assert.deepEqual(await said(), [["more_time", {}]]);
      await gallery.page.evaluate(show, "opt-in-time", "opt-in");
      assert.equal(await at(), "title");
    });

    test("a dialog: first on No, round and round inside, Escape says No, and back to where the person was", async () => {
      await open("state=none");
      await gallery.page.evaluate(() => {
        document.getElementById("after").focus();
        window.gallery.draw("modal-opt-in");
      });
      assert.equal(await at(), "no");
      const isOpen = () =>
        gallery.page.evaluate(() => window.gallery.root("modal-opt-in").querySelector("dialog").open);
      const seen = new Set();
      for (let steps = 0; steps < 10; steps += 1) {
        await press("Tab");
        seen.add(await at());
      }
      for (const stop of ["summary", "more_time", "yes", "no"]) assert.ok(seen.has(stop), `${stop} in ${[...seen]}`);
      for (const page of ["before", "after", "nowhere"]) assert.ok(!seen.has(page), `${page} behind the dialog`);
      await tabTo(/^summary$/);
      await press("Shift+Tab");
      assert.equal(await at(), "no");

      await gallery.page.evaluate(() => {
        window.gallery.takes = false;
      });
      await press("Escape");
      await press("Escape");
      assert.deepEqual(await said(), [
        ["no", {}],
        ["no", {}],
      ]);
      assert.equal(await isOpen(), true, "it does not close without an answer that is taken");
      await gallery.page.evaluate(() => {
        window.gallery.takes = true;
      });
      await press("Escape");
      await press("Escape");
      assert.deepEqual(await said(), [["no", {}]]);
      await gallery.page.evaluate(show, "modal-opt-in", null);
      assert.equal(await isOpen(), false);
      assert.equal(await at(), "after");
    });

    test("a dialog: Yes, it stays while connecting, and lets go of the page on Escape or with the last message", async () => {
      await open("state=none");
      const isOpen = () =>
        gallery.page.evaluate(() => window.gallery.root("modal-opt-in").querySelector("dialog").open);
      await gallery.page.evaluate(() => {
        document.getElementById("before").focus();
        window.gallery.onAnswer = (name) => window.gallery.show(name, window.gallery.prompt("connecting"));
        window.gallery.draw("modal-opt-in");
      });
      await tabTo(/^yes$/);
      await press("Enter");
      assert.deepEqual(await said(), [["yes", {}]]);
      assert.deepEqual([await isOpen(), await at()], [true, "title"]);
      await press("Escape");
      assert.deepEqual([await isOpen(), await at()], [false, "before"]);
      await gallery.page.evaluate(show, "modal-opt-in", "stalled");
      assert.deepEqual([await isOpen(), await at()], [true, "not_now"]);
      await gallery.page.evaluate(show, "modal-opt-in", "connected");
      assert.deepEqual([await isOpen(), await at()], [false, "before"]);
      assert.deepEqual(await said(), []);
    });

    test("a dialog that is taller than the window begins at its start", async () => {
      await gallery.open("state=modal-form", { height: 420, rest: false });
      assert.equal(await at(), "title");
      await gallery.open("state=modal-form", { height: 900, rest: false });
      assert.equal(await at(), "not_now");
    });

    test("a dialog with fields: what is typed stays when it is refused", async () => {
      await open("state=none");
      await gallery.page.evaluate(() => {
        document.getElementById("before").focus();
        window.gallery.draw("modal-form", { ...window.gallery.prompt("modal-form"), focus: "invalid" });
      });
      assert.equal(await at(), "field-0");
      await gallery.page.type("Ada");
      await press("Tab");
      await gallery.page.type("5");
      await press("Enter");
      assert.deepEqual(await said(), [["continue", { first_name: "Ada", phone: "5", size: "" }]]);
      await gallery.page.evaluate(() => {
        const prompt = window.gallery.prompt("modal-form");
        const fields = prompt.fields.map((field, index) => ({ ...field, error: index === 1 ? "Wrong." : "" }));
        window.gallery.show("modal-form", { ...prompt, fields, focus: "invalid" });
      });
      assert.equal(await at(), "field-1");
      await press("Escape");
      assert.deepEqual(await said(), [["not_now", {}]]);
    });
  });
}

describe("held keys and double clicks answer once, whatever comes up under them", () => {
  const gallery = useGallery("chromium");
  const open = (query) => gallery.open(query);

  const draw = async () => {
    await open("state=opt-in");
    await gallery.page.evaluate(() => {
      window.gallery.onAnswer = (name) =>
        window.gallery.show(name, { ...window.gallery.prompt("stalled"), focus: "try_again" });
    });
    return gallery.page.driver;
  };

  test("a held Enter", async () => {
    const { keyboard } = await draw();
    await gallery.page.evaluate(() => document.getElementById("before").focus());
    await keyboard.press("Tab");
    for (let repeats = 0; repeats < 5; repeats += 1) await keyboard.down("Enter");
    await keyboard.up("Enter");
    assert.equal(await gallery.page.evaluate(place), "try_again");
    assert.deepEqual(await gallery.page.evaluate(answers), [["yes", {}]]);
    await keyboard.press("Enter");
    assert.deepEqual(await gallery.page.evaluate(answers), [["try_again", {}]]);
  });

  test("a double click", async () => {
    const { mouse } = await draw();
    const { x, y } = await gallery.page.evaluate(() => {
      const rect = window.gallery.root("opt-in").querySelector("[data-action=yes]").getBoundingClientRect();
      return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
    });
    await mouse.dblclick(x, y);
    assert.deepEqual(await gallery.page.evaluate(answers), [["yes", {}]]);
    await mouse.click(x, y);
    assert.deepEqual(await gallery.page.evaluate(answers), [["try_again", {}]]);
  });

  test("a double click on what submits", async () => {
    await open("state=opt-in-everything");
    const { mouse } = gallery.page.driver;
    const { x, y } = await gallery.page.evaluate(() => {
      window.gallery.onAnswer = (name) => window.gallery.show(name, window.gallery.prompt("opt-in-everything"));
      const yes = window.gallery.root("opt-in-everything").querySelector("[data-action=yes]");
      yes.scrollIntoView();
      const rect = yes.getBoundingClientRect();
      return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
    });
    await mouse.dblclick(x, y);
    assert.deepEqual(await gallery.page.evaluate(answers), [["yes", { first_name: "" }]]);
  });
});
