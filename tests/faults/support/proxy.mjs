import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { createServer } from "node:net";

/**
 * Stands before a receiver on loopback and does to each request what the test says. A fault is an asynchronous function of an `Exchange`; `faults`
 * has one for each request in turn, and what comes after the last is passed on.
 */
export class FaultProxy {
  /** Every request that came, as far as it came: `Exchange`s. */
  exchanges = [];
  faults = [];
  /** Counts everything that happens on a socket. */
  activity = 0;
  #server = createServer((socket) => this.#serve(socket));
  #sockets = new Set();
  #receiverPort;
  #clock;

  constructor(receiverPort, clock) {
    this.#receiverPort = receiverPort;
    this.#clock = clock;
  }

  async open() {
    await this.#listen(0);
    this.port = this.#server.address().port;
    this.origin = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async #listen(port) {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** From here on connections are refused, or taken again. */
  async refuse(refused) {
    if (refused === !this.#server.listening) return;
    if (!refused) return this.#listen(this.port);
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async close() {
    await this.refuse(true);
  }

  /** Exchanges that are not over. */
  get unfinished() {
    return this.exchanges.filter(({ over }) => !over);
  }

  /** What the next request will meet. */
  get next() {
    return this.faults[this.#taken];
  }

  #taken = 0;

  take() {
    const fault = this.next;
    this.#taken += 1;
    return fault;
  }

  #serve(socket) {
    this.#sockets.add(socket);
    let exchange;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.activity += 1;
      this.#sockets.delete(socket);
      exchange?.closed();
    });
    socket.on("data", (bytes) => {
      this.activity += 1;
      if (exchange === undefined || exchange.over) {
        exchange = new Exchange(socket, this.#receiverPort, this.#clock);
        this.exchanges.push(exchange);
        void this.#run(exchange, this.take() ?? passOn);
      }
      exchange.add(bytes);
    });
  }

  async #run(exchange, fault) {
    try {
      await fault(exchange);
    } catch (error) {
      // The client has gone: that ends every fault.
      if (error !== GONE) this.failure = error;
    } finally {
      exchange.over = true;
      this.activity += 1;
    }
  }
}

const GONE = new Error("The client closed the connection.");

/** One request, and what is done to it. */
class Exchange {
  bytes = Buffer.alloc(0);
  over = false;
  /** Nothing will happen on its own: the client, or the clock, is waited for. */
  silent = false;
  #socket;
  #receiverPort;
  #clock;
  #closed = false;
  #waiting = [];

  constructor(socket, receiverPort, clock) {
    this.#socket = socket;
    this.#receiverPort = receiverPort;
    this.#clock = clock;
  }

  add(bytes) {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    this.#wake();
  }

  closed() {
    this.#closed = true;
    this.#wake();
  }

  #wake() {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #until(holds) {
    while (!holds()) {
      if (this.#closed) throw GONE;
      await new Promise((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits for so much of the request. */
  received(count) {
    return this.#until(() => this.bytes.length >= count);
  }

  /** Waits for all of it. */
  whole() {
    return this.#until(() => this.request.complete);
  }

  /** What is known of the request by now. */
  get request() {
    const end = this.bytes.indexOf("\r\n\r\n");
    if (end < 0) return { complete: false, headers: {}, body: Buffer.alloc(0) };
    const [line, ...rest] = this.bytes.subarray(0, end).toString("latin1").split("\r\n");
    const [method, path] = line.split(" ");
    const headers = Object.fromEntries(rest.map((header) => header.split(/:\s*/s)).map(headerOf));
    const body = this.bytes.subarray(end + 4);
    return { method, path, headers, body, complete: body.length >= Number(headers["content-length"] ?? 0) };
  }

  /** Gives the whole request to the receiver; `{ status, headers, body }`. */
  async forward() {
    await this.whole();
    const { method, path, headers, body } = this.request;
    const sent = httpRequest({ host: "127.0.0.1", port: this.#receiverPort, method, path, headers, agent: false });
    sent.end(body);
    const [response] = await once(sent, "response");
    const parts = [];
    for await (const part of response) parts.push(part);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) };
  }

  /** Bytes to the client, as they are. */
  write(bytes) {
    if (this.#closed) throw GONE;
    this.#socket.write(bytes);
  }

  /** Waits by the clock of the test. */
  async pause(ms) {
    this.silent = true;
    let due = false;
    const timer = this.#clock.setTimeout(() => {
      due = true;
      this.#wake();
    }, ms);
    try {
      await this.#until(() => due);
    } finally {
      this.#clock.clearTimeout(timer);
      this.silent = false;
    }
  }

  /** Says nothing more, until the client goes. */
  async hold() {
    this.silent = true;
    await this.#until(() => false);
  }

  /** Ends the connection properly. */
  end() {
    this.#socket.end();
  }

  /** Cuts it. */
  reset() {
    this.#socket.resetAndDestroy();
  }
}

const headerOf = ([name, ...value]) => [name.toLowerCase(), value.join(":")];

/** An answer as HTTP/1.1 writes it. A header may stand there several times: as a list. */
export function responseBytes({ status, reason = "Status", headers = {}, body = "" }) {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ "content-length": bytes.length, ...headers })
    .filter(([, value]) => value !== null)
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n`, "latin1"), bytes]);
}

export const passOn = async (exchange) => {
  const { status, headers, body } = await exchange.forward();
  exchange.write(responseBytes({ status, headers: { "content-type": headers["content-type"] }, body }));
};
