import type { AlertText } from "../message/alert-text.ts";
import type { Severity } from "../rule/rule.ts";

/**
 * - `firing`: it fires, or still fires after the time of suppression, or again within it
 * - `escalated`: it fires, and from now on with a higher severity or to more channels
 * - `resolved`
 * - `acknowledged`
 * - `happened`: something that has no end, such as a daily summary
 * - `digest`: alerts that fired and resolved while a backlog was worked off
 */
export type TransitionKind = "firing" | "escalated" | "resolved" | "acknowledged" | "happened" | "digest";

/** Why a transition is recorded and sent to nobody. */
export type Muted =
  | { readonly by: "suppression" | "acknowledgement" | "catching_up" }
  | { readonly by: "silence"; readonly silence: string }
  | { readonly by: "inhibition"; readonly alert: string }
  /** The firing that it ends was sent to nobody. */
  | { readonly by: "unsent" };

/** Why an alert resolved although its condition may hold still: its rule is another now, gone or off, or it had no data for a day. */
export type EndReason = "rule_changed" | "rule_removed" | "rule_off" | "no_data" | "closed";

/** An alert that fired and resolved while a backlog was worked off. */
export interface DigestEntry {
  readonly alert: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly severity: Severity;
  /** How often it fired. */
  readonly times: number;
  /** When it fired first, event time, Unix ms. */
  readonly firedMs: number;
  /** When it resolved last, event time, Unix ms. */
  readonly resolvedMs: number;
  readonly worst: number | string | null;
  readonly unit: string;
}

/** What came of an evaluation or a command. Nobody changes it afterwards. */
export interface Transition {
  /** The same after a kill and a replay, and no other transition has it: `ALERT/EPISODE/N`; of `happened` `ALERT/HAPPENING/1`. */
  readonly key: string;
  /** Identity of the alert: its rule and its labels, `RULE` or `RULE:LABEL=VALUE,...`, with what else than letters, digits, `.`, `_`, `-` and `/` is in a value percent-encoded. */
  readonly alert: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Which firing of the alert it belongs to. Higher for each next one; the first of an alert is 1 if no other was forgotten. */
  readonly episode: number;
  readonly kind: TransitionKind;
  /** Of the alert now, after escalation. */
  readonly severity: Severity;
  /** Occurrences so far; starts again at 1 after 30 min without firing. */
  readonly occurrence: number;
  /** Time of receipt, Unix ms. */
  readonly atMs: number;
  /** When the episode began to fire, Unix ms (time of receipt). */
  readonly firedMs: number;
  /** Event time of the statistics, Unix ms; null if there is none. */
  readonly eventMs: number | null;
  /** null: unknown, or the alert has none. */
  readonly value: number | string | null;
  /** The worst value since the condition holds; null as above. */
  readonly worst: number | string | null;
  readonly threshold: number | string | null;
  readonly unit: string;
  /** Samples behind the value. */
  readonly count: number;
  readonly statistic: string | null;
  /** undefined: it is to be sent. */
  readonly muted?: Muted;
  /** Names of channels that get it in addition to those that its severity leads to. */
  readonly channels: readonly string[];
  /** It is sent because this silence has ended. */
  readonly silenceEnded?: { readonly id: string; readonly comment: string };
  /** Of `resolved`. Absent: the condition no longer holds. */
  readonly endReason?: EndReason;
  /** Of `resolved`, if somebody has closed it. */
  readonly closedBy?: { readonly by: string; readonly comment: string };
  /** Of `acknowledged`. */
  readonly acknowledgement?: { readonly by: string; readonly comment: string };
  /** Of `happened`: what it is about, such as the day `2026-11-29`. */
  readonly happening?: string;
  /** Of `digest`, whose `rule` and `alert` are `catch_up`. `more` episodes are not named. */
  readonly digest?: { readonly entries: readonly DigestEntry[]; readonly more: number };
  /** How late it is because a backlog was worked off, ms; absent if it is not. */
  readonly lateMs?: number;
  readonly text: AlertText;
  /** Absent: the aggregator's own desk. */
  readonly desk?: string;
  /** `desk` is the name of a service that notifies by itself and belongs to no desk. */
  readonly deskIsService?: true;
}
