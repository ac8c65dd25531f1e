/** What a browser may fill in by itself (WCAG 1.3.5), told from the name of a field. */
import type { PromptField } from "../types.js";

/** The first that fits counts: the more special ones come first. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/birth|dob$|bday/, "bday"],
  [/givenname|firstname|forename/, "given-name"],
  [/familyname|lastname|surname/, "family-name"],
  [/^(full|your|customer|contact)?name$/, "name"],
  [/postal|postcode|zip(code)?$/, "postal-code"],
  [/addressline2|street2/, "address-line2"],
  [/street|addressline/, "address-line1"],
  [/(^|home|billing|shipping|postal)address$/, "street-address"],
  [/city$|town$/, "address-level2"],
  [/country$/, "country-name"],
  [/^(company|organi[sz]ation)(name)?$/, "organization"],
];

/** An autofill token; `off` for what is not to be kept by the browser; `undefined` where nothing is known. */
export function autocompleteOf({ input, name, sensitive }: PromptField): string | undefined {
  if (sensitive) return "off";
  if (input === "tel" || input === "email") return input;
  if (input === "number") return undefined;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  const token = NAMES.find(([pattern]) => pattern.test(plain))?.[1];
  return input === "date" && token !== "bday" ? undefined : input !== "date" && token === "bday" ? undefined : token;
}
