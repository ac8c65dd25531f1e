/** What an endpoint has to do, check by check: pure functions of what was seen. */
import { isDeepStrictEqual } from "node:util";
import { type Answer, answered, askedHeaders, isAccepted, type Reply } from "./probe-client.js";
import type { Rest, Seen } from "./probe-gather.js";
import { orList } from "./text.js";

export type Status = "pass" | "fail" | "warn" | "skipped";

export interface Result {
  readonly code: string;
  readonly status: Status;
  readonly message: string;
  /** What to do about it; only where something is to be done. */
  readonly do?: string;
}

type Verdict = { readonly status: Status; readonly message: string };

interface Check {
  readonly code: string;
  readonly do: string;
  readonly judge: (seen: Seen) => Verdict;
}

/** An attempt takes so long at most. */
const ATTEMPT_MS = 8000;
/** A longer answer is not understood. */
const ANSWER_BYTES = 64 * 1024;
const SHOWN = 120;

const pass = (message: string): Verdict => ({ status: "pass", message });
const fail = (message: string): Verdict => ({ status: "fail", message });
const warn = (message: string): Verdict => ({ status: "warn", message });
const skip = (message: string): Verdict => ({ status: "skipped", message });

/** Text of the endpoint, cut; whoever shows it makes it harmless. */
const cut = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
const said = (answer: Answer): string => (answered(answer) ? `answered ${answer.status}` : answer.why);
const list = (reply: Reply, name: string): readonly string[] =>
  (reply.headers.get(name) ?? "")
    .toLowerCase()
    .split(",")
    .map((item) => item.trim());
const isRedirect = (answer: Answer): boolean => answered(answer) && [301, 302, 303, 307, 308].includes(answer.status);
/** Final, as the module takes it: these others are sent again. */
const SENT_AGAIN = [401, 408, 409, 425, 429];
const isRefusal = (answer: Answer): answer is Reply =>
  answered(answer) && answer.status >= 400 && answer.status < 500 && !SENT_AGAIN.includes(answer.status);

/** Judges what only an accepted first hand-off makes meaningful. */
const afterFirst =
  (judge: (rest: Rest, first: Reply, seen: Seen) => Verdict) =>
  (seen: Seen): Verdict =>
    seen.rest === null || !answered(seen.first)
      ? skip("Nothing can be said: the first one was not accepted.")
      : judge(seen.rest, seen.first, seen);

const withReply =
  (which: (seen: Seen) => Answer, judge: (reply: Reply, seen: Seen) => Verdict) =>
  (seen: Seen): Verdict => {
    const answer = which(seen);
    return answered(answer) ? judge(answer, seen) : skip(`Nothing can be said: ${answer.why}.`);
  };

const ofPreflight = (judge: (reply: Reply, seen: Seen) => Verdict) => withReply((seen) => seen.preflight, judge);
const ofFirst = (judge: (reply: Reply, seen: Seen) => Verdict) => withReply((seen) => seen.first, judge);

function originAllowed(reply: Reply, { target }: Seen): Verdict {
  const allowed = reply.headers.get("access-control-allow-origin");
  if (allowed === "*" || allowed === target.origin) return pass(`The origin ${target.origin} is allowed.`);
  return fail(
    allowed === null
      ? "There is no Access-Control-Allow-Origin."
      : `Access-Control-Allow-Origin is "${cut(allowed)}", not ${target.origin}.`,
  );
}

function headersAllowed(reply: Reply, { target }: Seen): Verdict {
  const allowed = list(reply, "access-control-allow-headers");
  // The wildcard does not stand for this one.
  const missing = askedHeaders(target).filter(
    (name) => !allowed.includes(name) && !(allowed.includes("*") && name !== "authorization"),
  );
  return missing.length === 0
    ? pass("All headers of a hand-off are allowed.")
    : fail(`Access-Control-Allow-Headers does not name ${orList(missing)}.`);
}

function methodAllowed(reply: Reply): Verdict {
  const methods = list(reply, "access-control-allow-methods");
  return methods.includes("post") || methods.includes("*")
    ? pass("POST is allowed.")
    : warn("Access-Control-Allow-Methods does not name POST. Browsers let it pass all the same.");
}

