/** Headers of a request that browsers send to other origins without asking in a preflight: those that the Fetch standard lists as safe. */

/** Bytes that no safe value has: controls but tab, and what could end or begin something. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the standard names them
const UNSAFE = /[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/;
const LANGUAGES = /^[0-9A-Za-z *,.;=-]*$/;
const RANGE = /^bytes=(\d+)-(\d*)$/;

const LONGEST_VALUE = 128;
/** Of all safe values together: beyond that, none is. */
const LONGEST_SUM = 1024;

/** By name. `content-type` is missing: the module's own, which is not safe. */
const SAFE: Readonly<Record<string, (value: string) => boolean>> = {
  accept: (value) => !UNSAFE.test(value),
  "accept-language": (value) => LANGUAGES.test(value),
  "content-language": (value) => LANGUAGES.test(value),
  range: (value) => {
    const [, from, to] = RANGE.exec(value) ?? [];
    return from !== undefined && (to === "" || BigInt(from) <= BigInt(to ?? ""));
  },
};

/** Names that a preflight asks for. */
export function unsafeNames(headers: Headers): readonly string[] {
  const all = [...headers];
  const safe = all.filter(([name, value]) => value.length <= LONGEST_VALUE && SAFE[name]?.(value) === true);
  const sum = safe.reduce((length, [, value]) => length + value.length, 0);
  const asked = sum > LONGEST_SUM ? all : all.filter((header) => !safe.includes(header));
  return asked.map(([name]) => name);
}
