import type { Alert } from "./alert.ts";
import type { EvaluationTime } from "./evaluation-time.ts";
import type { Inhibition } from "./inhibition.ts";
import type { Silences } from "./silences.ts";
import type { Muted } from "./transition.ts";

/** What a notice rests on beside the alert and the time. */
export interface Muters {
  readonly silences: Silences;
  readonly inhibition: Inhibition;
}

/** A transition of an alert that fires. */
export interface Notice {
  readonly kind: "firing" | "escalated";
  readonly muted?: Muted;
  readonly silenceEnded?: { readonly id: string; readonly comment: string };
  readonly lateMs?: number;
}

/**
 * What is to be told of an alert that fires, now: an occurrence, or what was muted before and no longer is. Each occurrence gives a
 * notice, sent or muted; what is owed gives one only if it is sent.
 */
export function noticeOf(
  alert: Alert,
  time: EvaluationTime,
  { silences, inhibition }: Muters,
): Notice | undefined {
  const { told } = alert;
  const occurs = told.transitions === 0 || periodEndMs(alert) <= time.nowMs;
  const escalates = occurs && occur(alert);
  followSilences(alert, silences);
  told.inhibitor = inhibition.of(alert, time.nowMs);
  if (!occurs && !isOwed(alert)) return undefined;

  const kind = escalates || told.owed === "escalated" ? "escalated" : "firing";
  const muted = mutedBy(alert, kind, time);
  if (muted === undefined) return occurs || mayCatchUp(alert) ? sent(alert, kind, time) : undefined;
  return occurs ? kept(alert, { kind: escalates ? "escalated" : "firing", muted }, time) : undefined;
}

/** When it is next to be asked for a notice if no value, silence or inhibition changes, Unix ms. */
export function noticeDueMs(alert: Alert, { nowMs }: EvaluationTime, { inhibition }: Muters): number {
  const { told, occurrences, rule } = alert;
  const suppressedMs = occurrences.suppressedUntilMs(rule.rule);
  return Math.min(
    periodEndMs(alert),
    isOwed(alert) && suppressedMs > nowMs ? suppressedMs : Number.POSITIVE_INFINITY,
    told.inhibitor === undefined ? Number.POSITIVE_INFINITY : inhibition.endsMs(alert, nowMs),
  );
}

/** When the next occurrence is counted. Not while nobody knows that the condition holds: then it waits until it is known. */
function periodEndMs({ told, rule, noData, clearing }: Alert): number {
  const { suppressSeconds } = rule.rule;
  const waits = suppressSeconds === 0 || noData !== undefined || clearing;
  return waits ? Number.POSITIVE_INFINITY : told.periodMs + suppressSeconds * 1000;
}

/** Counts an occurrence. Returns whether it escalates the alert; a higher severity ends an acknowledgement. */
function occur(alert: Alert): boolean {
  const before = alert.severity;
  const escalates = alert.occurrences.add(alert.rule.rule);
  if (alert.severity !== before) alert.told.acknowledged = undefined;
  return escalates;
}

function followSilences(alert: Alert, silences: Silences): void {
  const { told, severity } = alert;
  if (told.silencesSeen === silences.version && told.severitySeen === severity) return;
  told.silencesSeen = silences.version;
  told.severitySeen = severity;
  const silence = silences.over({ rule: alert.rule.rule.id, severity, labels: alert.labels });
  if (told.silence !== undefined && silence === undefined && told.acknowledged === undefined) {
    const ended = silences.ended(told.silence);
    if (ended !== undefined) told.silenceEnded = { id: ended.id, comment: ended.comment };
  }
  told.silence = silence?.id;
}

function isOwed({ told }: Alert): boolean {
  return told.owed !== undefined || told.silenceEnded !== undefined;
}

/** What was muted is not sent while the condition no longer holds, or nobody knows whether it does. The end of a silence is. */
function mayCatchUp({ clearing, noData, told }: Alert): boolean {
  return (!clearing && noData === undefined) || told.silenceEnded !== undefined;
}

function mutedBy(
  alert: Alert,
  kind: Notice["kind"],
  { nowMs, catchingUp }: EvaluationTime,
): Muted | undefined {
  const { told, occurrences, rule } = alert;
  if (told.acknowledged !== undefined) return { by: "acknowledgement" };
  if (told.silence !== undefined) return { by: "silence", silence: told.silence };
  if (told.inhibitor !== undefined) return { by: "inhibition", alert: told.inhibitor };
  if (catchingUp) return { by: "catching_up" };
  const isException = kind === "escalated" || told.silenceEnded !== undefined;
  return !isException && nowMs < occurrences.suppressedUntilMs(rule.rule) ? { by: "suppression" } : undefined;
}

function sent({ told, occurrences }: Alert, kind: Notice["kind"], { nowMs }: EvaluationTime): Notice {
  const { silenceEnded, lateSinceMs } = told;
  told.sent = true;
  told.periodMs = nowMs;
  occurrences.sentMs = nowMs;
  told.owesNothing();
  return {
    kind,
    ...(silenceEnded && { silenceEnded }),
    ...(lateSinceMs !== undefined && { lateMs: Math.max(0, nowMs - lateSinceMs) }),
  };
}

function kept(
  alert: Alert,
  notice: Notice & { muted: Muted },
  { nowMs, eventMs = nowMs }: EvaluationTime,
): Notice {
  const { told, occurrences, rule } = alert;
  const { by } = notice.muted;
  const isSuppressed = nowMs < occurrences.suppressedUntilMs(rule.rule);
  told.periodMs = isSuppressed ? (occurrences.sentMs ?? nowMs) : nowMs;
  if (by !== "acknowledgement" && told.owed !== "escalated") told.owed = notice.kind;
  if (by === "catching_up") told.lateSinceMs ??= eventMs;
  return notice;
}
