/** The link that an endpoint's answer may carry: hostile, until it is known where it leads. */
import type { SendEffect } from "./effects.js";
import { plainObject } from "./plain.js";
import type { SendResponse } from "./send.js";

/**
 * The answer with `conversation.url` made absolute, or `null` where it leads to an origin that the host has not allowed (or is no http(s) at all).
 * @param refused called when a link was taken out
 */
export function withSafeLink(
  response: SendResponse,
  effect: SendEffect,
  origins: readonly string[],
  refused: () => void,
): SendResponse {
  const body = plainObject(response.body);
  const conversation = plainObject(body.conversation);
  if (typeof conversation.url !== "string") return response;
  const url = allowed(conversation.url, effect, origins);
  if (url === null) refused();
  return { ...response, body: { ...body, conversation: { ...conversation, url } } };
}

function allowed(text: string, effect: SendEffect, origins: readonly string[]): string | null {
  let url: URL;
  try {
    url = new URL(text, effect.url);
  } catch {
    return null;
  }
  const known = url.origin === effect.origin || origins.includes(url.origin);
  return known && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" ? url.href : null;
}
