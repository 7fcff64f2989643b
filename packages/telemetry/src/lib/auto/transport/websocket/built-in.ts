import { replaceMethod } from "../replace-method.ts";
import type { Sockets } from "./socket.ts";

/**
 * Follows the sockets of `globalThis.WebSocket`, where Node has it. Node loads it when it is first asked for, and so it stays: only then does
 * a method stand in front of `send`. From its first text on, a socket has a listener for what it receives.
 */
export function followBuiltInSockets(sockets: Sockets): () => void {
  const property = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  if (property === undefined || property.configurable !== true) return () => {};
  let remove = (): void => {};
  const patch = (value: unknown): void => {
    const prototype: unknown = typeof value === "function" ? value.prototype : undefined;
    if (typeof prototype === "object" && prototype !== null) remove = followSend(prototype, sockets);
  };
  const { get } = property;
  if (get === undefined) {
    patch(property.value);
    return () => remove();
  }
  let isPatched = false;
  const getter = function (this: unknown): unknown {
    const value: unknown = get.call(this);
    if (!isPatched) {
      isPatched = true;
      patch(value);
    }
    return value;
  };
  Object.defineProperty(getter, "name", { value: get.name, configurable: true });
  Object.defineProperty(globalThis, "WebSocket", { ...property, get: getter });
  return () => {
    remove();
    if (Object.getOwnPropertyDescriptor(globalThis, "WebSocket")?.get === getter)
      Object.defineProperty(globalThis, "WebSocket", property);
  };
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
