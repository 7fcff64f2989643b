import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { replaceMethod } from "../replace-method.ts";
import type { Sockets } from "./socket.ts";

/** Undici, which makes the built-in sockets, publishes here what it is about to send, handshakes too. */
const REQUESTS = "undici:request:create";

/**
 * Follows the sockets of `globalThis.WebSocket`, where Node has it. To look at that property takes 45 ms, for Node loads undici then. So a method
 * stands in front of `send` from the first handshake on: nothing can be sent before. From its first text on, a socket has a listener for what
 * it receives.
 */
export function followBuiltInSockets(sockets: Sockets): () => void {
  let remove = (): void => {};
  const onRequest = (message: unknown): void => {
    if (!isHandshake(message)) return;
    unsubscribe(REQUESTS, onRequest);
    const prototype: unknown = globalThis.WebSocket?.prototype;
    if (typeof prototype === "object" && prototype !== null) remove = followSend(prototype, sockets);
  };
  subscribe(REQUESTS, onRequest);
  return () => {
    unsubscribe(REQUESTS, onRequest);
    remove();
  };
}

function isHandshake(message: unknown): boolean {
  const { request } = message as { readonly request?: { readonly upgrade?: unknown } };
  return request?.upgrade === "websocket";
}

function followSend(prototype: object, sockets: Sockets): () => void {
  return replaceMethod(
    prototype,
    "send",
    (original) =>
      function (...args) {
        sockets.sent(this, args[0], () => listen(this as WebSocket, sockets));
        return Reflect.apply(original, this, args);
      },
  );
}

function listen(socket: WebSocket, sockets: Sockets): void {
  socket.addEventListener("message", ({ data }) => sockets.received(socket, data));
  socket.addEventListener("close", ({ code }) => sockets.closed(socket, code));
}
