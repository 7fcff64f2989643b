import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Room for the request's headers before the body. */
export const HEADER_BYTES = 256;

const HEADERS_END = "\r\n\r\n";
const TURNED_AWAY: ReadonlySet<number> = new Set([429, 503]);
const MS_PER_S = 1_000;

/**
 * A connection that posts OTLP bodies one after the other. HTTP/1.1 by hand: an HTTP client would take as long to send
 * as the receiver takes to receive.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #host: string;
  #text = "";
  #answered: ((text: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  retries = 0;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#take(chunk.toString("latin1")));
    socket.on("error", (error) => this.#failed?.(error));
    socket.on("close", () => this.#failed?.(new Error("the connection was closed before the answer")));
  }

  static open({ hostname, port, host }: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket, host)));
      socket.once("error", reject);
    });
  }

  /**
   * Posts the body that begins at `HEADER_BYTES` of `buffer`, again and again until it is acknowledged.
   * @throws Error for an answer other than 200, 429 and 503
   */
  async post(buffer: Buffer, bytes: number): Promise<void> {
    const headers =
      `POST /v1/traces HTTP/1.1\r\nhost: ${this.#host}\r\ncontent-type: application/x-protobuf\r\n` +
      `content-length: ${bytes}${HEADERS_END}`;
    const first = HEADER_BYTES - headers.length;
    buffer.write(headers, first, "latin1");
    for (;;) {
      const answer = await this.#exchange(buffer.subarray(first, HEADER_BYTES + bytes));
      const status = Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length));
      if (status === 200) return;
      if (!TURNED_AWAY.has(status)) throw new Error(`the request was answered with ${answer}`);
      this.retries += 1;
      await sleep(MS_PER_S * Number(/retry-after: *(\d+)/i.exec(answer)?.[1] ?? 1));
    }
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #exchange(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(request);
    });
  }

  #take(text: string): void {
    this.#text += text;
    const headersEnd = this.#text.indexOf(HEADERS_END);
    if (headersEnd < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#text)?.[1] ?? 0);
    if (this.#text.length < headersEnd + HEADERS_END.length + length) return;
    const answer = this.#text;
    this.#text = "";
    this.#answered?.(answer);
  }
}
