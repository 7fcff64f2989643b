import type { EngineBatch } from "@slipstream/engine";
import type { NewRecord, RecordContent } from "../log.ts";

/**
 * A kind of log record: how it is written, and what the engine is given of it.
 *
 * @typeParam Written what `encode` takes
 */
export interface RecordKind<Written = never> {
  /** Stored with each record, so it must never change, nor be given to another kind. */
  readonly name: string;
  /**
   * Version of what `encode` writes. Raise it when programs that know the version before would misread it; `decode` goes on
   * reading every earlier one. An older program stops at a record of a newer layout instead of guessing.
   */
  readonly layout: number;
  /** Layout of a record, if older programs can read some: default `layout`. */
  layoutOf?(content: RecordContent): number;
  /** Whether what a record says applies to those after it: a replay of a span of time then reads it from before the span. */
  readonly standing?: boolean;
  encode(written: Written): RecordContent;
  /** @throws if the content is not what `encode` writes */
  decode(content: RecordContent, layout: number): EngineBatch;
}

/** A record of a kind, ready to be appended. */
export function newRecord<Written>(
  kind: RecordKind<Written>,
  receivedMs: number,
  written: Written,
): NewRecord {
  const content = kind.encode(written);
  const layout = kind.layoutOf?.(content) ?? kind.layout;
  return { kind: storedKind(kind.name, layout), receivedMs, ...content };
}

/** "NAME", or "NAME@2" from the second layout on: a program that does not know the layout does not know the kind. */
function storedKind(name: string, layout: number): string {
  return layout === 1 ? name : `${name}@${layout}`;
}

/** The kind and the layout of a stored record; undefined if it is not one of `kinds`, or of a newer layout. */
export function kindOf(
  stored: string,
  kinds: readonly RecordKind[],
): { readonly kind: RecordKind; readonly layout: number } | undefined {
  const at = stored.indexOf("@");
  const name = at < 0 ? stored : stored.slice(0, at);
  const layout = at < 0 ? 1 : Number(stored.slice(at + 1));
  const kind = kinds.find((known) => known.name === name);
  return kind !== undefined && layout >= 1 && layout <= kind.layout ? { kind, layout } : undefined;
}
