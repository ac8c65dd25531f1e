// What is asked for in the prompt, what the page gives, and what stays on record: on the demo page, under the strict policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const records = async (demo, path) => (await fetch(`${demo.demo.recordsUrl}${path}`)).json();

test("a wrong phone number is told at its field, and the right one goes to the endpoint with what the page gives", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "fields" });
  await demo.agentEnds();
  const phone = demo.page.getByLabel("Phone number");
  await phone.fill("call me");
  await demo.page.getByLabel("What is it about?").selectOption("A repair");
  await demo.button("Yes").click();
  await demo.chat.getByText("Please enter a phone number").waitFor();
  assert.equal(await phone.getAttribute("aria-invalid"), "true");
  assert.equal(await phone.inputValue(), "call me", "what was typed still stands there");
  assert.equal(await demo.page.getByLabel("What is it about?").inputValue(), "A repair");
  demo.assertNothingSent();

  await phone.fill("+47 22 86 44 00");
  await phone.press("Enter");
  await demo.hears("Was your problem solved?");
  const { body } = demo.handoffs[0];
  assert.deepEqual(
    Object.entries(body.data_parameters).filter(([name]) => /callback|topic|basket/.test(name)),
    [
      ["callback", "+47 22 86 44 00"],
      ["topic", "A repair"],
      ["basket_items", 3],
      ["basket_value", 184.5],
    ],
  );
  assert.ok(!(await demo.page.locator("#events").textContent()).includes("22 86 44"), "a sensitive value on screen");
});

/** All that the page says, in closed panels, in fields and in shadow roots, too. */
const everyText = (page) =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll("textarea, input")].map(({ value }) => value);
    const shadows = [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot?.textContent ?? []);
    return [document.body.textContent, ...fields, ...shadows].join("\n");
  });

test("a sensitive value arrives everywhere, and is shown nowhere", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "fields" });
  const { page } = demo;
  const settings = page.locator("#settings");
  const changed = JSON.parse(await settings.inputValue());
  changed.chat.data_records.in_crm_record = true;
  await settings.fill(JSON.stringify(changed));
  await demo.button("Apply and restart").click();
  await demo.chat.getByText("Kim has joined").waitFor();
  await demo.agentEnds();
  await page.getByLabel("Phone number").fill("+47 22 86 44 00");
  await page.getByLabel("What is it about?").selectOption("A repair");
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  await page.locator('[data-event="record"]', { hasText: "delivered" }).nth(1).waitFor();
  const shows = async () => {
    await demo.button("Refresh").click();
    for (const [label, line] of [
      ["Envelope", '"callback": "***"'],
      ["Session metadata file", '"callback": "***"'],
      ["Comment in the CRM", "callback: ***"],
    ])
      await page.getByLabel(label).getByText(line).waitFor();
    for (const id of ["received", "metadata-files", "crm-comments"])
      await page.locator(`#${id}`).getByText("a sensitive value, hidden here").waitFor();
    const text = await everyText(page);
    assert.ok(text.includes("A repair"), "what is not sensitive is shown");
    assert.doesNotMatch(text, /22 ?86 ?44/);
  };
  await shows();
  // Also under other settings, and after a reload with them.
  await page.locator("#scenario").selectOption("opt-in");
  await demo.chat.getByText("Kim has joined").waitFor();
  await shows();
  await page.reload();
  await page.locator("html[data-transfer]").waitFor();
  await shows();
  // What the services were given is theirs.
  const { body } = demo.handoffs[0];
  assert.equal(body.data_parameters.callback, "+47 22 86 44 00");
  const held = JSON.stringify(demo.demo.records.report());
  assert.equal(held.match(/\+47 22 86 44 00/g)?.length, 2, held);
});

test("what will be shared is told before the answer, and a No shares nothing of it", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "fields" });
  await demo.agentEnds();
  await demo.chat.getByText("What will be shared").click();
  const list = demo.page.locator("[data-post-session-transfer] dl");
  await list.waitFor();
  const shown = await list.textContent();
  for (const text of ["Order", "HP-20417", "Phone number", "Hidden", "basket_items", "Added when you continue"])
    assert.ok(shown.includes(text), `${text} in ${shown}`);
  await demo.page.getByLabel("Phone number").fill("+47 22 86 44 00");
  await demo.button("No").click();
  await demo.sees(demo.outcome, "declined");
  demo.assertNothingSent();
});

test("nobody has to agree, but a field has to be filled in", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "fields-only" });
  await demo.agentEnds();
  await demo.button("Continue").click();
  await demo.chat.getByText("Please fill in this field.").waitFor();
  demo.assertNothingSent();
  await demo.page.getByLabel("Phone number").fill("112");
  await demo.button("Continue").click();
  await demo.hears("Was your problem solved?");
  assert.equal(demo.handoffs[0].body.opt_in.selected, null);
});

test("both records are written once the hand-off is accepted", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "records" });
  await demo.agentEnds();
  await demo.button("Yes").click();
  await demo.hears("Was your problem solved?");
  const { key, body } = demo.handoffs[0];
  await demo.page.locator('[data-event="record"]', { hasText: "delivered" }).nth(1).waitFor();
  const file = await records(demo, `/files/${body.session.id}/metadata.json`);
  assert.equal(file.post_session_transfer.handoff_id, key);
  assert.deepEqual(file.data_parameters, body.data_parameters);
  assert.ok(file.agent_info.email, "the human agent stays in the file");
  const crm = JSON.stringify(await records(demo, `/crm/comments?session=${body.session.id}`));
  assert.ok(crm.includes("Data parameters passed to Survey bot"), crm);
  assert.ok(crm.includes("order_id: HP-20417"), crm);
});

test("a No is put on record without any data, and one sink may fail while the other works", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "records", expectedErrors: [/500|Failed to load resource/] });
  await demo.page.locator("#crm-fault").selectOption("500");
  await demo.agentEnds();
  await demo.button("No").click();
  await demo.sees(demo.outcome, "declined");
  await demo.page.locator('[data-event="record"]', { hasText: "delivered" }).first().waitFor();
  await demo.page.locator('[data-event="record"]', { hasText: "server_error" }).first().waitFor();
  demo.assertNothingSent();
});

test("the question is asked in the language that is chosen, and its version goes with the answer", async (t) => {
  const demo = await openDemo(t, browser(), { scenario: "opt-in&locale=ar&theme=dark" });
  await demo.agentEnds();
  await demo.button("نعم").click();
  await demo.hears("Was your problem solved?");
  const { opt_in } = demo.handoffs[0].body;
  assert.deepEqual([opt_in.locale, opt_in.text_version], ["ar", "ar-1"]);
});
