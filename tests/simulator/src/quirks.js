/**
 * Behaviour that differs between SDK versions, or that no public page settles. One line a switch; every default is what a current SDK does
 * as far as is documented.
 *
 * @typedef {object} Quirks
 * @property {0 | 1 | 2} updatePostSessionArguments How many arguments `updatePostSession` takes; 0: the method is not there.
 * @property {boolean} echo Whether one's own messages come back as `chat.message`.
 * @property {boolean} chatEndedNotice Whether a `noti` message `chatEnded` precedes `chat.ended`.
 * @property {"snake" | "camel"} flagSpelling Spelling of the post-session fields in `chat.state`.
 */

/** @type {Readonly<Quirks>} */
export const defaultQuirks = Object.freeze({
  updatePostSessionArguments: 2,
  echo: true,
  chatEndedNotice: true,
  flagSpelling: "snake",
});

/**
 * @param {Partial<Quirks>} chosen
 * @returns {Quirks}
 */
export function resolveQuirks(chosen) {
  for (const name of Object.keys(chosen)) {
    if (!Object.hasOwn(defaultQuirks, name)) throw new TypeError(`There is no quirk "${name}".`);
  }
  return { ...defaultQuirks, ...chosen };
}
