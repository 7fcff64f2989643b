import { attributesReadApart, isSecretAttribute, secretRanges } from "@slipstream/conventions";
import { keptAttributes } from "../decode/attributes.ts";
import { NameTable } from "../decode/text.ts";
import { CleanTexts, LONGEST_REMEMBERED } from "./clean-texts.ts";
import type { Masking } from "./masking.ts";

/** How the value of an attribute is searched: as any text, or in the way of that attribute; or all of it is a secret. */
export const ANY_TEXT = 0;
export const ALL_OF_IT = -1;
const apart: readonly string[] = [...attributesReadApart];

/** Finds how an attribute is searched, by the bytes of its name; undefined for a long name. One for each format: see `FieldNames`. */
export function attributeWays(): NameTable<number> {
  const usual = new Set([...apart, ...keptAttributes.map(({ name }) => name)]);
  return new NameTable(
    Array.from(usual, (name) => [name, wayOf(name)]),
    wayOf,
  );
}

function wayOf(attribute: string): number {
  if (isSecretAttribute(attribute)) return ALL_OF_IT;
  return attributesReadApart.has(attribute) ? apart.indexOf(attribute) + 1 : ANY_TEXT;
}

/** A longer text is searched in steps. */
const LONGEST = 512;
const clean = new CleanTexts(2048);

/**
 * Whether a text is known to hold no secret, without much work. If not, it is to be searched.
 *
 * @param way what `attributeWays` finds, not `ALL_OF_IT`; `ANY_TEXT` for what is no attribute
 */
export function isClean(masking: Masking, from: number, to: number, way: number): boolean {
  const length = to - from;
  const { view } = masking;
  if (length <= LONGEST_REMEMBERED && clean.has(view, from, length, way)) return true;
  if (length > LONGEST) return false;
  if (way !== ANY_TEXT || masking.mayHoldSecret(from, to)) {
    masking.countText(length);
    if (secretRanges(masking.letters(from, to), apart[way - 1]).length > 0) return false;
  }
  if (length <= LONGEST_REMEMBERED) clean.add(view, from, length, way);
  return true;
}
