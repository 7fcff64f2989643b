import { setTimeout as sleep } from "node:timers/promises";
import type { CanaryPart } from "@slipstream/conventions";
import { canaryTrade } from "./otlp.ts";
import type { Place, Sight } from "./places.ts";
import { type Refused, sendOtlp, type Target } from "./send.ts";

/** A place is asked again after this long at first, and then less often, ms. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** A single question takes no longer, ms. */
const QUESTION_MS = 5_000;

/** What became of the canary at one place. */
export interface Passage {
  readonly place: Place;
  /** How long it took from its end until it was found; null: it did not come. */
  readonly seconds: number | null;
  /** How long it was waited for. */
  readonly waitedSeconds: number;
  /** Why it did not come, as far as that is known. */
  readonly why?: string;
  /** It cannot have come: it did not come to the aggregator. */
  readonly blocked?: true;
}

export interface CanaryRun {
  readonly traceId: string;
  /** Seconds until the endpoint had taken it; null if it did not. */
  readonly sentSeconds: number | null;
  readonly refused?: Refused;
  readonly passages: readonly Passage[];
}

export interface RunOptions {
  readonly target: Target;
  readonly places: readonly Place[];
  /** How long is waited for every place, ms. Default: as long as each may take. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when it has come somewhere, and every while: where it has come to, and where it has not. */
  readonly onProgress?:
    | ((came: readonly Passage[], waiting: readonly CanaryPart[], elapsedMs: number) => void)
    | undefined;
}

/** Sends a canary, and looks for it everywhere at the same time. It ends in a bounded time. The places are closed then. */
export async function runCanary({
  target,
  places,
  waitMs,
  signal,
  onProgress,
}: RunOptions): Promise<CanaryRun> {
  const beganMs = performance.now();
  const canary = canaryTrade(Date.now());
  const { traceId } = canary;
  const elapsedMs = (): number => performance.now() - beganMs;
  const came: Passage[] = [];
  const progress = (): void => {
    const there = new Set(came.map(({ place }) => place.part));
    onProgress?.(
      came,
      places.flatMap(({ part }) => (there.has(part) ? [] : [part])),
      elapsedMs(),
    );
  };
  const timer = setInterval(progress, 500);
  timer.unref();
  try {
    const refused = await sendOtlp(target, "/v1/traces", canary.body);
    if (refused !== undefined) return { traceId, sentSeconds: null, refused, passages: [] };
    const sentSeconds = elapsedMs() / 1_000;
    const lost = new AbortController();
    const passages = await Promise.all(
      places.map(async (place): Promise<Passage> => {
        const ends = [place.behindAggregator ? lost.signal : undefined, signal].filter(
          (one) => one !== undefined,
        );
        const deadlineMs = waitMs ?? place.longestMs;
        const sight = await lookUntil(() => place.look(canary), deadlineMs, elapsedMs, AbortSignal.any(ends));
        if (sight !== true) {
          if (place.part === "aggregator") lost.abort();
          const isBlocked = place.behindAggregator && lost.signal.aborted;
          return {
            place,
            seconds: null,
            waitedSeconds: elapsedMs() / 1_000,
            ...(sight.why !== undefined && { why: sight.why }),
            ...(isBlocked && { blocked: true }),
          };
        }
        const seconds = elapsedMs() / 1_000;
        const passage: Passage = { place, seconds, waitedSeconds: seconds };
        came.push(passage);
        progress();
        return passage;
      }),
    );
    return { traceId, sentSeconds, passages };
  } finally {
    clearInterval(timer);
    await Promise.all(places.map((place) => place.close?.()));
  }
}

async function lookUntil(
  look: () => Promise<Sight>,
  deadlineMs: number,
  elapsedMs: () => number,
  signal: AbortSignal,
): Promise<Sight> {
  let last: Sight = {};
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    last = await inTime(look(), signal).catch((error: unknown) => ({
      why: error instanceof Error ? error.message : String(error),
    }));
    if (last === true || last.giveUp === true || signal.aborted || elapsedMs() + pauseMs > deadlineMs)
      return last;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return last;
  }
}

/** A server that hangs must not hold up the rest. */
async function inTime(sight: Promise<Sight>, signal: AbortSignal): Promise<Sight> {
  const done = new AbortController();
  const given = AbortSignal.any([signal, done.signal]);
  const late = sleep(QUESTION_MS, undefined, { signal: given })
    .catch(() => undefined)
    .then((): Sight => ({ why: `no answer within ${QUESTION_MS / 1_000} s` }));
  try {
    return await Promise.race([sight, late]);
  } finally {
    done.abort();
  }
}
