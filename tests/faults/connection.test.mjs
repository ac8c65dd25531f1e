// What happens to connections: refused, cut, silent, slow.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptedButThen,
  afterHead,
  closeSilently,
  deliverTwice,
  drip,
  loseAnswer,
  raw,
  refuse,
  resetOnRequest,
  stall,
  status,
} from "./support/faults.mjs";
import { accepted, always, assertHandOff, gaveUp } from "./support/harness.mjs";

test("without a fault: one request, accepted", () => assertHandOff([], accepted(1)));

test("the connection is refused once: tried again", () => assertHandOff([refuse], accepted(2, 1)));

test("the connection is refused for ever: given up within half a minute", async () => {
  const { net } = await assertHandOff(always(refuse), gaveUp("network_or_cors", 10));
  assert.ok(net.calls.at(-1).at < 30_000);
});

for (const bytes of [1, 60, 400]) {
  test(`the connection is reset after ${bytes} bytes of the request: tried again`, () =>
    assertHandOff([resetOnRequest(bytes)], accepted(2, 1)));
}

test("the connection is reset in the middle of the body, for ever", () =>
  assertHandOff(always(resetOnRequest(700)), gaveUp("network_or_cors", 10)));

for (const bytes of [1, 12, 30]) {
  test(`the answer breaks off after ${bytes} bytes, within its head: sent again under the same key`, () =>
    assertHandOff([acceptedButThen((answer) => answer.subarray(0, bytes), "reset")], accepted(2)));
}

for (const then of ["reset", "end"]) {
  test(`the answer breaks off within its body (${then}): its status has said enough`, async () => {
    const { answer } = await assertHandOff(
      [acceptedButThen((bytes) => bytes.subarray(0, afterHead(bytes) + 5), then)],
      accepted(1),
    );
    assert.equal(answer.conversation, null);
  });
}

test("the answer's body never ends: its status has said enough, and the connection is let go", () =>
  assertHandOff([acceptedButThen((bytes) => bytes.subarray(0, afterHead(bytes) + 5))], accepted(1)));

test("accepted and never answered, once: tried again after eight seconds", async () => {
  const { net } = await assertHandOff([stall], accepted(2, 1));
  assert.ok(net.calls[1].at >= 8000);
});

test("never answered, for ever: given up after half a minute", async () => {
  const { net } = await assertHandOff(always(stall), gaveUp("attempt_timeout", 4));
  assert.equal(net.clock.elapsed, 30_000);
});

test("closed without an answer: tried again", () => assertHandOff([closeSilently], accepted(2, 1)));

test("the answer is lost although the receiver accepted: the second answer is the first one's", () =>
  assertHandOff([loseAnswer], accepted(2)));

test("every answer is lost: one hand-off was begun, and the person is asked", () =>
  assertHandOff(always(loseAnswer), gaveUp("network_or_cors", 10, 10, 1)));

test("the answer is lost, then the key is busy (409), then accepted", async () => {
  let finish;
  const worked = new Promise((resolve) => {
    finish = resolve;
  });
  // The first request is still being worked on when the second one comes.
  const cutWhileWorking = async (exchange) => {
    await exchange.whole();
    const forwarded = exchange.forward();
    exchange.reset();
    await Promise.race([forwarded, new Promise((resolve) => setImmediate(resolve))]);
  };
  const busy = async (exchange) => {
    const answer = await exchange.forward();
    assert.equal(answer.status, 409);
    finish();
    await status(409)(exchange);
  };
  await assertHandOff([cutWhileWorking, busy], accepted(3), {
    prepare: ({ receiver }) => {
      receiver.work = () => worked;
    },
  });
});

test("delivered twice: one hand-off", () => assertHandOff([deliverTwice], accepted(1, 2)));

test("the answer drips, but within the time of an attempt", () =>
  assertHandOff([drip({ ms: 100, size: 8 })], accepted(1)));

test("the head drips for longer than an attempt may take: broken off and sent again", async () => {
  const { net } = await assertHandOff([drip({ ms: 500 })], accepted(2));
  assert.ok(net.calls[1].at >= 8000);
});

test("the head drips for ever, in every attempt", () =>
  assertHandOff(always(drip({ ms: 500 })), gaveUp("attempt_timeout", 4, 4, 1)));

test("the body drips for longer than an attempt may take: its status has said enough", () =>
  assertHandOff([drip({ ms: 500, from: afterHead })], accepted(1)));

test("the head comes late in an attempt, and the body drips: still not sent again", () =>
  assertHandOff(
    [
      async (exchange) => {
        await exchange.whole();
        await exchange.pause(6500);
        await drip({ ms: 500, from: afterHead })(exchange);
      },
    ],
    accepted(1),
  ));

for (const [what, text] of [
  ["a garbage status line", "SSH-2.0-OpenSSH_9.6\r\n\r\n"],
  ["a status that is no number", "HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n"],
  ["two lengths that differ", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
  ["a head that is too long", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}`],
]) {
  test(`${what} is no answer: sent again`, () => assertHandOff([raw(text)], accepted(2, 1)));
}

test("a chunk that is none: the status has said enough", () =>
  assertHandOff(
    [acceptedButThen(() => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "end")],
    accepted(1),
  ));

test("an answer by HTTP/1.0, ended by the end of the connection", async () => {
  const { answer } = await assertHandOff(
    [acceptedButThen((_bytes, body) => `HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`, "end")],
    accepted(1),
  );
  assert.ok(answer.conversation.id);
});

test("a length that is too long: the status has said enough", () =>
  assertHandOff(
    [acceptedButThen((_bytes, body) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length + 9}\r\n\r\n${body}`, "end")],
    accepted(1),
  ));

test("a length that is too short: the status has said enough", () =>
  assertHandOff(
    [acceptedButThen((_bytes, body) => `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${body}`, "end")],
    accepted(1),
  ));

test("early hints before the answer are no answer", () =>
  assertHandOff(
    [
      acceptedButThen(
        (bytes) => Buffer.concat([Buffer.from("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"), bytes]),
        "keep",
      ),
    ],
    accepted(1),
  ));