function variesByOrigin(reply: Reply): Verdict {
  const allowed = reply.headers.get("access-control-allow-origin");
  if (allowed === null || allowed === "*") return skip("Every origin gets the same answer.");
  return list(reply, "vary").some((name) => name === "origin" || name === "*")
    ? pass("Answers vary by origin.")
    : warn("Vary does not name Origin: a cache may give one page's answer to another.");
}

function foreignOrigin(reply: Reply, seen: Seen): Verdict {
  const allowed = reply.headers.get("access-control-allow-origin");
  const credentials = reply.headers.get("access-control-allow-credentials") === "true";
  if (allowed === "*") return warn("Every origin is allowed.");
  if (allowed !== seen.foreignOrigin) return pass("An origin that nobody has allowed is not allowed.");
  return credentials
    ? fail("Every origin is allowed by name, with credentials: any page can act as the person who visits it.")
    : warn("Every origin is allowed by name.");
}

function wildcardCredentials(seen: Seen): Verdict {
  const bad = [seen.preflight, seen.first].some(
    (answer) =>
      answered(answer) &&
      answer.headers.get("access-control-allow-credentials") === "true" &&
      ["origin", "headers", "methods"].some((of) => list(answer, `access-control-allow-${of}`).includes("*")),
  );
  return bad
    ? fail(
        "A wildcard stands beside Access-Control-Allow-Credentials: browsers refuse that for requests with credentials.",
      )
    : pass("No wildcard is combined with credentials.");
}

function redirects({ preflight, first }: Seen): Verdict {
  const who = [isRedirect(preflight) ? "The preflight" : "", isRedirect(first) ? "The POST" : ""].filter(Boolean);
  return who.length === 0
    ? pass("Nothing is redirected.")
    : fail(`${who.join(" and ")} is redirected: that is never followed.`);
}

function accepts({ first, target }: Seen): Verdict {
  if (isAccepted(first)) return pass(`The first ${target.kind === "record" ? "record" : "hand-off"} ${said(first)}.`);
  const asked = answered(first) && (first.status === 401 || first.status === 403);
  return fail(`It was not accepted: ${said(first)}.${asked ? " Give credentials with --header." : ""}`);
}

/** What refuses for its size may be another server, before this one. */
function errorsReadable(
  { otherBody: conflict, keyMissing, keyDiffers, malformed }: Rest,
  _first: Reply,
  seen: Seen,
): Verdict {
  const errors = [conflict, keyMissing, keyDiffers, malformed].filter(
    (answer) => answered(answer) && answer.status >= 400,
  );
  const unreadable = errors.find((answer) => answered(answer) && originAllowed(answer, seen).status !== "pass");
  return unreadable === undefined
    ? pass("Errors can be read by the page.")
    : fail(
        `An error (${said(unreadable)}) has no Access-Control-Allow-Origin for the page: it sees a network error, and sends again.`,
      );
}

function inTime(reply: Reply): Verdict {
  return reply.ms <= ATTEMPT_MS
    ? pass("The answer is within the time of an attempt.")
    : fail(`The answer took ${(reply.ms / 1000).toFixed(1)} s: an attempt has 8 s.`);
}

function retryAfterExposed(reply: Reply): Verdict {
  const exposed = list(reply, "access-control-expose-headers");
  return exposed.includes("retry-after") || exposed.includes("*")
    ? pass("Retry-After can be read by the page.")
    : warn("Access-Control-Expose-Headers does not name Retry-After: the page cannot see how long to wait.");
}

