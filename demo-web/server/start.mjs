import { Endpoint } from "../endpoint/endpoint.mjs";
import { Records } from "../records/records.mjs";
import { listen } from "./http.mjs";
import { PageServer } from "./page.mjs";

/**
 * Starts the demo: the page, the virtual agent's endpoint, and the services that take records, on three ports of loopback (so three origins, so
 * CORS is real).
 *
 * @param {{ pagePort?: number, endpointPort?: number, recordsPort?: number, recordsFile?: string }} [options] Port 0: any free one.
 *   `recordsFile`: where records are kept; otherwise in memory.
 */
export async function startDemo({ pagePort = 0, endpointPort = 0, recordsPort = 0, recordsFile } = {}) {
  const endpoint = new Endpoint();
  const records = new Records({ file: recordsFile, sessionOf: (key) => endpoint.sessionOf(key) });
  const page = new PageServer(endpoint, records);

  const servers = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
    records.close();
  };
  const start = async (port, part) => {
    const server = await listen(port, (request, response) => part.handle(request, response));
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  };
  try {
    const endpointUrl = await start(endpointPort, endpoint);
    const pageUrl = await start(pagePort, page);
    const recordsUrl = await start(recordsPort, records);
    const pages = [pageUrl, pageUrl.replace("127.0.0.1", "localhost")];
    endpoint.open(endpointUrl, pages);
    records.open(pages);
    page.open({ endpointUrl, recordsUrl });
    return {
      pageUrl,
      endpointUrl,
      recordsUrl,
      endpoint,
      records,
      /** Reports of policy violations that browsers sent. */
      violations: () => [...page.violations],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
