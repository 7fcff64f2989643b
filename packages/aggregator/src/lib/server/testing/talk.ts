import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A connection on which a test writes bytes of its own. */
export interface Talk {
  readonly socket: Socket;
  /** All that came back so far. */
  answer(): string;
}

/** Opens a connection to a port of this machine and sends `text`. It is closed when the test ends. */
export async function talk(port: number, text: string): Promise<Talk> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(text);
  return { socket, answer: () => answer };
}

/** Sends one request by hand and returns its status and body, once the server has closed the connection. */
export async function ask(
  port: number,
  head: string,
): Promise<{ status: number; text: string; body: string }> {
  const { socket, answer } = await talk(port, `${head}\r\nconnection: close\r\n\r\n`);
  if (!socket.closed) await once(socket, "close");
  const text = answer();
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]),
    text,
    body: text.slice(text.indexOf("\r\n\r\n") + 4),
  };
}
