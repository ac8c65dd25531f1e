import { COMMANDS, COMMON_OPTIONS, type Command } from "./commands.js";

const EXITS = "Exit codes: 0 fine, 1 findings (errors, differences, bad lines, failed tests), 2 could not run.";

const WITHOUT_FILES = new Set(["schema", "probe"]);

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

export function generalHelp(): string {
  return `pst decides which finished chat and call sessions are transferred to a virtual agent, and says why.

Usage: pst COMMAND [options] [files]

Commands:
${columns(COMMANDS.map(({ name, summary }) => [name, summary]))}

Options:
${columns([
  ["-h, --help", "this help; pst COMMAND --help for a command's"],
  ["--version", "the version"],
])}

- as a file is standard input. ${EXITS}

Example:
  pst explain settings.json session.json
`;
}

export function commandHelp({ name, usage, summary, about, options, examples }: Command): string {
  const rows = Object.entries({ ...COMMON_OPTIONS, ...options }).map(([option, { choices, value, short, help }]) => {
    const left = `${short ? `-${short}, ` : ""}--${option}${choices || value ? ` ${value ?? choices?.join("|")}` : ""}`;
    return [left, help] as const;
  });
  return `pst ${name}: ${summary}

Usage: pst ${name} [options] ${usage}

${about}

Options:
${columns(rows)}

${WITHOUT_FILES.has(name) ? "" : "- as a file is standard input. "}${EXITS}

${examples.length > 1 ? "Examples" : "Example"}:
${examples.map((example) => `  ${example}`).join("\n")}
`;
}
