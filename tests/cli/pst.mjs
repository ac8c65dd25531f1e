// Runs the built command line for real, in a temporary folder of its own.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const PST = fileURLToPath(new URL("../../dist/pst.js", import.meta.url));

/** What the environment of the tests says about colour is not theirs to decide. */
const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;

/** A folder with these files, `{name: text, bytes or value}`; it goes when the test ends. */
export function folderOf(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pst-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const isText = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isText ? content : JSON.stringify(content));
  }
  return folder;
}

/** `{status, stdout, stderr}` of `pst …args`. */
export function pst(args, { cwd, input = "", env = {}, uid } = {}) {
  const { status, stdout, stderr, signal, error } = spawnSync(process.execPath, [PST, ...args], {
    cwd,
    input,
    env: { ...environment, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...(uid === undefined ? {} : { uid }),
  });
  if (error) throw error;
  return { status: status ?? signal, stdout, stderr };
}

/** The same while this process goes on, for what the command talks to. */
export async function pstBeside(args) {
  const child = spawn(process.execPath, [PST, ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const text = async (stream) => {
    let all = "";
    for await (const part of stream.setEncoding("utf8")) all += part;
    return all;
  };
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status, stdout, stderr };
}

/** The same through a shell, as people type it: `pst` is on the path. */
export function shell(line, { cwd, env = {} } = {}) {
  const script = `pst() { "${process.execPath}" "${PST}" "$@"; }\n${line}`;
  const options = { cwd, env: { ...environment, ...env }, encoding: "utf8", maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], options);
  return { status, stdout, stderr };
}

export const jsonLines = (text) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

export const settings = {
  version: 1,
  virtual_agents: [
    { id: "survey", name: "Survey bot", channels: ["chat", "call"], endpoint: { kind: "ccaip" } },
    {
      id: "orders",
      name: "Order status",
      channels: ["chat", "call"],
      endpoint: { kind: "webhook", url: "https://bots.example.com/handoff" },
    },
  ],
  chat: {
    enabled: true,
    chat_types: ["web"],
    virtual_agent: "orders",
    opt_in: true,
    data_parameters_enabled: true,
    data_parameters: [
      { type: "fixed", field: "survey_kind", value: "csat" },
      { type: "dynamic", field: "order_id", source: "unsigned", source_field: "order_id", required: true },
      { type: "dynamic", field: "card", source: "unsigned", source_field: "card", sensitive: true },
      { type: "dynamic", field: "callback", source: "form", source_field: "callback", label: "Phone", input: "tel" },
    ],
  },
  call: { enabled: true, call_types: ["voice_inbound"], virtual_agent: "orders" },
  queues: [
    { id: 502, name: "Billing", chat_routing: true, virtual_agent: "survey" },
    { id: 503, chat_routing: false },
  ],
};

/** A chat that the settings above ask about, with these facts instead. */
export const chat = (facts = {}) => ({
  id: "1",
  channel: "chat",
  sdk: { platform: "web", version: "3.44.2", can: ["update_post_session"] },
  chat_type: "web",
  ended_by: "agent",
  custom_data: { unsigned: { order_id: "A-1", card: "4111-1111" } },
  ...facts,
});

export const ndjson = (...sessions) => sessions.map((session) => `${JSON.stringify(session)}\n`).join("");
