import { type Saved, SavedFields } from "@slipstream/stats";
import type { Severity } from "../rule/rule.ts";
import { optionalText } from "./saved-values.ts";

/** What was told of an episode, and what keeps it from being told. */
export class Told {
  /** Transitions so far. */
  transitions = 0;
  /** Whether a firing was sent, so that its end is sent too. */
  sent = false;
  /** When the present period of suppression began, Unix ms. */
  periodMs = 0;
  /** What is to be sent once nothing mutes it. */
  owed: "firing" | "escalated" | undefined;
  /** Event time of what is owed since a backlog was worked off, Unix ms. */
  lateSinceMs: number | undefined;
  /** The silence that mutes it. */
  silence: string | undefined;
  /** The silence that has ended, as long as nothing was sent since. */
  silenceEnded: { readonly id: string; readonly comment: string } | undefined;
  /** The alert that mutes it. */
  inhibitor: string | undefined;
  acknowledged: Acknowledgement | undefined;
  /** What `silence` was found with; not saved. */
  silencesSeen: number | undefined;
  severitySeen: Severity | undefined;

  /** Nothing is to be sent but what comes from now on. */
  owesNothing(): void {
    this.owed = undefined;
    this.lateSinceMs = undefined;
    this.silenceEnded = undefined;
  }

  save(): Saved {
    const { transitions, sent, periodMs, owed = null, lateSinceMs = null } = this;
    const { silence = null, silenceEnded = null, inhibitor = null, acknowledged = null } = this;
    return {
      ...{ transitions, sent, periodMs, owed, lateSinceMs, silence, inhibitor },
      silenceEnded: silenceEnded === null ? null : { ...silenceEnded },
      acknowledged: acknowledged === null ? null : { ...acknowledged },
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("what was told of an alert", saved);
    this.transitions = fields.number("transitions");
    this.sent = fields.boolean("sent");
    this.periodMs = fields.number("periodMs");
    const owed = optionalText(fields, "owed");
    this.owed = owed === undefined || owed === "escalated" ? owed : "firing";
    this.lateSinceMs = fields.optionalNumber("lateSinceMs");
    this.silence = optionalText(fields, "silence");
    this.inhibitor = optionalText(fields, "inhibitor");
    if (fields.any("silenceEnded") !== null) {
      const ended = new SavedFields("a silence that has ended", fields.any("silenceEnded"));
      this.silenceEnded = { id: ended.text("id"), comment: ended.text("comment") };
    }
    if (fields.any("acknowledged") !== null) {
      const by = new SavedFields("an acknowledgement", fields.any("acknowledged"));
      this.acknowledged = { by: by.text("by"), comment: by.text("comment"), atMs: by.number("atMs") };
    }
  }
}

export interface Acknowledgement {
  readonly by: string;
  readonly comment: string;
  /** Unix ms. */
  readonly atMs: number;
}
