import { attribute, landingServices, plainWord, spanAttributes } from "@slipstream/conventions";
import type { NamedOffer } from "@slipstream/mev";
import { nameIn, text } from "../attributes.ts";
import type { Given } from "../given.ts";

/** Names that are known to be spelled so. Desks may have others. */
const KNOWN: ReadonlySet<string> = new Set([
  "none",
  "jito",
  "private_rpc",
  ...landingServices.map(({ name }) => name),
]);
/** They answer another question, or none. */
const NO_NAMES: ReadonlySet<string> = new Set([
  "true",
  "false",
  "yes",
  "no",
  "null",
  "undefined",
  "unknown",
  "n/a",
]);

/**
 * What the trade says of its offer. One that names a bundle and no protection was sent to Jito: only Jito gives
 * out bundle ids in `jito.bundle_id`.
 */
export function namedOffer(given: Given): NamedOffer {
  const { attributes } = given;
  const isBundle = text(attributes[attribute.jitoBundleId]) !== undefined;
  return {
    protection: protectionOf(given) ?? (isBundle ? "jito" : null),
    tipLamports: given.whole(spanAttributes.jitoTipLamports) ?? null,
  };
}

function protectionOf({ attributes, refuse }: Given): string | undefined {
  const value = attributes[attribute.mevProtection];
  const name = nameIn(value);
  if (name === undefined) return undefined;
  const plain = plainWord(name);
  if (KNOWN.has(plain)) return plain;
  if (plain !== "" && !NO_NAMES.has(plain)) return name;
  refuse(attribute.mevProtection, "unknown_word", value);
  return undefined;
}
