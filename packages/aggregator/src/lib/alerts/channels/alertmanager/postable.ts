import { DEFAULT_SERVICE, type Severity, type Transition, valueText } from "@slipstream/alerts";
import { cleanLine } from "../../text/clean.ts";
import { type Layout, layoutOf } from "../../text/layout.ts";

/** An alert as `POST /api/v2/alerts` takes it, without its end. */
export interface StandingAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly startsAt: string;
  readonly generatorURL?: string;
}

export interface PostableAlert extends StandingAlert {
  /** ISO 8601. In the future: it fires, until then. */
  readonly endsAt: string;
}

/**
 * A notification as an alert that begins when the episode began.
 * @param ownDesk name of the aggregator's own desk; undefined: it has none
 */
export function standingAlert(transition: Transition, isTest: boolean, ownDesk?: string): StandingAlert {
  const layout = layoutOf(transition, isTest);
  const page = layout.links.find(({ name }) => !RUNBOOK.test(name));
  return {
    labels: alertLabels(transition, transition.severity, isTest, ownDesk),
    annotations: annotationsOf(transition, layout, isTest),
    startsAt: new Date(transition.firedMs).toISOString(),
    ...(page === undefined ? {} : { generatorURL: page.url }),
  };
}

/**
 * @param endsMs Unix ms. Alertmanager refuses an alert that ends before it begins, and one that begins later than it is told to end
 * would go on firing: times of receipt may be ahead of this machine's clock.
 */
export function postable(alert: StandingAlert, endsMs: number): PostableAlert {
  const startsMs = Math.min(Date.parse(alert.startsAt), endsMs);
  return { ...alert, startsAt: new Date(startsMs).toISOString(), endsAt: new Date(endsMs).toISOString() };
}

/** Two alerts are the same to Alertmanager if this is. */
export function fingerprint({ labels }: StandingAlert): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const OWN: ReadonlySet<string> = new Set(["alertname", "severity", "source", "desk", "test"]);
const RUNBOOK = /runbook/i;

/**
 * The labels of an alert. `service` is always there, for the inhibition of Prometheus's alerts asks for it; `desk` is there if the desk has
 * a name. A service that belongs to no desk is told from others by `monitor`: Prometheus's alerts about it have no desk either. A label of the
 * series that has the name of one that Slipstream sets is renamed, as Prometheus does.
 */
export function alertLabels(
  { rule, labels, desk: otherDesk, deskIsService }: Transition,
  severity: Severity,
  isTest: boolean,
  ownDesk?: string,
): Readonly<Record<string, string>> {
  const desk = otherDesk ?? ownDesk;
  const all = new Map<string, string>([
    ["alertname", rule],
    ["severity", severity],
    ["source", "slipstream"],
    ["service", labels.service || DEFAULT_SERVICE],
    ...(desk === undefined ? [] : [[deskIsService ? "monitor" : "desk", desk] as const]),
    ...(isTest ? [["test", "true"] as const] : []),
  ]);
  for (const [name, value] of Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === "service") continue;
    let valid = labelName(OWN.has(name) ? `exported_${name}` : name);
    while (all.has(valid)) valid += "_";
    all.set(valid, value);
  }
  return Object.fromEntries(all);
}

/** Letters, digits and underscores, with no digit at the beginning: what every version of Alertmanager takes. */
function labelName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d|$)/, "_");
}

/** Annotations under the names that Prometheus's users expect. */
function annotationsOf(
  { text, value, unit, threshold, key }: Transition,
  { title, lines, links }: Layout,
  isTest: boolean,
): Readonly<Record<string, string>> {
  const named = (label: string): readonly (readonly [string, string])[] => {
    const found = text.lines.find((line) => line.label === label);
    return found === undefined ? [] : [[label.toLowerCase(), cleanLine(found.text)]];
  };
  const runbook = links.find(({ name }) => RUNBOOK.test(name));
  return Object.fromEntries([
    ["summary", `${isTest ? "[TEST] " : ""}${title}`],
    ["description", lines.join("\n")],
    ...named("Impact"),
    ...named("Action"),
    ...named("Recommendation"),
    ...(value === null ? [] : [["value", valueText(value, unit, threshold)] as const]),
    ...(runbook === undefined ? [] : [["runbook_url", runbook.url] as const]),
    ["notification", key],
  ]);
}
