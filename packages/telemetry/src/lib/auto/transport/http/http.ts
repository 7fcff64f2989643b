import type { ClientRequest, IncomingMessage } from "node:http";
import { http } from "../../../node-http.ts";
import type { Listening } from "../following.ts";
import { type Method, replaceMethod } from "../replace-method.ts";
import { followAnswer } from "./answer.ts";
import { Sendings } from "./sending.ts";

/**
 * Follows what is sent by `node:http` and `node:https`, whoever makes the request: the methods by which every request passes stand in front
 * of their originals on `ClientRequest.prototype`. No listener is added, because one would change what Node does without any.
 */
export function followHttp(listening: Listening): () => void {
  const sendings = new Sendings(listening);
  const { prototype } = http.ClientRequest;
  /** Stands in front of a method, and looks at its arguments before it runs. */
  const watch = (name: string, look: (request: ClientRequest, args: unknown[]) => void): (() => void) =>
    replaceMethod(
      prototype,
      name,
      (original): Method<ClientRequest> =>
        function (...args) {
          try {
            look(this, args);
          } catch (error) {
            listening.guard.caught(error);
          }
          return Reflect.apply(original, this, args);
        },
    );
  const removers = [
    watch("write", (request, [part, encoding]) => sendings.written(request, decoded(part, encoding))),
    watch("end", (request, [part, encoding]) => sendings.ended(request, decoded(part, encoding))),
    watch("flushHeaders", (request) => sendings.written(request, undefined)),
    watch("destroy", (request, [error]) => sendings.givenUp(request, error)),
    watch("emit", (request, [event, value]) => happened(sendings, request, event, value)),
  ];
  return () => {
    for (const remove of removers) remove();
  };
}

/** The bytes of a text in another encoding than the usual one. */
function decoded(part: unknown, encoding: unknown): unknown {
  const isOther = typeof part === "string" && typeof encoding === "string" && !/^utf-?8$/i.test(encoding);
  return isOther && Buffer.isEncoding(encoding) ? Buffer.from(part, encoding) : part;
}

function happened(sendings: Sendings, request: ClientRequest, event: unknown, value: unknown): void {
  const sending = sendings.of(request);
  if (sending === undefined) return;
  const { following } = sending;
  switch (event) {
    case "response":
      followAnswer(value as IncomingMessage, sending);
      return;
    case "timeout":
      sending.timedOut = true;
      return;
    case "error":
      following.failed(sending.reason(value), sending.isDeliberate(value));
      return;
    case "close":
      // Neither an answer nor an error: it was given up before it was sent.
      if (!following.isAnswered) following.failed(sending.reason(undefined), true);
  }
}
