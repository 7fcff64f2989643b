import type { Transition } from "@slipstream/alerts";
import type { Canary } from "./canaries.ts";
import { OWN_DESK } from "./desks/desk-name.ts";
import { type HistoryRow, rowOfDesk } from "./history/rows.ts";
import type { VerdictEvent } from "./mev/own-verdicts.ts";
import type { Publication } from "./model.ts";
import type { Notice } from "./notice.ts";

/** What came of one record, each thing with its desk. Nobody changes it afterwards: whoever is given it may keep it. */
export interface Effects {
  /** Instants that are due now, and amended ones, in order. */
  readonly publications: readonly Publication[];
  /** Rows of the history: each new, or in place of the one with the same key. None unless the engine makes them. */
  readonly rows: readonly HistoryRow[];
  /** Verdicts on the desk's trades that are new or have changed. */
  readonly verdicts: readonly VerdictEvent[];
  /** What was noticed about services. */
  readonly notices: readonly Notice[];
  /** What came of alerts, in order. Keys are unique over all desks. */
  readonly alerts: readonly Transition[];
  /** Canaries that are kept. */
  readonly canaries: readonly Canary[];
}

const none: readonly never[] = Object.freeze([]);

/** The effects of most records. Every such record has this object. */
export const noEffects: Effects = Object.freeze({
  publications: none,
  rows: none,
  verdicts: none,
  notices: none,
  alerts: none,
  canaries: none,
});

/** What came of a record at one desk, and then at another. */
export function joinEffects(first: Effects, second: Effects): Effects {
  if (first === noEffects || second === noEffects) return first === noEffects ? second : first;
  return {
    publications: [...first.publications, ...second.publications],
    rows: [...first.rows, ...second.rows],
    verdicts: [...first.verdicts, ...second.verdicts],
    notices: [...first.notices, ...second.notices],
    alerts: [...first.alerts, ...second.alerts],
    canaries: [...first.canaries, ...second.canaries],
  };
}

/** Collects the effects of a record while it is applied. */
export class EffectsBuffer {
  readonly #desk: string;
  publications: Publication[] = [];
  rows: HistoryRow[] = [];
  verdicts: VerdictEvent[] = [];
  notices: Notice[] = [];
  alerts: Transition[] = [];
  canaries: Canary[] = [];

  /** @param desk whose effects they are */
  constructor(desk: string = OWN_DESK) {
    this.#desk = desk;
  }

  /** What was collected since this was last called. */
  take(): Effects {
    const { publications, rows, verdicts, notices, alerts, canaries } = this;
    const data = publications.length + rows.length + verdicts.length;
    if (data + notices.length + alerts.length + canaries.length === 0) return noEffects;
    // An array that was filled now belongs to whoever takes it.
    if (publications.length > 0) this.publications = [];
    if (rows.length > 0) this.rows = [];
    if (verdicts.length > 0) this.verdicts = [];
    if (notices.length > 0) this.notices = [];
    if (alerts.length > 0) this.alerts = [];
    if (canaries.length > 0) this.canaries = [];
    const effects: Effects = {
      publications: publications.length > 0 ? publications : none,
      rows: rows.length > 0 ? rows : none,
      verdicts: verdicts.length > 0 ? verdicts : none,
      notices: notices.length > 0 ? notices : none,
      alerts: alerts.length > 0 ? alerts : none,
      canaries: canaries.length > 0 ? canaries : none,
    };
    return this.#desk === OWN_DESK ? effects : effectsOfDesk(effects, this.#desk);
  }
}

function effectsOfDesk(
  { publications, rows, verdicts, notices, alerts, canaries }: Effects,
  desk: string,
): Effects {
  const keys = `${encodeURIComponent(desk)}:`;
  return {
    alerts: alerts.map((transition) => ({ ...transition, key: keys + transition.key, desk })),
    publications: publications.map((publication) => ({ ...publication, desk })),
    rows: rows.map((row) => rowOfDesk(row, desk)),
    verdicts: verdicts.map((event) => ({ ...event, desk })),
    notices: notices.map((notice) => ({ ...notice, desk })),
    canaries: canaries.map((canary) => ({ ...canary, desk })),
  };
}
