import { Endpoint } from "../endpoint/endpoint.mjs";
import { listen } from "./http.mjs";
import { PageServer } from "./page.mjs";

/**
 * Starts the demo: the page and the virtual agent's endpoint, on two ports of loopback (so two origins, so CORS is real).
 *
 * @param {{ pagePort?: number, endpointPort?: number }} [ports] 0: any free one.
 */
export async function startDemo({ pagePort = 0, endpointPort = 0 } = {}) {
  const endpoint = new Endpoint();
  const page = new PageServer(endpoint);

  const endpointServer = await listen(endpointPort, (request, response) => endpoint.handle(request, response));
  let pageServer;
  try {
    pageServer = await listen(pagePort, (request, response) => page.handle(request, response));
  } catch (error) {
    await endpointServer.close();
    throw error;
  }

  const pageUrl = `http://127.0.0.1:${pageServer.port}`;
  const endpointUrl = `http://127.0.0.1:${endpointServer.port}`;
  endpoint.open(endpointUrl, [pageUrl, pageUrl.replace("127.0.0.1", "localhost")]);
  page.open(endpointUrl);

  return {
    pageUrl,
    endpointUrl,
    endpoint,
    /** Reports of policy violations that browsers sent. */
    violations: () => [...page.violations],
    close: async () => {
      await Promise.all([pageServer.close(), endpointServer.close()]);
    },
  };
}
