import type { Transition } from "@slipstream/alerts";
import type { Canary, Notice, Publication } from "@slipstream/engine";
import { numberOf } from "../log/position.ts";
import type { Applied, Stage } from "./pipeline.ts";

/** Gives the instants to a dashboard sink. */
export function publishTo(sink: { publish(publications: readonly Publication[]): void }): Stage {
  return ({ effects: { publications } }) => {
    if (publications.length > 0) sink.publish(publications);
  };
}

/** Gives the canaries to who keeps the newest. */
export function canariesTo(sink: { putCanaries(canaries: readonly Canary[]): void }): Stage {
  return ({ effects: { canaries } }) => {
    if (canaries.length > 0) sink.putCanaries(canaries);
  };
}

/** Gives instants and rows to the store of both. It is told of every record, for rows wait there for some seconds. */
export function storeIn(store: { take(applied: Applied): void }): Stage {
  return (applied) => store.take(applied);
}

/** Gives what came of alerts to what sends notifications. */
export function notifyBy(notifications: {
  take(transitions: readonly Transition[], position: number): void;
}): Stage {
  return ({ effects: { alerts }, position }) => {
    if (alerts.length > 0) notifications.take(alerts, numberOf(position));
  };
}

/** Tells what is noticed about services. */
export function noticeTo(told: (notice: Notice) => void): Stage {
  return ({ effects: { notices } }) => {
    for (const notice of notices) told(notice);
  };
}

/** Keeps in mind what has been applied. */
export class Progress {
  /** Event time of the newest instant published, Unix ms; undefined before the first. */
  timeMs: number | undefined;
  /** Records applied since the start. */
  records = 0;

  readonly stage: Stage = ({ effects: { publications } }) => {
    this.records += 1;
    for (const { timeMs } of publications) this.timeMs = Math.max(this.timeMs ?? timeMs, timeMs);
  };
}
