// Makes the C++ header and the TypeScript module of the English texts from wasm/messages.json.
// `--check` writes nothing and fails when one of them is out of date.
import { readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { version, messages } = JSON.parse(readFileSync(new URL("wasm/messages.json", root), "utf8"));
const note = "Made from wasm/messages.json by tools/generate-messages.mjs.";
const keywords = new Set(["continue"]);
const identifier = (key) => (keywords.has(key) ? `${key}_` : key);

function cpp() {
  return `// ${note}
// clang-format off
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pst {

/// The texts that a consumer can see or hear. {0} and {1} are filled in.
enum class MessageKey : std::uint8_t {
${messages.map(({ key }) => `  ${identifier(key)},`).join("\n")}
};

inline constexpr std::string_view kEnglishVersion = ${JSON.stringify(version)};
inline constexpr std::array<std::string_view, ${messages.length}> kMessageKeys{
${messages.map(({ key }) => `    ${JSON.stringify(key)},`).join("\n")}
};
inline constexpr std::array<std::string_view, ${messages.length}> kEnglish{
${messages.map(({ text }) => `    ${JSON.stringify(text)},`).join("\n")}
};

}  // namespace pst
`;
}

function typescript() {
  const line = ({ key, text, about }) =>
    `${about === undefined ? "" : `  /** ${about} */\n`}  ${key}: ${JSON.stringify(text)},`;
  return `// ${note}

/** The English texts, which are built into the core. */
export const ENGLISH = {
${messages.map(line).join("\n")}
} as const;

/** A text that a consumer can see or hear. */
export type MessageKey = keyof typeof ENGLISH;

export const ENGLISH_VERSION = ${JSON.stringify(version)};
`;
}

const outputs = new Map([
  ["wasm/include/pst/messages.hpp", cpp()],
  ["js-bindings/src/messages-en.ts", typescript()],
]);
const stale = [...outputs].filter(([path, text]) => {
  try {
    return readFileSync(new URL(path, root), "utf8") !== text;
  } catch {
    return true;
  }
});
if (!process.argv.includes("--check")) for (const [path, text] of stale) writeFileSync(new URL(path, root), text);
else if (stale.length > 0) {
  console.error(`Out of date: ${stale.map(([path]) => path).join(", ")}. Run: node tools/generate-messages.mjs`);
  process.exit(1);
}
