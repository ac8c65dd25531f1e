/** `post-session-transfer/receiver`: the receiver's half of exactly-once. Web standards only, so that it runs in Node and in workers as it is. */
export { ConfigurationError } from "../errors.js";
export type { Handoff } from "./handoff.js";
export { type MergedMetadata, mergeMetadata } from "./metadata.js";
export type { ReceiveContext, ReceiveOptions, RequestHandler } from "./once.js";
export { createReceiver, createRecordReceiver, type ReceiverOptions, type RecordReceiverOptions } from "./receiver.js";
export type { SessionRecord } from "./record.js";
export { Refusal } from "./refusal.js";
export type { Problem } from "./shape.js";
export type { Begun, PurgeableStore, Store } from "./store.js";
export { memoryStore } from "./store-memory.js";
export { type DirectDatabase, type PreparingDatabase, type SqliteDatabase, sqliteStore } from "./store-sqlite.js";
