import { type Saved, SavedFields } from "@slipstream/stats";
import { type Matcher, matcherOperators } from "../rule/condition.ts";
import { patternProblem, seriesMatcher } from "../rule/matchers.ts";
import type { AlertCommand } from "./command.ts";

/** Most silences at a time. */
export const MOST_SILENCES = 1000;

/** Keeps notifications of the alerts that match from being sent. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  /** Unix ms, time of receipt. */
  readonly sinceMs: number;
  /** Unix ms, time of receipt. */
  readonly untilMs: number;
  readonly by: string;
  readonly comment: string;
}

/** What a silence may match of. */
export interface Silenceable {
  readonly rule: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface Held {
  readonly silence: Silence;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
}

/** The silences that have not ended. */
export class Silences {
  readonly #held: Map<string, Held> = new Map();
  /** Those that have ended since `forgetEnded`. */
  readonly #ended: Map<string, Silence> = new Map();
  #version = 0;

  /** Another number whenever other silences hold. */
  get version(): number {
    return this.#version;
  }

  /** When the next one ends, Unix ms; infinite: none does. */
  get endsMs(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { silence } of this.#held.values()) first = Math.min(first, silence.untilMs);
    return first;
  }

  /** One with an id that there is replaces it. Nothing happens if there are too many, it has ended already or cannot match. */
  add(command: Extract<AlertCommand, { command: "silence" }>, nowMs: number): void {
    const { id, matchers, untilMs, by, comment } = command;
    const before = this.#held.get(id);
    if (!matchers.every(canMatch)) return;
    if (untilMs <= nowMs || (before === undefined && this.#held.size >= MOST_SILENCES)) return;
    this.#hold({ id, matchers, sinceMs: before?.silence.sinceMs ?? nowMs, untilMs, by, comment });
  }

  end(id: string): void {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    this.#ended.set(id, held.silence);
    this.#version += 1;
  }

  /** Ends those whose time is over. */
  pass(nowMs: number): void {
    for (const [id, { silence }] of this.#held) if (silence.untilMs <= nowMs) this.end(id);
  }

  /** The silence that ended under this id just now. */
  ended(id: string): Silence | undefined {
    return this.#ended.get(id);
  }

  forgetEnded(): void {
    this.#ended.clear();
  }

  /** The one that mutes an alert, if several do the one that ends last. */
  over({ rule, severity, labels }: Silenceable): Silence | undefined {
    if (this.#held.size === 0) return undefined;
    const named = { ...labels, alertname: rule, severity };
    let last: Silence | undefined;
    for (const { silence, matches } of this.#held.values()) {
      if (endsLater(silence, last) && matches(named)) last = silence;
    }
    return last;
  }

  /** By their ends. */
  list(): readonly Silence[] {
    const all = Array.from(this.#held.values(), ({ silence }) => silence);
    return all.sort((a, b) => (endsLater(a, b) ? 1 : -1));
  }

  save(): Saved {
    return Array.from(this.#held.values(), ({ silence: { matchers, ...silence } }) => ({
      ...silence,
      matchers: matchers.map((matcher) => ({ ...matcher })),
    }));
  }

  load(saved: readonly Saved[]): void {
    for (const one of saved) {
      const fields = new SavedFields("a saved silence", one);
      this.#hold({
        id: fields.text("id"),
        matchers: fields.list("matchers").map(loadedMatcher),
        sinceMs: fields.number("sinceMs"),
        untilMs: fields.number("untilMs"),
        by: fields.text("by"),
        comment: fields.text("comment"),
      });
    }
  }

  #hold(silence: Silence): void {
    this.#held.set(silence.id, { silence, matches: seriesMatcher(silence.matchers) });
    this.#version += 1;
  }
}

function endsLater(a: Silence, b: Silence | undefined): boolean {
  if (b === undefined || a.untilMs !== b.untilMs) return b === undefined || a.untilMs > b.untilMs;
  return a.id > b.id;
}

function canMatch({ operator, value }: Matcher): boolean {
  return operator === "=" || operator === "!=" || patternProblem(value) === undefined;
}

function loadedMatcher(saved: Saved): Matcher {
  const fields = new SavedFields("a saved matcher", saved);
  const operator = matcherOperators.find((known) => known === fields.text("operator"));
  if (operator === undefined) throw new TypeError("Not a saved matcher: its operator is unknown");
  return { label: fields.text("label"), operator, value: fields.text("value") };
}
