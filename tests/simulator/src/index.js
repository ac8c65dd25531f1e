/**
 * SIMULATOR of the CCAI Platform web SDK V3 (headless `Client`). It is not the SDK and shares no code with it.
 *
 * The real package, `@ujet/websdk-headless`, is not on the public npm registry, so everything that has to run without a tenant (tests, the
 * demo, other people's tests) runs against this stand-in for the documented surface: the same methods, events, payloads and statuses.
 */

export { Chat } from "./chat.js";
export { Client, SdkError } from "./client.js";
export { Simulator } from "./platform.js";
export { defaultQuirks } from "./quirks.js";
