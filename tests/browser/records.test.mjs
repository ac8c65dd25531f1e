// The services that take records: over HTTP, and what the workbench shows of them.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startDemo } from "../../demo-web/server/start.mjs";
import { openDemo, useChromium } from "./support/demo-page.mjs";

const browser = useChromium();
const handoffId = "0e37df36-f698-81e6-8b1e-3d6c2b7f9a10";

const record = (name, changes = {}) => ({
  schema: 1,
  handoff_id: handoffId,
  record: name,
  ...(name === "crm"
    ? { text: "Data parameters passed to Survey bot\nqueueId: 502" }
    : { fragment: { data_parameters: { queueId: 502 }, post_session_transfer: { session_id: "777" } } }),
  written_at: "2026-01-01T10:10:00.000Z",
  ...changes,
});

const handoff = {
  schema: 1,
  handoff_id: handoffId,
  session: { id: "777", lang: "en", queue_id: "502", ended_by: "agent" },
  virtual_agent: { id: "survey", name: "Survey bot" },
  opt_in: { required: false, selected: null, text_version: null, locale: null, at: null },
  data_parameters: {},
  data_records: { in_metadata: true, in_crm_record: true },
  decided_at: "2026-01-01T10:09:00.000Z",
};

async function send(demo, path, body, key = `${body.handoff_id}:${body.record}`) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key, Origin: demo.pageUrl },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function open(t, options) {
  const demo = await startDemo(options);
  t.after(() => demo.close());
  return {
    ...demo,
    toCrm: (body) => send(demo, `${demo.recordsUrl}/crm/records`, body),
    toFiles: (body) => send(demo, `${demo.recordsUrl}/files/records`, body),
    read: async (path) => (await fetch(`${demo.recordsUrl}${path}`)).json(),
  };
}

test("the CRM keeps each comment once, by session", async (t) => {
  const demo = await open(t);
  await send(demo, `${demo.endpointUrl}/handoff`, handoff, handoffId);
  assert.equal((await demo.toCrm(record("crm"))).status, 200);
  assert.equal((await demo.toCrm(record("crm"))).headers.get("idempotency-replayed"), "true");
  assert.equal((await demo.toCrm(record("crm", { text: "forged" }))).status, 422);
  const { comments } = await demo.read("/crm/comments?session=777");
  assert.deepEqual(comments, [
    {
      session_id: "777",
      handoff_id: handoffId,
      record: "crm",
      text: record("crm").text,
      written_at: "2026-01-01T10:10:00.000Z",
    },
  ]);
  assert.deepEqual((await demo.read("/crm/comments?session=778")).comments, []);
});

test("the file store merges into what the platform wrote, and the human agent stays", async (t) => {
  const demo = await open(t);
  const fragment = { ...record("metadata").fragment, agent_info: { va_alias: "bot" } };
  assert.equal((await demo.toFiles(record("metadata", { fragment }))).status, 200);
  const metadata = await demo.read("/files/777/metadata.json");
  assert.equal(metadata.id, 777);
  assert.equal(metadata.agent_info.email, "kim@halden-pine.example");
  assert.deepEqual(metadata.data_parameters, { queueId: 502 });
  assert.deepEqual(demo.records.report().files.files[0].kept, ["/agent_info"]);
  assert.deepEqual(await demo.read("/files"), { sessions: ["777"] });
  assert.equal((await fetch(`${demo.recordsUrl}/files/778/metadata.json`)).status, 404);
});

test("a consent goes to both under one key; a session that nobody knows costs no record", async (t) => {
  const demo = await open(t);
  const fragment = { post_session_transfer: { opt_in: { selected: "No" } } };
  assert.equal((await demo.toFiles(record("consent", { fragment }))).status, 200);
  assert.equal((await demo.toCrm(record("consent", { fragment: undefined, text: "Declined" }))).status, 200);
  assert.deepEqual(await demo.read(`/files/${handoffId}/metadata.json`), fragment);
  const [comment] = (await demo.read("/crm/comments")).comments;
  assert.deepEqual([comment.session_id, comment.record, comment.text], [null, "consent", "Declined"]);
});

test("one service fails, the other does not, and both are back afterwards", async (t) => {
  const demo = await open(t);
  const fault = (service, kind) =>
    fetch(`${demo.recordsUrl}/${service}/fault`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ kind }),
    });
  assert.equal((await fault("crm", "nonsense")).status, 400);
  await fault("crm", "500");
  const failed = await demo.toCrm(record("crm"));
  assert.deepEqual([failed.status, failed.headers.get("access-control-allow-origin")], [500, demo.pageUrl]);
  assert.equal((await demo.toFiles(record("metadata"))).status, 200);
  await fault("crm", "off");
  await assert.rejects(demo.toCrm(record("crm")));
  await fault("crm", "none");
  assert.equal((await demo.toCrm(record("crm"))).status, 200);
  assert.deepEqual(
    demo.records.report().crm.requests.map(({ status }) => status),
    [500, null, 200],
  );
  assert.equal((await demo.read("/crm/comments")).comments.length, 1);
});

test("records in a file outlive the services", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "pst-records-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const recordsFile = join(folder, "records.db");
  const first = await startDemo({ recordsFile });
  await send(first, `${first.recordsUrl}/crm/records`, record("crm"));
  await first.close();
  const again = await open(t, { recordsFile });
  assert.equal((await again.read("/crm/comments")).comments.length, 1);
  assert.equal((await again.toCrm(record("crm"))).headers.get("idempotency-replayed"), "true");
});

test("the workbench shows what both hold, as text and nothing else", async (t) => {
  const demo = await openDemo(t, browser());
  const { page } = demo;
  const sinks = { crm: demo.demo.recordsUrl, files: demo.demo.recordsUrl };
  const hostile = "queueId: <img src=x onerror=alert(1)>";
  const statuses = await page.evaluate(
    async ([crm, files, bodies]) => {
      const post = async (url, body) => {
        const answer = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": `${body.handoff_id}:${body.record}` },
          body: JSON.stringify(body),
        });
        return answer.status;
      };
      return [await post(`${crm}/crm/records`, bodies[0]), await post(`${files}/files/records`, bodies[1])];
    },
    [sinks.crm, sinks.files, [record("crm", { text: hostile }), record("metadata")]],
  );
  assert.deepEqual(statuses, [200, 200], "another origin, with CORS, under the page's policy");
  await demo.button("Refresh").click();
  await page.getByLabel("Comment in the CRM").getByText(hostile).waitFor();
  const file = await page.getByLabel("Session metadata file").textContent();
  assert.equal(JSON.parse(file).agent_info.name, "Kim");
  assert.deepEqual(JSON.parse(file).data_parameters, { queueId: 502 });

  await page.getByRole("combobox", { name: "The CRM" }).selectOption("500");
  await page.waitForFunction(async () => (await (await fetch("/qa/records")).json()).crm.fault === "500");
  assert.equal(demo.demo.records.files.sink.fault, "none");
});
