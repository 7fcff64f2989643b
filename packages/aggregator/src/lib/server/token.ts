import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** Throws HttpError 401 where a request does not carry the token. */
export type TokenCheck = (request: IncomingMessage) => void;

/** Checks `Authorization: Bearer TOKEN` in constant time; without a token to check, lets everyone in. */
export function createTokenCheck(token: string | undefined): TokenCheck {
  if (token === undefined) return () => {};
  const wanted = digest(token);
  return ({ headers: { authorization = "" } }) => {
    const given = /^bearer +(.*)$/i.exec(authorization)?.[1] ?? "";
    // Equal lengths, whatever was given: the comparison tells nothing by its time.
    if (timingSafeEqual(digest(given), wanted)) return;
    throw new HttpError(401, "unauthorized", "Send the aggregator's token: Authorization: Bearer TOKEN.", {
      headers: { "www-authenticate": 'Bearer realm="slipstream"' },
    });
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
