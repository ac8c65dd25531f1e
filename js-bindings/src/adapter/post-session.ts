/** The SDK's side of a hand-off through the platform. */
import type { PostSessionSdk } from "../flow-run.js";
import type { Ear, Thing } from "./listen.js";

const thing = (value: unknown): Thing | undefined =>
  value !== null && typeof value === "object" ? (value as Thing) : undefined;

/** Looks the client up at each call: a widget may have got another one. Nothing if there is no client at all. */
export function postSessionSdk(ear: Ear, session: () => string | undefined): PostSessionSdk | undefined {
  if (!ear.recognised) return undefined;
  return {
    updatePostSession(...args: [status: string, optIn?: boolean]) {
      const client = ear.client();
      const update = client?.updatePostSession;
      if (typeof update !== "function") throw new TypeError("The SDK has no updatePostSession.");
      const current = thing(thing(client?.chat)?.state)?.id;
      // The method means the client's current chat, whichever that is by now.
      if (current !== undefined && String(current) !== session())
        throw new TypeError("The client has gone on to another chat.");
      return Reflect.apply(update as (...given: unknown[]) => unknown, client, args);
    },
    status() {
      const state = thing(thing(ear.client()?.chat)?.state);
      const status = state?.post_session_transfer_status ?? state?.postSessionTransferStatus;
      return typeof status === "string" ? status : undefined;
    },
    showWidget() {
      try {
        const show = ear.widget?.show;
        if (typeof show === "function") Reflect.apply(show as () => unknown, ear.widget, []);
      } catch {
        // Then it stays as it is: the virtual agent is there all the same.
      }
    },
  };
}
