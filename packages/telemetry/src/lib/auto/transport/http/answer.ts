import type { IncomingMessage } from "node:http";
import { BoundedBody, bytesOf } from "../body-text.ts";
import type { Following } from "../following.ts";
import { shadowMethod } from "../replace-method.ts";
import { decoded } from "./decoded.ts";
import type { Sending } from "./sending.ts";

/**
 * Sees the parts of an answer as they come from the network, whoever reads it and how: Node hands each to `push` of the message, which gets
 * a counterpart on this one message.
 */
export function followAnswer(answer: IncomingMessage, sending: Sending): void {
  const { following } = sending;
  const isRead = (): boolean => answer.readableFlowing !== null || answer.listenerCount("readable") > 0;
  following.answered(answer.statusCode ?? 0, (name) => headerOf(answer, name), isRead);
  if (following.done) return;
  const copy = following.wantsBody ? new BoundedBody() : undefined;
  // Now: axios takes the header away when it inflates the body.
  const coding = headerOf(answer, "content-encoding");
  watch(answer, "push", (part) => {
    if (part === null) end(following, copy, coding);
    else if (copy !== undefined) {
      const bytes = bytesOf(part);
      if (bytes !== undefined) copy.add(bytes);
    }
  });
  // Node calls it if the connection breaks, and the service if it has enough.
  watch(answer, "destroy", (error) => {
    if (answer.complete) return;
    const isEnough = sending.givenUp === undefined && (error === undefined || error === null);
    if (isEnough) following.end();
    else following.failed(sending.reason(error), sending.isDeliberate(error));
  });
}

/** What is looked at comes before what is done. `look` must not throw. */
function watch(answer: IncomingMessage, name: "push" | "destroy", look: (argument: unknown) => void): void {
  shadowMethod(
    answer,
    name,
    (original) =>
      function (...args) {
        look(args[0]);
        return Reflect.apply(original, this, args);
      },
  );
}

function end(following: Following, copy: BoundedBody | undefined, coding: string | undefined): void {
  if (following.done) return;
  const atMs = performance.now();
  const bytes = copy?.bytes();
  if (bytes === undefined) following.ended(undefined, atMs);
  else decoded(bytes, coding, (text) => following.ended(text, atMs));
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
