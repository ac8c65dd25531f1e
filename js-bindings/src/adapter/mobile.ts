/** Finds out whether the page runs inside a mobile app. A phone's browser shows none of these signs, and is not a mobile SDK. */
import type { MobilePlatform } from "../names.js";
import type { Thing } from "./listen.js";

/** A sign, and the platform that it stands for. It may throw: what is looked at is not ours. */
type Sign = readonly [MobilePlatform, (page: Thing, client: Thing | undefined) => unknown];

const thing = (value: unknown): Thing | undefined =>
  value !== null && (typeof value === "object" || typeof value === "function") ? (value as Thing) : undefined;
const call = (on: Thing | undefined, method: string): unknown =>
  typeof on?.[method] === "function" ? Reflect.apply(on[method] as () => unknown, on, []) : undefined;
const has = (on: unknown, method: string) => typeof thing(on)?.[method] === "function";
/** Message handlers that an app gives to its web view: only those of the platform's own SDK are meant. */
const ofTheSdk = (on: Thing | undefined) => Object.keys(on ?? {}).some((name) => /ujet|ccai|ccaas/i.test(name));

const SIGNS: readonly Sign[] = [
  ["react_native", (page) => has(page.ReactNativeWebView, "postMessage")],
  ["react_native", (page) => thing(page.navigator)?.product === "ReactNative"],
  ["flutter", (page) => has(page.flutter_inappwebview, "callHandler")],
  // Both also run in plain browsers, and say so.
  [
    "capacitor",
    (page) => {
      const capacitor = thing(page.Capacitor);
      return call(capacitor, "isNativePlatform") ?? /^(ios|android)$/.test(String(call(capacitor, "getPlatform")));
    },
  ],
  [
    "cordova",
    (page) => [page.cordova, page.PhoneGap].some((one) => thing(one) && thing(one)?.platformId !== "browser"),
  ],
  // The iOS and Android SDKs: handlers of their own in the web view, or a bridge that the client was made with.
  ["ios", (page) => ofTheSdk(thing(thing(page.webkit)?.messageHandlers))],
  [
    "android",
    (page) =>
      Object.keys(page).some((name) => /^(ujet|ccai|ccaas).*(android|bridge|native)$/i.test(name) && thing(page[name])),
  ],
  ["ios", (_page, client) => /^(ios|iphone|ipad)/i.test(bridgeName(client))],
  ["android", (_page, client) => /^android/i.test(bridgeName(client))],
  ["react_native", (_page, client) => /^react.?native/i.test(bridgeName(client))],
  ["flutter", (_page, client) => /^flutter/i.test(bridgeName(client))],
];

/** The platform that a client's `bridge` option names, as text or as `{ platform }` or `{ name }`. */
function bridgeName(client: Thing | undefined): string {
  const bridge = thing(client?.options)?.bridge ?? client?.bridge;
  const named = thing(bridge);
  return String(named?.platform ?? named?.name ?? (typeof bridge === "string" ? bridge : ""));
}

/** The mobile platform whose signs the page or the client shows; `undefined` if there are none. */
export function mobileBridge(
  client: Thing | undefined,
  page: Thing = globalThis as unknown as Thing,
): MobilePlatform | undefined {
  const sign = SIGNS.find(([, shown]) => {
    try {
      return Boolean(shown(page, client));
    } catch {
      return false;
    }
  });
  return sign?.[0];
}
