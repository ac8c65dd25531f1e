// Reads the golden corpus. Every runner in JavaScript (reference, Node, browser, CLI) starts here; the native one reads the same files.

import { readdirSync, readFileSync } from "node:fs";
import { generators } from "./generators.mjs";

const KINDS = {
  decision: (golden) => "expected" in golden,
  settings_failure: (golden) => "errors" in golden,
  settings_success: (golden) => "warnings" in golden,
  session_failure: (golden) => "error" in golden,
  parameters: (golden) => "data_parameters" in golden,
};

/** All cases as `{file, kind, …case}`, with settings that are named by a base replaced by that document. */
export function readCorpus(directory = new URL("./", import.meta.url)) {
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return names.sort().flatMap((file) => {
    const { settings: bases = {}, cases } = JSON.parse(readFileSync(new URL(file, directory), "utf8"));
    return cases.map((golden) => ({ file, kind: kindOf(file, golden), ...golden, ...settingsOf(file, bases, golden) }));
  });
}

/** The bytes of a settings failure's or success's document, whichever way the case gives it. */
export function settingsBytes(golden) {
  if ("settings_base64" in golden) return Buffer.from(golden.settings_base64, "base64");
  if ("settings_generated" in golden) return Buffer.from(generators[golden.settings_generated]());
  return Buffer.from(golden.settings_text ?? JSON.stringify(golden.settings));
}

/** The bytes of a session failure's session. */
export function sessionBytes(golden) {
  if ("session_base64" in golden) return Buffer.from(golden.session_base64, "base64");
  if ("session_generated" in golden) return Buffer.from(generators[golden.session_generated]());
  return Buffer.from(golden.session_text);
}

function kindOf(file, golden) {
  const kinds = Object.keys(KINDS).filter((kind) => KINDS[kind](golden));
  if (kinds.length !== 1)
    throw new Error(`${file}: "${golden.name}" is no case of exactly one kind (${kinds.join(", ") || "none"})`);
  return kinds[0];
}

function settingsOf(file, bases, golden) {
  if (typeof golden.settings !== "string") return {};
  if (!Object.hasOwn(bases, golden.settings))
    throw new Error(`${file}: "${golden.name}" names no settings of its file: ${golden.settings}`);
  return { settings: bases[golden.settings] };
}