function answerSize(reply: Reply): Verdict {
  return reply.bytes <= ANSWER_BYTES
    ? pass("The answer is of a size that is understood.")
    : fail("The answer is longer than 64 KiB: nothing in it is understood.");
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function answerShape(reply: Reply, { target }: Seen): Verdict {
  if (target.kind === "record") return skip("Nothing is read in the answer to a record.");
  if (!isAccepted(reply)) return skip("Nothing can be said: the first one was not accepted.");
  if (reply.text === "") return pass("The answer is empty: its status is enough.");
  const value = parsed(reply.text);
  if (value === undefined) return warn("The answer is not JSON: nothing in it is understood.");
  if (!isObject(value)) return fail("The answer is not an object.");
  const { conversation, messages } = value;
  if (conversation !== undefined && conversation !== null && !isConversation(conversation, target.url))
    return fail("conversation is not an object with an id or a url, as texts; the url http(s).");
  if (messages !== undefined && messages !== null && !isMessages(messages))
    return fail("messages is not a list of objects with a text.");
  return pass("The answer has the shape that is understood.");
}

function isConversation(value: unknown, base: string): boolean {
  if (!isObject(value)) return false;
  const { id, url } = value;
  if (id === undefined && url === undefined) return false;
  if ((id !== undefined && typeof id !== "string") || (url !== undefined && typeof url !== "string")) return false;
  return url === undefined || (URL.canParse(url, base) && /^https?:$/.test(new URL(url, base).protocol));
}

const isMessages = (value: unknown): boolean =>
  Array.isArray(value) && value.every((message) => isObject(message) && typeof message.text === "string");

/** Alike: the same JSON, or the same text. */
function alike(one: Reply, other: Reply): boolean {
  const [a, b] = [parsed(one.text), parsed(other.text)];
  return a === undefined || b === undefined ? one.text === other.text : isDeepStrictEqual(a, b);
}

function sameAgain({ again }: Rest, first: Reply): Verdict {
  if (!isAccepted(again))
    return fail(`The same key and body, sent again, ${answered(again) ? said(again) : `got nothing: ${again.why}`}.`);
  return alike(first, again)
    ? pass("The same key and body, sent again, is answered alike.")
    : fail("The same key and body, sent again, is answered differently: it may have been begun twice.");
}

function otherBody({ otherBody: answer }: Rest): Verdict {
  return answered(answer) && answer.status === 422
    ? pass("Another body under the key is refused with 422.")
    : fail(`Another body under the key ${answered(answer) ? said(answer) : `got nothing: ${answer.why}`}, not 422.`);
}

function atOnce({ atOnce: answers }: Rest, first: Reply): Verdict {
  const taken = answers.filter(isAccepted);
  const others = answers.filter((answer) => !isAccepted(answer));
  const strange = others.find((answer) => !answered(answer) || answer.status !== 409);
  if (strange !== undefined)
    return fail(
      `Of two at once, one ${answered(strange) ? said(strange) : `got nothing: ${strange.why}`}: neither 2xx nor 409.`,
    );
  const [one, other] = taken;
  if (one === undefined) return fail("Of two at once, none was accepted.");
  if (other === undefined) return pass("Of two at once, one had to wait for the other.");
  if (!alike(one, other)) return fail("Two at once have two different answers: both may have been begun.");
  // An answer that every hand-off gets would be the same for two that were begun.
  return !alike(one, first) || isReplayed(one) !== isReplayed(other)
    ? pass("Two at once have one answer.")
    : warn(
        "Two at once have the answer that others have, too, and none had to wait: it cannot be seen whether both were begun.",
      );
}

/** As the package's receiver marks what it had kept. */
const isReplayed = (reply: Reply): boolean => reply.headers.get("idempotency-replayed") === "true";

const refused =
  (what: string, which: (rest: Rest) => Answer) =>
  (rest: Rest): Verdict => {
    const answer = which(rest);
    return isRefusal(answer)
      ? pass(`${what} is refused with ${answer.status}.`)
      : fail(`${what} is not refused with a 4xx that fits: ${said(answer)}.`);
  };

function tooLarge({ tooLarge: answer }: Rest): Verdict {
  if (answered(answer) && answer.status === 413) return pass("A body of 256 KiB is refused with 413.");
  if (isRefusal(answer)) return warn(`A body of 256 KiB is refused with ${answer.status}, not 413.`);
  if (!answered(answer)) return warn(`A body of 256 KiB is not answered: ${answer.why}.`);
  return fail(`A body of 256 KiB ${said(answer)}: nothing bounds what anybody can send.`);
}

function recordKinds({ records }: Rest, _first: Reply, { target }: Seen): Verdict {
  if (target.kind === "handoff") return skip("This is no record sink.");
  const [crm, consent] = records.map((answer) => isAccepted(answer));
  if (crm === true && consent === true) return pass("Records of every kind are taken.");
  return fail(
    `Records of this kind are not taken: ${crm === true ? "" : "crm"}${crm || consent ? "" : ", "}${consent === true ? "" : "consent"}.`,
  );
}

/** In the order in which they are reported. The codes are stable. */
export const CHECKS: readonly Check[] = [
  {
    code: "https",
    do: "Serve it by https.",
    judge: ({ target }) =>
      target.url.startsWith("https:") ? pass("It is reached by https.") : skip("On loopback, http will do."),
  },
  {
    code: "no_redirect",
    do: "Answer at this URL, or put the URL that is redirected to into the settings.",
    judge: redirects,
  },
  {
    code: "preflight_status",
    do: "Answer OPTIONS with 204, without asking for credentials: browsers send none with a preflight.",
    judge: ({ preflight }) =>
      isAccepted(preflight)
        ? pass(`The preflight ${said(preflight)}.`)
        : fail(`The preflight has no 2xx: ${said(preflight)}.`),
  },
  {
    code: "preflight_origin",
    do: "Answer the preflight with Access-Control-Allow-Origin and the page's origin.",
    judge: ofPreflight(originAllowed),
  },
  {
    code: "preflight_method",
    do: "Answer the preflight with Access-Control-Allow-Methods: POST.",
    judge: ofPreflight(methodAllowed),
  },
  { code: "preflight_headers", do: "Name them in Access-Control-Allow-Headers.", judge: ofPreflight(headersAllowed) },
  { code: "accepts", do: "Answer a hand-off that is taken with 2xx.", judge: accepts },
  { code: "answer_time", do: "Accept first, and do what takes long afterwards.", judge: ofFirst(inTime) },
  {
    code: "cors_origin",
    do: "Set Access-Control-Allow-Origin on the answer to the POST, too: without it the page sees a network error, and sends again.",
    judge: ofFirst(originAllowed),
  },
  {
    code: "cors_errors",
    do: "Set the CORS headers before anything can fail.",
    judge: afterFirst(errorsReadable),
  },
  { code: "cors_expose", do: "Set Access-Control-Expose-Headers: Retry-After.", judge: ofFirst(retryAfterExposed) },
  { code: "cors_vary", do: "Set Vary: Origin on every answer.", judge: ofFirst(variesByOrigin) },
  {
    code: "cors_foreign",
    do: "Allow the origins of your own pages only.",
    judge: withReply((seen) => seen.foreign, foreignOrigin),
  },
  {
    code: "cors_credentials",
    do: "Drop Access-Control-Allow-Credentials: the module sends no cookies.",
    judge: wildcardCredentials,
  },
  { code: "answer_size", do: "Answer with at most 64 KiB.", judge: ofFirst(answerSize) },
  {
    code: "answer_shape",
    do: 'Answer with {"conversation":{"id","url"},"messages":[{"text"}]}, both optional, or with nothing.',
    judge: ofFirst(answerShape),
  },
  { code: "same_again", do: "Keep the answer under its key, and give it again.", judge: afterFirst(sameAgain) },
  {
    code: "other_body",
    do: "Keep the first body, or its digest, under its key, and answer 422 to another one.",
    judge: afterFirst(otherBody),
  },
  {
    code: "at_once",
    do: "Reserve the key before the work begins, and answer 409 until it is done.",
    judge: afterFirst(atOnce),
  },
  {
    code: "key_missing",
    do: "Answer 400 where Idempotency-Key is missing.",
    judge: afterFirst(refused("A request without a key", (rest) => rest.keyMissing)),
  },
  {
    code: "key_differs",
    do: "Answer 400 where Idempotency-Key is not the body's handoff_id (of a record: handoff_id:record).",
    judge: afterFirst(refused("A key that is not the body's id", (rest) => rest.keyDiffers)),
  },
  {
    code: "malformed",
    do: "Answer 400 to what is not JSON.",
    judge: afterFirst(refused("A body that is not JSON", (rest) => rest.malformed)),
  },
  {
    code: "too_large",
    do: "Stop reading beyond a limit of 32 KiB or more, and answer 413.",
    judge: afterFirst(tooLarge),
  },
  { code: "record_kinds", do: "Take records of the kinds metadata, crm and consent.", judge: afterFirst(recordKinds) },
];

export function judge(seen: Seen): readonly Result[] {
  return CHECKS.map((check) => {
    const { status, message } = check.judge(seen);
    const todo = status === "fail" || status === "warn" ? { do: check.do } : {};
    return { code: check.code, status, message, ...todo };
  });
}
