// Makes wasm/src/extenders.hpp: the code points that belong to the character before them, as this Node's Unicode has them. Run by hand: a newer Unicode
// is not wrong, it only knows more.
import { writeFileSync } from "node:fs";

const EXTENDS = /^(?:[\p{Grapheme_Extend}\p{M}\p{Emoji_Modifier}\u1160-\u11ff\ud7b0-\ud7ff]|\u200d)$/u;
const UNASSIGNED = /^\p{Cn}$/u;
const LENGTH_BITS = 11;

const ranges = [];
let open;
for (let code = 0; code <= 0x10ffff; code++) {
  const character = String.fromCodePoint(code);
  if (EXTENDS.test(character)) {
    open ??= { first: code, last: code };
    open.last = code;
  } else if (open !== undefined && !UNASSIGNED.test(character)) {
    // What is not assigned yet may as well belong to the range around it: that makes the table a third shorter.
    ranges.push(open);
    open = undefined;
  }
}

const packed = ranges.map(({ first, last }) => {
  const length = last - first + 1;
  if (length >= 1 << LENGTH_BITS) throw new Error(`the range at ${first.toString(16)} is too long`);
  return `0x${(((first << LENGTH_BITS) | length) >>> 0).toString(16).toUpperCase().padStart(8, "0")}U,`;
});
const rows = [];
for (let i = 0; i < packed.length; i += 9) rows.push(`    ${packed.slice(i, i + 9).join(" ")}`);

writeFileSync(
  new URL("../wasm/src/extenders.hpp", import.meta.url),
  `// Made by tools/generate-extenders.mjs from Unicode ${process.versions.unicode}.
#pragma once

#include <array>
#include <cstdint>

namespace pst {

/// Bits of an entry that hold the range's length; its first code point is above them.
inline constexpr unsigned kExtenderLengthBits = ${LENGTH_BITS};

/// Ranges of code points that belong to the character before them (Grapheme_Extend, marks, emoji modifiers, the joiner, and
/// the vowels and finals of Hangul), ascending.
inline constexpr std::array<std::uint32_t, ${packed.length}> kExtenders{{
${rows.join("\n")}
}};

}  // namespace pst
`,
);
