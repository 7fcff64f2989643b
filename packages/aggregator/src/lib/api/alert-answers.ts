import type { AlertView, DigestEntry, RuleView, Silence, Transition } from "@slipstream/alerts";
import type { ChannelStatus } from "../alerts/deliver/channel-delivery.ts";

/** The alerts of one desk. */
export interface DeskAlerts {
  view(): readonly AlertView[];
  silences(): readonly Silence[];
  ruleViews(): readonly RuleView[];
}

type Times<T, Names extends string> = Omit<T, `${Names}Ms`> & Readonly<Record<Names, string>>;

/** An alert, as `/api/alerts` has it. Times are ISO 8601. */
export type AlertAnswer = Omit<Times<AlertView, "since">, "alert" | "acknowledged"> & {
  readonly id: string;
  readonly acknowledged: Times<NonNullable<AlertView["acknowledged"]>, "at"> | null;
};

/** A silence, as `/api/silences` has it. */
export type SilenceAnswer = Times<Silence, "since" | "until">;

/** What fired and resolved while a backlog was worked off. */
export interface DigestAnswer {
  readonly at: string;
  readonly entries: readonly Times<DigestEntry, "fired" | "resolved">[];
  /** Episodes that are not among them. */
  readonly more: number;
}

/** The answer of `/api/alerts`. */
export interface AlertsAnswer {
  readonly alerts: readonly AlertAnswer[];
  /** How many there are in each state. */
  readonly states: Readonly<Record<AlertView["state"], number>>;
  readonly rules: readonly RuleView[];
  readonly digest: DigestAnswer | null;
  readonly channels: Readonly<Record<string, ChannelStatus>>;
}

const states = ["firing", "pending", "no_data"] as const;
const severities = ["critical", "warning", "info"] as const;

export function alertsAnswer(
  desk: DeskAlerts,
  channels: AlertsAnswer["channels"],
  digest: Transition | undefined,
): AlertsAnswer {
  const alerts = desk.view().map(alertAnswer);
  const count = (state: AlertView["state"]): number => alerts.filter((alert) => alert.state === state).length;
  const place = ({ state, severity }: AlertAnswer): number =>
    states.indexOf(state) * severities.length + severities.indexOf(severity);
  return {
    alerts: alerts.toSorted((a, b) => place(a) - place(b)),
    states: { firing: count("firing"), pending: count("pending"), no_data: count("no_data") },
    rules: desk.ruleViews(),
    digest: digestAnswer(digest),
    channels,
  };
}

export function alertAnswer({ alert, sinceMs, acknowledged, ...view }: AlertView): AlertAnswer {
  return {
    id: alert,
    ...view,
    since: timeOf(sinceMs),
    acknowledged:
      acknowledged === null
        ? null
        : { by: acknowledged.by, comment: acknowledged.comment, at: timeOf(acknowledged.atMs) },
  };
}

function digestAnswer(transition: Transition | undefined): DigestAnswer | null {
  if (transition?.digest === undefined) return null;
  const { entries, more } = transition.digest;
  return {
    at: timeOf(transition.atMs),
    entries: entries.map(({ firedMs, resolvedMs, ...entry }) => {
      return { ...entry, fired: timeOf(firedMs), resolved: timeOf(resolvedMs) };
    }),
    more,
  };
}

export function silenceAnswer({ sinceMs, untilMs, ...silence }: Silence): SilenceAnswer {
  return { ...silence, since: timeOf(sinceMs), until: timeOf(untilMs) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
