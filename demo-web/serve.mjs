#!/usr/bin/env node
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const usage = `Serves the demo on loopback: a help page with a chat, a virtual agent's endpoint, and a CRM and a file store for records.

  node demo-web/serve.mjs [--port N] [--endpoint-port N] [--records-port N] [--records-file FILE]

  --port N           the page's port (default 8080, or DEMO_PORT)
  --endpoint-port N  the endpoint's port (default 8081, or DEMO_ENDPOINT_PORT)
  --records-port N   the port of the CRM and the file store (default 8082, or DEMO_RECORDS_PORT)
  --records-file F   an SQLite file that keeps their records; otherwise they are gone at the end
  0 takes any free port.`;

function fail(message) {
  console.error(message);
  process.exit(2);
}

function port(text, name) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65535) fail(`${name} is not a port: "${text}". Give a number from 0 to 65535.`);
  return value;
}

let options;
try {
  options = parseArgs({
    options: {
      port: { type: "string" },
      "endpoint-port": { type: "string" },
      "records-port": { type: "string" },
      "records-file": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
} catch (error) {
  fail(`${error.message}\n\n${usage}`);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}

const pagePort = port(options.port ?? process.env.DEMO_PORT ?? "8080", "--port");
const endpointPort = port(options["endpoint-port"] ?? process.env.DEMO_ENDPOINT_PORT ?? "8081", "--endpoint-port");
const recordsPort = port(options["records-port"] ?? process.env.DEMO_RECORDS_PORT ?? "8082", "--records-port");

if (!existsSync(new URL("../dist/index.js", import.meta.url))) {
  fail("The package is not built yet: dist/index.js is missing. Run `npm run demo`, or `npm run build` before this.");
}

// The endpoint is made with the package.
const { startDemo } = await import("./server/start.mjs");
let demo;
try {
  demo = await startDemo({ pagePort, endpointPort, recordsPort, recordsFile: options["records-file"] });
} catch (error) {
  if (error.code === "EADDRINUSE") {
    fail(
      `Port ${error.port} is taken by another program. Choose another one: --port N for the page, --endpoint-port N for the endpoint, --records-port N for the records.`,
    );
  }
  if (error.code === "EACCES") fail(`Port ${error.port} may not be used by this user. Choose one above 1023.`);
  throw error;
}

console.log(`Demo page   ${demo.pageUrl}/`);
console.log(`Endpoint    ${demo.endpointUrl}/handoff  (received so far: ${demo.endpointUrl}/handoffs)`);
console.log(`Records     ${demo.recordsUrl}/crm/comments and ${demo.recordsUrl}/files`);
console.log("Ctrl-C ends it.");

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await demo.close();
    process.exit(0);
  });
}
