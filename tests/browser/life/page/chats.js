/** What the SDK of a page has, by the address: a chat that begins, or what a reload has left of one. */

const queue = 502;

/** The person of the tests, whom no storage may know. */
export const people = {
  agent: { id: 9, name: "MARK-AGENT" },
  endUser: { id: 31, identifier: "MARK-ENDUSER" },
  virtualAgent: { id: 77, name: "MARK-BOT" },
};

/** @param {any} simulator @param {any} client */
async function begin(simulator, client) {
  await client.createChat(queue, { lang: "en", custom_data: { unsigned: { order_id: "MARK-CUSTOM" } } });
  simulator.agent.join();
  simulator.agent.say("MARK-SAID");
  await simulator.idle();
}

/** Done by a client of the page before; `client` then loads what goes on. */
async function before(simulator, client, options, happen) {
  const first = simulator.createClient(options);
  await begin(simulator, first);
  await happen(first);
  await simulator.idle();
  first.destroy();
  await client.loadOngoingChat();
}

/** @type {Record<string, (simulator: any, client: any, options: any) => unknown>} */
export const chats = {
  begins: (simulator, client) => begin(simulator, client),
  /** As `loadOngoingChat` has it for a finished one: null. */
  gone: (_simulator, client) => client.loadOngoingChat(),
  new: (simulator, client) => begin(simulator, client),
  resumed: (simulator, client, options) => before(simulator, client, options, () => {}),
  /** The conversation through the platform goes on. */
  bot: (simulator, client, options) =>
    before(simulator, client, options, async (first) => {
      simulator.agent.end();
      await simulator.idle();
      await first.updatePostSession("ready", true);
      await first.updatePostSession("in_progress", true);
    }),
  /** Its end is told once more. */
  again: async (simulator, client) => {
    await begin(simulator, client);
    simulator.agent.end();
  },
};
