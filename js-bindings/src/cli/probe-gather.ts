/** The exchanges with the endpoint, one after the other: what was seen is judged afterwards. */
import { randomUUID } from "node:crypto";
import { type Answer, isAccepted, post, preflight } from "./probe-client.js";
import { freshId, record, shipment } from "./probe-shipments.js";
import type { Target } from "./probe-target.js";

/** Eight times what the module ever sends. */
const TOO_LARGE_BYTES = 256 * 1024;

export interface Seen {
  readonly target: Target;
  readonly preflight: Answer;
  /** An origin that nobody can have allowed, and its preflight. */
  readonly foreignOrigin: string;
  readonly foreign: Answer;
  readonly first: Answer;
  /** Nothing where the first was not accepted: nothing could be concluded from the rest. */
  readonly rest: Rest | null;
}

export interface Rest {
  readonly again: Answer;
  readonly otherBody: Answer;
  readonly atOnce: readonly [Answer, Answer];
  readonly keyMissing: Answer;
  readonly keyDiffers: Answer;
  readonly malformed: Answer;
  readonly tooLarge: Answer;
  /** Of a record sink: the other kinds of record. */
  readonly records: readonly Answer[];
}

/** Throws `Failure` when there is nobody who could answer. */
export async function gather(target: Target): Promise<Seen> {
  const allowed = await preflight(target, target.origin);
  const foreignOrigin = `https://${randomUUID()}.example`;
  const foreign = await preflight(target, foreignOrigin);
  const one = shipment(target.kind);
  const first = await post(target, one);
  const seen = { target, preflight: allowed, foreignOrigin, foreign, first };
  if (!isAccepted(first)) return { ...seen, rest: null };
  const again = await post(target, one);
  const id = one.key?.split(":")[0] as string;
  const otherBody = await post(target, shipment(target.kind, id, { decided_at: "2026-01-01T00:00:00.000Z" }));
  const another = shipment(target.kind);
  const atOnce = await Promise.all([post(target, another), post(target, another)]);
  const rest = { again, otherBody, atOnce, ...(await refusals(target)), records: await otherRecords(target) };
  return { ...seen, rest };
}

async function refusals(target: Target): Promise<Pick<Rest, "keyMissing" | "keyDiffers" | "malformed" | "tooLarge">> {
  const { kind } = target;
  const otherKey = shipment(kind).key;
  return {
    keyMissing: await post(target, { ...shipment(kind), key: null }),
    keyDiffers: await post(target, { ...shipment(kind), key: otherKey }),
    malformed: await post(target, { key: otherKey, body: '{"schema":1,' }),
    tooLarge: await post(target, shipment(kind, freshId(), { padding: "x".repeat(TOO_LARGE_BYTES) })),
  };
}

async function otherRecords(target: Target): Promise<readonly Answer[]> {
  if (target.kind === "handoff") return [];
  return [await post(target, record("crm")), await post(target, record("consent"))];
}
