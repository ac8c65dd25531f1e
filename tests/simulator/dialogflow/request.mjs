// What a call of sessions.detectIntent must be: judged by the published types, and by what the reference says beside them.

import { GoogleError, invalid } from "./errors.mjs";
import { detectIntentPaths, fromJson, problemsOf, typeNamed } from "./types.mjs";

export const DetectIntentRequest = typeNamed("DetectIntentRequest");

const SESSION_BYTES = 36;
const DAY_SECONDS = 24 * 60 * 60;
/** Headers that the reference forbids in `webhookHeaders`. */
const FORBIDDEN_HEADERS =
  /^(host|content-length|connection|from|user-agent|accept-encoding|if-modified-since|if-none-match|x-forwarded-for)$/i;

/** `{session, agent, environment, location, sessionId}` of a path, or `null` where the method has no such path. */
export function readPath(path) {
  const session = detectIntentPaths.map((pattern) => pattern.exec(path)?.groups.session).find(Boolean);
  if (session === undefined) return null;
  const part = (name) => new RegExp(`(?:^|/)${name}/([^/]+)`).exec(session)?.[1];
  return {
    session,
    agent: /^.*\/agents\/[^/]+/.exec(session)[0],
    environment: part("environments"),
    location: part("locations"),
    sessionId: decodeURIComponent(part("sessions")),
  };
}

/** The request's message. Throws `GoogleError`. */
export function readRequest(text, session) {
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new GoogleError("INVALID_ARGUMENT", "Invalid JSON payload received.");
  }
  const problems = [...problemsOf(DetectIntentRequest, json), ...rules(json)];
  if (problems.length > 0) throw invalid(problems);
  return fromJson(DetectIntentRequest, { ...json, session });
}

function rules(json) {
  const problems = [];
  const expect = (holds, path, problem) => {
    if (!holds) problems.push({ path, problem });
  };
  const { queryInput, queryParams = {} } = json ?? {};
  expect(queryInput !== undefined, "queryInput", "is required");
  const inputs = Object.keys(queryInput ?? {}).filter((name) => name !== "languageCode");
  expect(inputs.length === 1, "queryInput", "needs exactly one input");
  expect(isLanguage(queryInput?.languageCode), "queryInput.languageCode", "is no language");
  if (queryInput?.event !== undefined) expect(Boolean(queryInput.event.event), "queryInput.event.event", "is empty");
  const { timeZone, sessionTtl, webhookHeaders = {} } = queryParams;
  expect(timeZone === undefined || isTimeZone(timeZone), "queryParams.timeZone", "is no time zone");
  expect(sessionTtl === undefined || isTtl(sessionTtl), "queryParams.sessionTtl", "is not from 0 to 24 hours");
  const forbidden = Object.keys(webhookHeaders).find((name) => FORBIDDEN_HEADERS.test(name));
  expect(forbidden === undefined, `queryParams.webhookHeaders.${forbidden}`, "is not allowed");
  return problems;
}

function isLanguage(code) {
  try {
    return typeof code === "string" && Intl.getCanonicalLocales(code).length === 1;
  } catch {
    return false;
  }
}

function isTimeZone(zone) {
  try {
    return zone === "" || new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

const isTtl = (ttl) => Number.parseFloat(ttl) >= 0 && Number.parseFloat(ttl) <= DAY_SECONDS;

/** Throws `GoogleError` where the name of a session cannot be one. */
export function checkSession({ sessionId, location }, served) {
  if (Buffer.byteLength(sessionId) > SESSION_BYTES)
    throw new GoogleError("INVALID_ARGUMENT", `The session id is longer than ${SESSION_BYTES} bytes.`);
  if (served !== undefined && location !== served)
    throw new GoogleError("INVALID_ARGUMENT", `This host serves the location ${served}, not ${location}.`);
}
