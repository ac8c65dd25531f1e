import { readFile } from "node:fs/promises";
import { type Arguments, meant, quoted } from "./args.js";
import type { ExitCode } from "./commands.js";
import { Failure } from "./failure.js";
import { fileFailure } from "./input.js";
import type { Output } from "./output.js";
import { orList } from "./text.js";

const NAMES = ["settings", "session", "decision", "handoff"];

export async function run(args: Arguments, out: Output): Promise<ExitCode> {
  const name = args.files[0] ?? "";
  if (!NAMES.includes(name))
    throw new Failure(`There is no schema ${quoted(name)}. ${meant(name, NAMES, `There are ${orList(NAMES)}.`)}`);
  const file = new URL(`../schemas/${name}.schema.json`, import.meta.url);
  await out.document(await readFile(file).catch((error: unknown) => Promise.reject(fileFailure(file.pathname, error))));
  return 0;
}
