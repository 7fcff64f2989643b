import type { LostParts } from "./load-parts.ts";
import type { SavedPart, Since } from "./part.ts";

/** Since when each part of an engine counts. */
export class PartDates {
  // Those that began with the first record are not among them.
  readonly #since: Map<string, Since> = new Map();
  #first: Since | undefined;

  /** A record is applied. */
  received(ms: number): void {
    this.#first ??= { ms, exact: true };
  }

  /** undefined: it has seen no record yet. */
  of(name: string): Since | undefined {
    return this.#since.get(name) ?? this.#first;
  }

  /**
   * Of parts that were restored.
   *
   * @param lost of them, those that begin with nothing
   * @param receivedMs receipt of the newest record that the others have seen
   * @param began since when those count whose saved part does not say it
   */
  restore(
    names: readonly string[],
    saved: Readonly<Record<string, SavedPart>>,
    { lost, receivedMs, began }: { lost: LostParts; receivedMs: number; began: Since | undefined },
  ): void {
    for (const name of names) {
      const { since = began } = lost.has(name)
        ? { since: { ms: receivedMs, exact: true } }
        : (saved[name] ?? {});
      if (since && Number.isFinite(since.ms)) this.#since.set(name, since);
    }
  }
}
