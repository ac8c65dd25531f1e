// Makes wasm/src/extenders.hpp: the code points that belong to the character before them, and those that what follows belongs to, as this Node's
// Unicode has them (UAX #29). Run by hand: a newer Unicode is not wrong, it only knows more.
import { writeFileSync } from "node:fs";

// Beside the marks: the vowels and finals of Hangul and of Kirat Rai, and the vowel AM of Thai and Lao.
const EXTENDS =
  /^(?:[\p{Grapheme_Extend}\p{M}\p{Emoji_Modifier}\u1160-\u11ff\ud7b0-\ud7ff\u{16d63}\u{16d67}-\u{16d6a}\u0e33\u0eb3]|\u200d)$/u;
const JOINS = new RegExp(
  `^(?:\u200d|[${[
    // Indic_Conjunct_Break=Linker
    "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6",
    "\u{10a3f}\u{11133}\u{113d0}\u{1193e}\u{11a47}\u{11a99}\u{11f42}",
    // Grapheme_Cluster_Break=Prepend
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u{110bd}\u{110cd}\u{111c2}\u{111c3}\u{113d1}",
    "\u{1193f}\u{11941}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}",
    // The initials of Hangul
    "\u1100-\u115f\ua960-\ua97c",
  ].join("")}])$`,
  "u",
);
const UNASSIGNED = /^\p{Cn}$/u;

function rangesOf(pattern) {
  const ranges = [];
  let open;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (pattern.test(character)) {
      open ??= { first: code, last: code };
      open.last = code;
    } else if (open !== undefined && !UNASSIGNED.test(character)) {
      // What is not assigned yet may as well belong to the range around it: that makes the table a third shorter.
      ranges.push(open);
      open = undefined;
    }
  }
  return ranges;
}

/** In bytes of seven bits, the lowest first; all but the last have their high bit set. */
function bytesOf(number) {
  const bytes = [];
  for (let rest = number; ; rest >>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function tableOf(name, pattern) {
  const packed = rangesOf(pattern).flatMap(({ first, last }, i, ranges) => {
    const end = i === 0 ? 0 : ranges[i - 1].last + 1;
    return [...bytesOf(first - end), ...bytesOf(last - first + 1)];
  });
  const rows = [];
  for (let i = 0; i < packed.length; i += 22) rows.push(`    ${packed.slice(i, i + 22).join(", ")},`);
  return `inline constexpr std::array<std::uint8_t, ${packed.length}> ${name}{{\n${rows.join("\n")}\n}};`;
}

writeFileSync(
  new URL("../wasm/src/extenders.hpp", import.meta.url),
  `// Made by tools/generate-extenders.mjs from Unicode ${process.versions.unicode}.
// clang-format off
#pragma once

#include <array>
#include <cstdint>

namespace pst {

// Both tables have ranges of code points, ascending: how far each begins after the end of the one before, and its length.
// Both in bytes of seven bits, the lowest first; all but the last have their high bit set.

/// What belongs to the character before it: Grapheme_Extend, marks, emoji modifiers, the joiner, vowels and finals.
${tableOf("kExtenders", EXTENDS)}

/// What the next code point belongs to: the joiner, signs that link consonants, signs that come first, Hangul's initials.
${tableOf("kJoiners", JOINS)}

}  // namespace pst
`,
);
