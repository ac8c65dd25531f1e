// One session in which each kind of data is marked, and where the marks turn up.
import { FACTS, settingsWith, World } from "../../node/life/support.mjs";
import { field, host } from "../../node/support/services.mjs";

const token = (claims) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part(claims)}.c2lnbmF0dXJl`;
};

/** What each kind of data is recognised by, under the name that docs/security.md gives it. */
const MARKS = {
  "session id": "mark-session-id",
  "who ended it": /"(ended_by|value)\\*":\\*"agent/,
  "language, queue id": "mark-queue-id",
  "tenant, queue's name": /mark-(tenant|queue-name)/,
  "agent's name, the end user's ids": /mark-(agent|user)/,
  "the answer to the opt-in, and which text was read": /en-1|"type":"action","action":"yes"/,
  "values of data parameters": "mark-plain",
  "the same, given in a form": "mark-form",
  "the same, `sensitive`": "mark-sensitive",
  "custom data that no parameter names": "mark-unused",
  "the token of signed data": /mark-token|eyJ/,
  "what `authorize()` returns": "mark-credential",
  "what the endpoint answers": "mark-answer",
};

const from = (source, source_field, more = {}) => ({
  type: "dynamic",
  field: source_field,
  source,
  source_field,
  ...more,
});

/** Where each kind of data was seen in one session that is asked, says Yes and is accepted: names of places. */
export async function traces() {
  const world = new World();
  const places = { endpoint: [], sinks: [], storage: [], log: [], events: [] };
  const page = await world.open({
    settings: settingsWith("webhook", {
      chat: {
        data_parameters: [
          from("unsigned", "plain"),
          from("unsigned", "hidden", { sensitive: true }),
          field("given", { label: "Given" }),
          from("signed", "claim"),
          host("page"),
        ],
        data_records: { in_metadata: true, in_crm_record: true },
      },
    }),
    session: undefined,
    authorize: () => ({ Authorization: `Bearer mark-credential` }),
    provide: () => "x",
    records: { metadata: (record) => places.sinks.push(record), crm: (record) => places.sinks.push(record) },
    fetch: async (url, init) => {
      places.endpoint.push([url, [...init.headers], new TextDecoder().decode(init.body)]);
      return new Response(JSON.stringify({ messages: [{ text: "mark-answer" }] }));
    },
  });
  const look = () => places.storage.push([...page.session, ...world.local]);
  await page.end({
    ...FACTS,
    id: "mark-session-id",
    tenant: "mark-tenant",
    queue: { id: "mark-queue-id", name: "mark-queue-name" },
    agent: { id: "mark-agent", name: "mark-agent" },
    end_user: { id: "mark-user", identifier: "mark-user" },
    custom_data: {
      unsigned: { plain: "mark-plain", hidden: "mark-sensitive", unused: "mark-unused" },
      signed: token({ custom_data: { claim: "claimed" }, name: "mark-token" }),
    },
  });
  await world.run(1000, look);
  page.transfer.act("yes", { given: "mark-form" });
  look();
  await world.run(15_000, look);
  places.log.push(page.transfer.log());
  places.events.push(page.said);
  const texts = Object.entries(places).map(([name, seen]) => [name, JSON.stringify(seen)]);
  return Object.fromEntries(
    Object.entries(MARKS).map(([what, mark]) => [
      what,
      texts
        .filter(([, text]) => (typeof mark === "string" ? text.includes(mark) : mark.test(text)))
        .map(([name]) => name),
    ]),
  );
}
