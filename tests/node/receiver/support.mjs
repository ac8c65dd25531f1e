import { once } from "node:events";
import { createServer } from "node:http";
import { nodeHandler } from "post-session-transfer/receiver/node";

export const PAGE = "https://shop.example.com";
export const KEY = "0e37df36-f698-81e6-8b1e-3d6c2b7f9a10";
export const ENDPOINT = "https://bots.example.com/handoff";

export const envelope = (changes = {}) => ({
  schema: 1,
  handoff_id: KEY,
  session: { id: "12345", lang: "en", queue_id: "502", ended_by: "agent" },
  virtual_agent: { id: "survey", name: "Survey bot" },
  opt_in: { required: true, selected: "Yes", text_version: "en-1", locale: "en", at: "2026-01-01T10:09:00.000Z" },
  data_parameters: { queueId: 502 },
  data_records: { in_metadata: true, in_crm_record: false },
  decided_at: "2026-01-01T10:09:00.000Z",
  ...changes,
});

export const record = (changes = {}) => ({
  schema: 1,
  handoff_id: KEY,
  record: "metadata",
  fragment: { data_parameters: { queueId: 502 }, post_session_transfer: { virtual_agent: "survey" } },
  written_at: "2026-01-01T10:10:00.000Z",
  ...changes,
});

/** A POST as a sender makes it. @param {unknown} body An object, or the text itself. @param {Record<string, string | null>} headers null: without. */
export function request(body, headers = {}, init = {}) {
  const all = { "Content-Type": "application/json", "Idempotency-Key": KEY, Origin: PAGE, ...headers };
  return new Request(ENDPOINT, {
    method: "POST",
    headers: Object.entries(all).filter(([, value]) => value !== null),
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...init,
  });
}

/** An answer in one value. */
export async function told(response) {
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text === "" ? null : JSON.parse(text),
  };
}

/** Something that is settled from outside. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** A handler on a real socket, until the test is over. */
export async function serve(t, handler, options) {
  const server = createServer(nodeHandler(handler, options));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: server.address().port, origin: `http://127.0.0.1:${server.address().port}` };
}
