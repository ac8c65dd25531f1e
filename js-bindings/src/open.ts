/** What is loaded once the page has time for us. */
import type { Ear } from "./adapter/listen.js";
import { checkTransferOptions } from "./options.js";
import type { Platform } from "./platform.js";
import { openTransfer as open } from "./transfer.js";
import type { PostSessionTransfer, TransferOptions } from "./types.js";

export function openTransfer(options: TransferOptions, ear: Ear, platform: Platform): Promise<PostSessionTransfer> {
  checkTransferOptions(options);
  return open(options, ear, platform);
}
