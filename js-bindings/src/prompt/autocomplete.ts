/** What a browser may fill in by itself (WCAG 1.3.5), told from the name of a field. */
import type { PromptField } from "../types.js";

/** The first that fits counts: the more special ones come first. */
const NAMES: readonly (readonly [words: RegExp, token: string])[] = [
  [/birth|\b(dob|bday)$/, "bday"],
  [/\b((given|first) ?name|forename)$/, "given-name"],
  [/\b((family|last) ?name|surname)$/, "family-name"],
  [/^((full|your|customer|contact) ?)?name$/, "name"],
  [/\b(postal ?code|postcode|zip( ?code)?)$/, "postal-code"],
  [/\baddress ?line ?2$/, "address-line2"],
  [/\b(street|address ?line ?1)$/, "address-line1"],
  [/^((home|billing|shipping|postal|street) ?)?address$/, "street-address"],
  [/\b(city|town)$/, "address-level2"],
  [/\bcountry$/, "country-name"],
  [/^(company|organi[sz]ation)( ?name)?$/, "organization"],
];

/** An autofill token; `off` for what is not to be kept by the browser; `undefined` where nothing is known. */
export function autocompleteOf({ input, name, sensitive }: PromptField): string | undefined {
  if (sensitive) return "off";
  if (input === "tel" || input === "email") return input;
  if (input === "number") return undefined;
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const token = NAMES.find(([pattern]) => pattern.test(words))?.[1];
  return (input === "date") === (token === "bday") ? token : undefined;
}
