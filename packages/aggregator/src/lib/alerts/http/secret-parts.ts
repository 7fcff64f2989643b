import { percentDecoded } from "@slipstream/conventions";
import { loginText } from "./proxy.ts";

/** Shorter parts of an address are words such as "services", and hide too much of a text. */
const SHORTEST = 8;

/**
 * What must not show of an address that is itself a secret: all of it, its path and query, each long part of them, and its login, also
 * as it is sent.
 */
export function secretParts(address: string): readonly string[] {
  if (!URL.canParse(address)) return [address];
  const { href, pathname, search, username, password } = new URL(address);
  const path = `${pathname}${search}`;
  const parts = [username, password, ...path.split(/[/?&=]/)].filter((part) => part.length >= SHORTEST);
  const login =
    username === "" && password === "" ? [] : [loginText(percentDecoded(username), percentDecoded(password))];
  return [address, href, ...(path === "/" ? [] : [path]), ...parts, ...parts.map(percentDecoded), ...login];
}
