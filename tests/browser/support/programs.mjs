import { existsSync } from "node:fs";

/**
 * Where a program is: named in the environment, or in one of the usual places.
 *
 * @param {string} name
 * @param {{ variable: string, places: string[], debian: string }} where
 */
export function findProgram(name, { variable, places, debian }) {
  const named = process.env[variable];
  if (named) {
    if (!existsSync(named)) throw new Error(`${variable} names ${named}, and nothing is there.`);
    return named;
  }
  const found = places.find((place) => existsSync(place));
  if (!found)
    throw new Error(`No ${name} found. Install one (Debian: apt-get install ${debian}), or name it in ${variable}.`);
  return found;
}
