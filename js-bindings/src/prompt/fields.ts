/** What is asked beside the answer: native controls, each tied to its label, hint and error. */
import type { FormInput } from "../names.js";
import type { Prompt, PromptField, PromptValues } from "../types.js";
import { autocompleteOf } from "./autocomplete.js";
import { type Attributes, drawing, element } from "./element.js";

/** Up to this many choices are all in sight. */
const RADIOS = 5;

const KEYBOARDS: Readonly<Record<FormInput, Attributes>> = {
  text: { type: "text", dir: "auto" },
  number: { type: "text", inputmode: "decimal", dir: "ltr" },
  tel: { type: "tel", inputmode: "tel", dir: "ltr" },
  email: { type: "email", inputmode: "email", dir: "ltr", autocapitalize: "off" },
  date: { type: "date" },
  choice: {},
};

/** The name of a field's controls. It is not the field's own: that is hostile text, and a form has properties. */
const nameOf = (at: number): string => `field-${at}`;

export function drawField(doc: Document, field: PromptField, at: number): HTMLElement {
  const id = nameOf(at);
  const described = [field.error && `${id}-error`, field.hint && `${id}-hint`].filter(Boolean).join(" ");
  const states = {
    "aria-describedby": described || undefined,
    "aria-required": String(field.required),
    "aria-invalid": field.error ? "true" : undefined,
  };
  const control = asRadios(field) ? radios(doc, field, id, states) : labelled(doc, field, id, states);
  return element(doc, "div", { class: "field", part: "field", "data-key": `${field.input} ${field.name}` }, ...control);
}

/** What has been given, by the names of the fields. */
export function valuesOf(form: HTMLFormElement, { fields }: Prompt): PromptValues {
  const control = (at: number) => form.elements.namedItem(nameOf(at)) as HTMLInputElement | RadioNodeList | null;
  return Object.fromEntries(fields.map(({ name }, at) => [name, control(at)?.value ?? ""]));
}

/** A radio button cannot be taken back: what may be left out has to stay a list with an empty line. */
const asRadios = ({ input, required, choices }: PromptField): boolean =>
  input === "choice" && required && choices.length <= RADIOS;

function labelled(doc: Document, field: PromptField, id: string, states: Attributes): HTMLElement[] {
  const attributes = { class: "input", part: "input", id, name: id, ...states, autocomplete: autocompleteOf(field) };
  const choice = field.input === "choice";
  const control = choice ? list(doc, field, attributes) : line(doc, field, attributes);
  control.value = field.value;
  const label = element(doc, "label", { class: "label", part: "label", for: id }, isolated(doc, field.label));
  return [label, ...notes(doc, field, id), choice ? element(doc, "span", { class: "select" }, control) : control];
}

function line(doc: Document, { input, sensitive }: PromptField, attributes: Attributes): HTMLInputElement {
  // A spelling service would be told what is typed.
  const spellcheck = input === "text" && !sensitive ? undefined : "false";
  return element(doc, "input", { ...attributes, ...KEYBOARDS[input], spellcheck });
}

function list(doc: Document, { choices, placeholder }: PromptField, attributes: Attributes): HTMLSelectElement {
  const options = choices.map((choice) => element(doc, "option", { dir: "auto", value: choice }, choice));
  return element(doc, "select", attributes, element(doc, "option", { value: "" }, placeholder), ...options);
}

function radios(doc: Document, field: PromptField, id: string, states: Attributes): HTMLElement[] {
  const choices = field.choices.map((choice, at) => {
    const radio = element(doc, "input", { type: "radio", name: id, id: `${id}-${at}`, value: choice });
    radio.checked = choice === field.value;
    return element(doc, "label", { class: "choice", part: "choice" }, radio, isolated(doc, choice));
  });
  const legend = element(
    doc,
    "legend",
    { class: "label", part: "label", id: `${id}-label` },
    isolated(doc, field.label),
  );
  // A group cannot be required or wrong, a radio group can.
  const group = { class: "choices", part: "choices", role: "radiogroup", "aria-labelledby": `${id}-label`, ...states };
  return [element(doc, "fieldset", group, legend, ...notes(doc, field, id), ...choices)];
}

/** Between label and control: there nothing that a browser opens covers them. */
function notes(doc: Document, { hint, error }: PromptField, id: string): HTMLElement[] {
  const made: HTMLElement[] = [];
  if (hint) made.push(element(doc, "p", { class: "hint", part: "hint", id: `${id}-hint` }, isolated(doc, hint)));
  if (error) {
    const sign = drawing(doc, "sign", "M12 4l9 16H3zM12 10v4M12 17h.01");
    made.push(element(doc, "p", { class: "error", part: "error", id: `${id}-error` }, sign, isolated(doc, error)));
  }
  return made;
}

/** Its direction is its own, and reaches no further. */
export function isolated(doc: Document, text: string): HTMLElement {
  return element(doc, "bdi", {}, text);
}
