/** What can go wrong with one request: functions of an `Exchange` (proxy.mjs). */
import { passOn, responseBytes } from "./proxy.mjs";

/** The connection is refused. The harness closes the port before the request. */
export const refuse = async () => {};

export const resetOnRequest = (bytes) => async (exchange) => {
  await exchange.received(bytes);
  exchange.reset();
};

/** Nothing comes back. */
export const stall = async (exchange) => {
  await exchange.whole();
  await exchange.hold();
};

/** The answer is lost, although the receiver has had the request. */
export const loseAnswer = async (exchange) => {
  await exchange.forward();
  exchange.reset();
};

export const closeSilently = async (exchange) => {
  await exchange.whole();
  exchange.end();
  await exchange.hold();
};

/** Answers without asking the receiver. */
export const answer = (response) => async (exchange) => {
  await exchange.whole();
  exchange.write(responseBytes(response));
};

export const status = (code, headers = {}, body = "") => answer({ status: code, headers, body });

/** The receiver has accepted, but the client gets these instead of its bytes, and then nothing more. */
export const acceptedButThen =
  (change, then = "hold") =>
  async (exchange) => {
    const { status: code, headers, body } = await exchange.forward();
    const bytes = responseBytes({ status: code, headers: { "content-type": headers["content-type"] }, body });
    exchange.write(change(bytes, body));
    if (then === "keep") return;
    if (then === "end") exchange.end();
    // What was written is on its way before the connection is cut.
    if (then === "reset") await exchange.pause(1);
    if (then === "reset") exchange.reset();
    await exchange.hold();
  };

/** The answer comes in pieces of `size` bytes, `ms` apart, from the byte `from` on. */
export const drip =
  ({ ms, size = 1, from = () => 0 }) =>
  async (exchange) => {
    const { status: code, headers, body } = await exchange.forward();
    const bytes = responseBytes({ status: code, headers: { "content-type": headers["content-type"] }, body });
    const start = from(bytes);
    if (start > 0) exchange.write(bytes.subarray(0, start));
    for (let at = start; at < bytes.length; at += size) {
      await exchange.pause(ms);
      exchange.write(bytes.subarray(at, at + size));
    }
  };

/** Where the answer's body begins. */
export const afterHead = (bytes) => bytes.indexOf("\r\n\r\n") + 4;

/** The request arrives twice. */
export const deliverTwice = async (exchange) => {
  await exchange.forward();
  await passOn(exchange);
};

/** Bytes that are written as they are, and then the end. */
export const raw =
  (text, then = "end") =>
  async (exchange) => {
    await exchange.whole();
    exchange.write(text);
    if (then === "end") exchange.end();
    await exchange.hold();
  };
