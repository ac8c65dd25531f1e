/** The command line, read. */
import { parseArgs } from "node:util";
import { harmless } from "../findings.js";
import { nearest } from "../nearest.js";
import { COMMON_OPTIONS, type Command } from "./commands.js";
import { Failure } from "./failure.js";
import { STANDARD_INPUT } from "./input.js";
import { orList } from "./text.js";

export interface Arguments {
  readonly files: readonly string[];
  readonly format: string;
  flag(name: string): boolean;
  /** All values of an option that takes any. */
  values(name: string): readonly string[];
}

export const quoted = (text: string): string => `"${harmless(text)}"`;

/** The nearest name as a question, or what to say where there is none. */
export function meant(given: string, names: readonly string[], otherwise: string, before = ""): string {
  const name = nearest(given, names);
  return name === undefined ? otherwise : `Did you mean "${before}${name}"?`;
}

/** Throws `Failure`. */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const options = { ...COMMON_OPTIONS, ...command.options };
  const known = Object.keys(options);
  const more = `See pst ${command.name} --help.`;
  const values = new Map<string, string | boolean>();
  const given = new Map<string, readonly string[]>();
  const files: string[] = [];
  // Not strict: what is wrong is said here, with the nearest name.
  for (const token of parseArgs({ args: [...args], options: optionTypes(options), strict: false, tokens: true })
    .tokens) {
    if (token.kind === "positional") files.push(token.value);
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) {
      const help = meant(token.name, known, more, "--");
      throw new Failure(`pst ${command.name} has no option ${quoted(token.rawName)}. ${help}`);
    }
    if (option.value !== undefined) {
      // What stands there may be a secret.
      if (token.value === undefined) throw new Failure(`${token.rawName} needs a value: ${option.value}. ${more}`);
      given.set(token.name, [...(given.get(token.name) ?? []), token.value]);
      continue;
    }
    if (option.choices === undefined && token.value !== undefined)
      throw new Failure(`${token.rawName} takes no value. ${more}`);
    const choices = option.choices ?? [];
    if (option.choices !== undefined && (token.value === undefined || !choices.includes(token.value)))
      throw new Failure(
        `${token.rawName} is ${orList(choices)}${token.value === undefined ? "" : `, not ${quoted(token.value)}`}. ${more}`,
      );
    values.set(token.name, token.value ?? true);
  }
  if (values.get("help") !== true) checkFiles(command, files);
  return {
    files,
    format: (values.get("format") as string | undefined) ?? "text",
    flag: (name) => values.get(name) === true,
    values: (name) => given.get(name) ?? [],
  };
}

function optionTypes(options: Command["options"]) {
  const types = Object.entries(options).map(([name, { choices, value, short }]) => [
    name,
    { type: choices || value ? ("string" as const) : ("boolean" as const), ...(short ? { short } : {}) },
  ]);
  return Object.fromEntries(types) as Record<string, { type: "string" | "boolean"; short?: string }>;
}

function checkFiles(command: Command, files: readonly string[]): void {
  const [least, most] = command.files;
  if (files.length < least || files.length > most) {
    const what = files.length < least ? "Something is missing" : `${quoted(files[most] ?? "")} is one too many`;
    throw new Failure(`${what}. Usage: pst ${command.name} ${command.usage}`);
  }
  if (files.filter((name) => name === STANDARD_INPUT).length > 1)
    throw new Failure("Standard input can be read only once: - stands there twice.");
}
