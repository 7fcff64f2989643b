import { connect, type Socket } from "node:net";

export interface HostileConnection {
  /** Sent as soon as it is open. */
  readonly first: string | Uint8Array;
  /** Whether what comes back is read. */
  readonly reads: boolean;
  /** What is sent after that, so often. */
  readonly goesOn?: { readonly everyMs: number; readonly text: string };
}

/** Keeps so many connections open; one that is closed is opened again. They are opened a few at a time, as from many machines. */
export function keepOpen(port: number, count: number, connection: HostileConnection): void {
  const { first, reads, goesOn } = connection;
  const open = (): void => {
    const socket: Socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    let timer: NodeJS.Timeout | undefined;
    socket.once("connect", () => {
      socket.write(first);
      if (reads) socket.resume();
      if (goesOn !== undefined) timer = setInterval(() => socket.write(goesOn.text), goesOn.everyMs);
    });
    socket.once("close", () => {
      clearInterval(timer);
      setTimeout(open, 1_000);
    });
  };
  let opened = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < AT_A_TIME && opened < count; i++, opened++) open();
    if (opened === count) clearInterval(timer);
  }, 10);
}

const AT_A_TIME = 20;

/** A request without a body. */
export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
}

/** The head of a request with a body. */
export function post(path: string, headers: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n\r\n`;
}
