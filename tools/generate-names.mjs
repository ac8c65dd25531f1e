// Makes the C++ header, the TypeScript module and the reference page of names from wasm/names.json.
// `--check` writes nothing and fails when one of them is out of date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const root = new URL("../", import.meta.url);
const { abi, tables } = JSON.parse(readFileSync(new URL("wasm/names.json", root), "utf8"));
const note = "Made from wasm/names.json by tools/generate-names.mjs.";

const keywords = new Set(["signed", "unsigned", "continue", "default"]);
const identifier = (name) => (keywords.has(name) ? `${name}_` : name);
const constantCase = (type) => type.replace(/(?!^)([A-Z])/g, "_$1").toUpperCase();
const plural = (name) => (name.endsWith("S") ? name : name.endsWith("Y") ? name : `${name}S`);

function wrap(items, indent) {
  const lines = [];
  let line = indent;
  for (const item of items) {
    const next = line === indent ? line + item : `${line} ${item}`;
    if (next.length <= 120) line = next;
    else {
      lines.push(line);
      line = indent + item;
    }
  }
  return [...lines, line].join("\n");
}

function cpp() {
  const parts = tables.map(({ type, about, entries }) => {
    const names = entries.map(({ name }) => `"${name}",`);
    return `/// ${about}
enum class ${type} : std::uint8_t {
${wrap(
  entries.map(({ name }) => `${identifier(name)},`),
  "  ",
)}
};
template <>
inline constexpr std::array<std::string_view, ${entries.length}> kNames<${type}>{
${wrap(names, "    ")}
};
`;
  });
  return `// ${note}
// clang-format off
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace pst {

/// Bumped whenever the boundary between the core and the bindings changes.
inline constexpr std::uint32_t kAbi = ${abi};

/// The public names of an enumeration, in the order of its values.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};

namespace packed {

/// Names one after the other, each with its length before it: a fifth smaller than with an address for each.
template <std::size_t Size, std::size_t Count>
consteval std::array<char, Size> pack(const std::array<std::string_view, Count>& names) {
  std::array<char, Size> bytes{};
  std::size_t at = 0;
  for (const std::string_view name : names) {
    if (name.size() > 255) std::unreachable();  // does not compile
    bytes[at++] = static_cast<char>(name.size());
    for (const char c : name) bytes[at++] = c;
  }
  return bytes;
}

template <std::size_t Count>
consteval std::size_t size(const std::array<std::string_view, Count>& names) {
  std::size_t bytes = Count;
  for (const std::string_view name : names) bytes += name.size();
  return bytes;
}

template <typename Enum>
inline constexpr auto kNames = pack<size(pst::kNames<Enum>)>(pst::kNames<Enum>);

std::string_view at(const char* names, std::size_t index);
/// Its index; the count if it is none of them.
std::size_t find(const char* names, std::size_t count, std::string_view name);

}  // namespace packed

template <typename Enum>
constexpr std::string_view name_of(Enum value) {
  if consteval {
    return kNames<Enum>[static_cast<std::size_t>(value)];
  }
  return packed::at(packed::kNames<Enum>.data(), static_cast<std::size_t>(value));
}

template <typename Enum>
std::optional<Enum> from_name(std::string_view name) {
  const std::size_t index = packed::find(packed::kNames<Enum>.data(), kNames<Enum>.size(), name);
  return index < kNames<Enum>.size() ? std::optional(static_cast<Enum>(index)) : std::nullopt;
}

${parts.join("\n")}
}  // namespace pst
`;
}

function typescript() {
  const parts = tables.map(
    ({ type, about, entries }) => `/** ${about} */
export type ${type} =
${entries.map(({ name }) => `  | "${name}"`).join("\n")};
`,
  );
  return `// ${note}

/** The boundary's version; the loader refuses a core that has another. */
export const ABI = ${abi};

${parts.join("\n")}`;
}

/** The lists themselves, for those who need them at run time: kept apart so that the page does not load them. */
function lists() {
  const parts = tables.map(
    ({ type, about, entries }) => `/** ${about} */
export const ${plural(constantCase(type))} = ${JSON.stringify(entries, null, 2)
      .replace(/"(\w+)":/g, "$1:")
      .replace(/\n\s*\}/g, " }")
      .replace(/\{\n\s*/g, "{ ")
      .replace(/,\n\s+(means|do|schema):/g, ", $1:")} as const;
`,
  );
  return `// ${note}

${parts.join("\n")}`;
}

function reference() {
  const cell = (text) => (text === undefined ? "" : String(text).replaceAll("|", "\\|"));
  const parts = tables.map(({ type, about, entries }) => {
    const columns = ["means", "do", "schema"].filter((column) => entries.some((entry) => column in entry));
    const titles = { means: "Means", do: "What to do", schema: "JSON Schema can express it" };
    const rows = entries.map(
      (entry) =>
        `| \`${entry.name}\` |${columns
          .map((column) => ` ${cell(column === "schema" ? (entry.schema ? "yes" : "no") : entry[column])} |`)
          .join("")}`,
    );
    return `## ${type}

${about}

| Name |${columns.map((column) => ` ${titles[column]} |`).join("")}
|---|${columns.map(() => "---|").join("")}
${rows.join("\n")}
`;
  });
  return `<!-- ${note} -->
# Names

Every name that is public or crosses the boundary between the core and the bindings.

${parts.join("\n")}`;
}

const outputs = {
  "wasm/include/pst/names.hpp": cpp(),
  "js-bindings/src/names.ts": typescript(),
  "js-bindings/src/name-lists.ts": lists(),
  "docs/names.md": reference(),
};

let stale = 0;
for (const [path, text] of Object.entries(outputs)) {
  const url = new URL(path, root);
  let current = "";
  try {
    current = readFileSync(url, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  if (current === text) continue;
  if (process.argv.includes("--check")) {
    console.error(`${path} is out of date: run node tools/generate-names.mjs`);
    stale += 1;
  } else {
    mkdirSync(dirname(url.pathname), { recursive: true });
    writeFileSync(url, text);
    console.log(`wrote ${path}`);
  }
}
process.exitCode = stale > 0 ? 1 : 0;
