/**
 * SIMULATOR of the CCAI Platform web SDK V3: the headless `Client` and the stock widget. It is not the SDK and shares no code with it.
 *
 * The real package, `@ujet/websdk-headless`, is not on the public npm registry, so everything that has to run without a tenant (tests, the
 * demo, other people's tests) runs against this stand-in for the documented surface: the same methods, events, payloads and statuses.
 */

export { Chat } from "./chat.js";
export { Client } from "./client.js";
export { CobrowseSession } from "./cobrowse.js";
export { SdkError } from "./errors.js";
export { clientEvents, widgetEvents } from "./events.js";
export { Simulator } from "./platform.js";
export { defaultQuirks } from "./quirks.js";
export { Widget } from "./widget.js";
