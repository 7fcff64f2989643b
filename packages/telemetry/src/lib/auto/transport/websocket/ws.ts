import { replaceMethod } from "../replace-method.ts";
import type { Sockets } from "./socket.ts";

/** Follows the sockets of the package `ws`, once it is loaded. No listener is added. @param exports of its lib/websocket.js */
export function followWs(exports: unknown, sockets: Sockets): void {
  const prototype: unknown = typeof exports === "function" ? exports.prototype : undefined;
  if (typeof prototype !== "object" || prototype === null) return;
  replaceMethod(
    prototype,
    "send",
    (original) =>
      function (...args) {
        sockets.sent(this, args[0]);
        return Reflect.apply(original, this, args);
      },
  );
  replaceMethod(
    prototype,
    "emit",
    (original) =>
      function (...args) {
        const [event, value] = args;
        if (event === "message") sockets.received(this, value);
        else if (event === "close") sockets.closed(this, value);
        return Reflect.apply(original, this, args);
      },
  );
}
