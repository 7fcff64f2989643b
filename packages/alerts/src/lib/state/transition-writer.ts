import type { AlertText, TextLine } from "../message/alert-text.ts";
import type { Rule } from "../rule/rule.ts";
import type { Alert } from "./alert.ts";
import { alertId, encoded } from "./alert-id.ts";
import { type DigestContents, digestSeverity } from "./digest.ts";
import { type EvaluationTime, lateness } from "./evaluation-time.ts";
import type { Muted, Transition, TransitionKind } from "./transition.ts";

/** A transition that has no text yet. */
export type TransitionCore = Omit<Transition, "text">;

/** Writes what a notification says; of a digest, which has no rule, too. */
export type Describe = (rule: Rule | undefined, core: TransitionCore) => AlertText;

/** Stands for a rule in digests. No rule has this id, for none has an underscore. */
const CATCH_UP = "catch_up";

const NO_VALUE = {
  ...{ occurrence: 1, channels: [], value: null, worst: null, unit: "", count: 0 },
  ...{ threshold: null, statistic: null },
} as const;

/** Something that has happened. */
interface Happened {
  readonly key: string;
  /** Which one of its rule it is. */
  readonly number: number;
  readonly evidence: readonly TextLine[];
}

/** Makes transitions: gives them their keys, and has them described. */
export class TransitionWriter {
  readonly #describe: Describe;

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  ofAlert(
    alert: Alert,
    kind: TransitionKind,
    time: EvaluationTime,
    more: Partial<TransitionCore>,
  ): Transition {
    const { id, labels, told, occurrences, severity } = alert;
    const { rule } = alert.rule;
    const { episode } = occurrences;
    const condition = typeof rule.when === "string" ? undefined : rule.when;
    told.transitions += 1;
    return this.#written(rule, {
      ...{ key: `${id}/${episode}/${told.transitions}`, alert: id, rule: rule.id, labels },
      ...{ episode, kind, severity, occurrence: occurrences.count, channels: occurrences.channels(rule) },
      ...{ value: alert.value, worst: alert.worst, unit: alert.unit, count: alert.count },
      ...{ threshold: condition?.threshold ?? null, statistic: condition?.statistic ?? null },
      ...times(time, alert.sinceMs),
      ...more,
    });
  }

  ofHappening(
    rule: Rule,
    { key, number, evidence }: Happened,
    time: EvaluationTime,
    muted?: Muted,
  ): Transition {
    const { id, labels, severity } = rule;
    const alert = alertId(id, labels);
    const { text, ...core } = this.#written(rule, {
      ...{ key: `${alert}/${encoded(key)}/1`, alert, rule: id, labels },
      ...{ episode: number, kind: "happened", severity, happening: key, ...NO_VALUE },
      ...times(time, time.nowMs),
      ...lateness(time),
      ...(muted && { muted }),
    });
    return { ...core, text: { ...text, evidence: [...text.evidence, ...evidence] } };
  }

  ofDigest({ number, entries, more }: DigestContents, time: EvaluationTime): Transition {
    const { nowMs } = time;
    const firedMs = Math.min(...entries.map((entry) => entry.firedMs));
    return this.#written(undefined, {
      ...{ key: `${CATCH_UP}/${number}/1`, alert: CATCH_UP, rule: CATCH_UP, labels: {} },
      ...{ episode: number, kind: "digest", severity: digestSeverity(entries), ...NO_VALUE },
      ...times(time, nowMs),
      lateMs: Math.max(0, nowMs - firedMs),
      digest: { entries, more },
    });
  }

  #written(rule: Rule | undefined, core: TransitionCore): Transition {
    return { ...core, text: this.#describe(rule, core) };
  }
}

function times(
  { nowMs, eventMs }: EvaluationTime,
  firedMs: number,
): Pick<Transition, "atMs" | "firedMs" | "eventMs"> {
  return { atMs: nowMs, firedMs, eventMs: eventMs ?? null };
}
