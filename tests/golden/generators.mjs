// Documents that are too large, or too regular, to be written out in the corpus. Each returns the text of one document.

const MIB = 1024 * 1024;
const MAX_BYTES = 4 * MIB;

const agent = {
  id: "orders",
  name: "Order status",
  channels: ["chat", "call"],
  endpoint: { kind: "webhook", url: "https://bots.example.com/handoff" },
};
const document = (rest) => JSON.stringify({ version: 1, virtual_agents: [agent], ...rest });
const padded = (text, bytes) => text + " ".repeat(bytes - Buffer.byteLength(text));
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const parameter = (index) => ({ type: "fixed", field: `p${index}`, value: index });
const chat = (rest) => ({ enabled: true, chat_types: ["web"], virtual_agent: "orders", ...rest });

export const generators = {
  "exactly 4 MiB": () => padded(document(), MAX_BYTES),
  "one byte over 4 MiB": () => padded(document(), MAX_BYTES + 1),
  "a session of one byte over 4 MiB": () => padded('{"id":"1"}', MAX_BYTES + 1),
  "32 levels of lists": () => "[".repeat(32) + "]".repeat(32),
  "33 levels of lists": () => "[".repeat(33) + "]".repeat(33),
  "100,000 levels of lists": () => "[".repeat(100_000),
  "a session 33 levels deep": () => `{"id":"1","x":${"[".repeat(32)}${"]".repeat(32)}}`,
  "100 parameters": () => document({ chat: chat({ data_parameters: times(100, parameter) }) }),
  "101 parameters": () => document({ chat: chat({ data_parameters: times(101, parameter) }) }),
  "100 unknown fields": () => document(Object.fromEntries(times(100, (index) => [`x${index}`, 1]))),
  "101 unknown fields": () => document(Object.fromEntries(times(101, (index) => [`x${index}`, 1]))),
  "10,000 queues": () => document({ queues: times(10_000, (index) => ({ id: index, chat_routing: false })) }),
  "10,000 queues, the last a duplicate": () =>
    document({
      queues: [...times(10_000, (index) => ({ id: index, chat_routing: false })), { id: "0", chat_routing: false }],
    }),
};
