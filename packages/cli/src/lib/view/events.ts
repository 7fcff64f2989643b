import { quantity } from "@slipstream/conventions";
import { alertChanges } from "../alerts/alert-changes.ts";
import { type Snapshot, statistic } from "./snapshot.ts";

export interface ViewEvent {
  readonly timeMs: number;
  readonly text: string;
  /** Of several with the same, only the newest is kept: a state that goes back and forth must not push the rest out. */
  readonly topic?: string | undefined;
}

const mostKept = 50;

/** What happened lately: found by comparing each snapshot with the one before. */
export class EventLog {
  readonly #events: ViewEvent[] = [];
  readonly #alerts: boolean;
  #last: Snapshot | undefined;

  /** @param alerts false: changes of alerts are added by somebody else */
  constructor({ alerts = true }: { readonly alerts?: boolean } = {}) {
    this.#alerts = alerts;
  }

  get events(): readonly ViewEvent[] {
    return this.#events;
  }

  add(text: string, timeMs: number, topic?: string): void {
    const newest = this.#events.at(-1);
    if (newest?.text === text && timeMs - newest.timeMs < 60_000) return;
    const same = topic === undefined ? -1 : this.#events.findIndex((event) => event.topic === topic);
    if (same >= 0) this.#events.splice(same, 1);
    this.#events.push({ timeMs, text, topic });
    if (this.#events.length > mostKept) this.#events.shift();
  }

  /** Adds what changed since the last snapshot. @returns what it added */
  follow(snapshot: Snapshot): readonly ViewEvent[] {
    const texts =
      this.#last === undefined
        ? []
        : [
            ...changes(this.#last, snapshot),
            ...(this.#alerts ? alertChanges(this.#last.alerts, snapshot.alerts) : []),
          ];
    this.#last = snapshot;
    for (const text of texts) this.add(text, snapshot.takenMs);
    return texts.map((text) => ({ timeMs: snapshot.takenMs, text }));
  }
}

function changes(before: Snapshot, after: Snapshot): string[] {
  return [...breakerChange(before, after), ...serviceChanges(before, after), ...sinkChanges(before, after)];
}

function breakerChange(before: Snapshot, after: Snapshot): string[] {
  const [was, is] = [before, after].map(
    (snapshot) => statistic(snapshot, "circuit_breaker_state")?.value ?? null,
  );
  if (was === is || typeof is !== "string") return [];
  return [
    `circuit breaker: ${is.replace("_", "-")}${typeof was === "string" ? ` (was ${was.replace("_", "-")})` : ""}`,
  ];
}

function serviceChanges(before: Snapshot, after: Snapshot): string[] {
  return Object.entries(after.current.services).flatMap(([name, counts]) => {
    const last = before.current.services[name];
    if (last === undefined) return [`first data of ${name}`];
    const refused = counts.refused - last.refused;
    return refused > 0 ? [`${name}: ${quantity(refused, "item")} refused`] : [];
  });
}

function sinkChanges(before: Snapshot, after: Snapshot): string[] {
  const logChange =
    before.readiness.log.ok === after.readiness.log.ok
      ? []
      : [
          after.readiness.log.ok
            ? "the log takes data again"
            : `the log takes nothing: ${after.readiness.log.reason}`,
        ];
  const sinks = Object.entries(after.readiness.sinks).flatMap(([name, { up, lastError }]) => {
    // It reads: the aggregator's log tells of it.
    if (name === "watcher") return [];
    const was = before.readiness.sinks[name]?.up ?? null;
    if (was === up || up === null) return [];
    if (up) return was === null ? [] : [`${name} takes writes again`];
    return [`${name} takes no writes${lastError === undefined ? "" : `: ${lastError}`}`];
  });
  return [...logChange, ...sinks];
}
