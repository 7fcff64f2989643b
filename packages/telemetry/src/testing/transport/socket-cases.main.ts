import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, WebSocket as WsSocket } from "ws";
import { type Cases, closed, runCases } from "./cases.ts";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
server.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => {
    if (String(data) === "break") socket.terminate();
    else socket.send(data, { binary: isBinary });
  });
});
await once(server, "listening");
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;

/** What happens to a socket that sends so much, until it is closed. */
async function events(
  socket: WebSocket,
  sends: readonly unknown[],
  ends: (socket: WebSocket) => void,
): Promise<unknown> {
  const seen: unknown[] = [];
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => {
    seen.push("open");
    for (const data of sends) socket.send(data as string);
  });
  socket.addEventListener("error", ({ type }) => seen.push(type));
  socket.addEventListener("message", ({ data, type, target }) => {
    seen.push([
      type,
      typeof data === "string" ? data.slice(0, 20) : Buffer.from(data).toString(),
      target === socket,
    ]);
    if (seen.length === sends.length + 1) ends(socket);
  });
  return new Promise((resolve) => {
    socket.addEventListener("close", ({ code, wasClean }) => resolve([...seen, code, wasClean]));
  });
}

function casesOf(name: string, open: (url: string) => WebSocket, shape: () => unknown): Cases {
  const call = '{"jsonrpc":"2.0","id":1,"method":"getSlot"}';
  const all: Cases = {
    shape,
    echo: () =>
      events(open(url), [call, "text", Buffer.from("bytes"), "x".repeat(500_000)], (socket) =>
        socket.close(),
      ),
    "a code": () => events(open(url), [call], (socket) => socket.close(3000, "enough")),
    broken: () => events(open(url), [call, "break"], () => {}),
    // Some Nodes tell of no close then.
    "nobody listens": async () => {
      const socket = open(closed.replace("http", "ws"));
      return new Promise((resolve) => socket.addEventListener("error", ({ type }) => resolve(type)));
    },
    "sent too early": () => {
      const socket = open(url);
      socket.addEventListener("error", () => {});
      try {
        socket.send("early");
        return "sent";
      } catch (error) {
        return [(error as Error).name, (error as Error).message];
      } finally {
        socket.close();
      }
    },
  };
  return Object.fromEntries(Object.entries(all).map(([what, run]) => [`${name}: ${what}`, run]));
}

const builtIn = (): Cases =>
  casesOf(
    "built-in",
    (address) => new WebSocket(address),
    () => {
      const { get, set, value, ...property } = Object.getOwnPropertyDescriptor(globalThis, "WebSocket") ?? {};
      const { send } = WebSocket.prototype;
      const socket = new WebSocket(url);
      const made = [socket.constructor === WebSocket, socket instanceof WebSocket, Object.keys(socket)];
      socket.close();
      return [
        typeof get,
        get?.name,
        typeof set,
        typeof value,
        property,
        WebSocket.name,
        send.name,
        send.length,
        made,
      ];
    },
  );

await runCases({
  ...("WebSocket" in globalThis ? builtIn() : {}),
  ...casesOf(
    "ws",
    (address) => new WsSocket(address) as unknown as WebSocket,
    () => [
      WsSocket.name,
      WsSocket.prototype.send.length,
      WsSocket.prototype.emit.name,
      Object.keys(WsSocket.prototype),
    ],
  ),
  "ws: listeners and callbacks": async () => {
    const socket = new WsSocket(url);
    await once(socket, "open");
    const counts = ["message", "close", "error"].map((event) => socket.listenerCount(event));
    const error = await new Promise((resolve) => socket.send("text", resolve));
    const [data, isBinary] = await once(socket, "message");
    socket.close();
    await once(socket, "close");
    return [counts, error, String(data), isBinary];
  },
});
server.close();
for (const socket of server.clients) socket.terminate();
