// Made from wasm/messages.json by tools/generate-messages.mjs.

/** The English texts, which are built into the core. */
export const ENGLISH = {
  /** How a title {0} and the text {1} after it are spoken. */
  announce: "{0}. {1}",
  /** Stands for {0} in the sentences below where the virtual agent has no name. */
  unnamed: "our automated service",
  opt_in_title: "Your chat has ended",
  /** {0}: the virtual agent's name, here and below. Neutral: it must not steer towards Yes. */
  opt_in_body: "Would you like to continue with {0}? It is a virtual agent, not a person.",
  form_title: "Before you continue",
  form_body: "To continue, {0} needs a few details. It is a virtual agent, not a person.",
  form_invalid: "Please check the marked fields.",
  connecting_title: "One moment",
  connecting_body: "We are connecting you to {0}.",
  waiting_online_title: "You are offline",
  waiting_online_body: "We will connect you to {0} as soon as you are back online.",
  connected_title: "You are connected",
  connected_body: "You are now talking to {0}, a virtual agent.",
  declined_title: "All right",
  declined_body: "Your chat is over. Nothing was passed on.",
  expired_title: "This question has closed",
  expired_body: "Your chat is over. Nothing was passed on.",
  /** Also the title where the person may try again. */
  failed_title: "We could not connect you",
  reason_network: "We could not reach {0}. Your connection may be down.",
  reason_timeout: "We got no answer from {0} in time.",
  reason_server: "There is a problem with {0} at the moment.",
  reason_busy: "Too many people are using {0} at the moment.",
  reason_unknown: "The connection broke, and we cannot tell whether it reached {0}.",
  reason_wait: "Please wait a moment before you try again.",
  reason_final: "We cannot connect you to {0}. There is nothing more you need to do.",
  yes: "Yes",
  no: "No",
  continue: "Continue",
  try_again: "Try again",
  not_now: "Not now",
  /** A button: the person wants more time to answer. */
  more_time: "More time",
  /** {0}: a duration in the browser's own words, such as 2 minutes. */
  time_left: "Time left to answer: {0}",
  /** {0}: a field's label. */
  field_optional: "{0} (optional)",
  /** Shown in a list of which nothing has been chosen. */
  field_choose: "Please choose",
  error_required: "Please fill in this field.",
  error_too_long: "This is too long.",
  error_number: "Please enter a number.",
  error_tel: "Please enter a phone number, such as +1 555 0100.",
  error_email: "Please enter an email address, such as name@example.com.",
  error_date: "Please enter a date.",
  error_choice: "Please choose one of the options.",
  /** A quiet disclosure: it opens a list of labels and values. */
  shared_title: "What will be shared",
  /** Stands for a value that is shared but is not shown. */
  shared_hidden: "Hidden",
  /** Stands for a value that is not known yet. */
  shared_later: "Added when you continue",
  shared_chat: "Chat number",
  shared_language: "Language",
  /** The number of the queue (the department) that the chat was in. */
  shared_queue: "Queue",
  /** A link to where the virtual agent answers. */
  open_conversation: "Open the conversation",
} as const;

/** A text that a consumer can see or hear. */
export type MessageKey = keyof typeof ENGLISH;

export const ENGLISH_VERSION = "en-1";
