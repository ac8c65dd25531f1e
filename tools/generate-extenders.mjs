// Makes wasm/src/extenders.hpp: the code points that belong to the character before them, as this Node's Unicode has them. Run by hand: a newer Unicode
// is not wrong, it only knows more.
import { writeFileSync } from "node:fs";

const EXTENDS = /^(?:[\p{Grapheme_Extend}\p{M}\p{Emoji_Modifier}\u1160-\u11ff\ud7b0-\ud7ff]|\u200d)$/u;
const UNASSIGNED = /^\p{Cn}$/u;

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

/** In bytes of seven bits, the lowest first; all but the last have their high bit set. */
function bytesOf(number) {
  const bytes = [];
  for (let rest = number; ; rest >>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

const packed = ranges.flatMap(({ first, last }, i) => {
  const end = i === 0 ? 0 : ranges[i - 1].last + 1;
  return [...bytesOf(first - end), ...bytesOf(last - first + 1)];
});
const rows = [];
for (let i = 0; i < packed.length; i += 22) rows.push(`    ${packed.slice(i, i + 22).join(", ")},`);

writeFileSync(
  new URL("../wasm/src/extenders.hpp", import.meta.url),
  `// Made by tools/generate-extenders.mjs from Unicode ${process.versions.unicode}.
// clang-format off
#pragma once

#include <array>
#include <cstdint>

namespace pst {

/// Ranges of code points that belong to the character before them (Grapheme_Extend, marks, emoji modifiers, the joiner, and
/// the vowels and finals of Hangul), ascending: how far each begins after the end of the one before, and its length. Both in
/// bytes of seven bits, the lowest first; all but the last have their high bit set.
inline constexpr std::array<std::uint8_t, ${packed.length}> kExtenders{{
${rows.join("\n")}
}};

}  // namespace pst
`,
);
