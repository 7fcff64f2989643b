import type { TrackerState } from "@slipstream/mev";
import { type Saved, SavedFields } from "@slipstream/stats";
import { EntryChunks } from "./entry-chunks.ts";
import { fromLines, fromText, TextsOfObjects, toText } from "./saved-text.ts";

/** What is kept of trades on their way to a final verdict. `Waiting`: objects that are never changed, only replaced. */
export interface KeptVerdicts<Waiting extends object> {
  readonly waiting: Iterable<Waiting>;
  readonly tracker: TrackerState;
}

/** Saves at the cost of what is new since the last time. */
export class SavedVerdicts<Waiting extends object> {
  readonly #texts: TextsOfObjects = new TextsOfObjects();
  readonly #actors: EntryChunks<TrackerState["actors"][number][1]> = new EntryChunks();
  readonly #activity: EntryChunks<TrackerState["activity"][number][1]> = new EntryChunks();

  save({ waiting, tracker }: KeptVerdicts<Waiting>): Saved {
    const { trades, slots, actors, activity, ...rest } = tracker;
    return {
      waiting: this.#texts.lines(waiting),
      trades: this.#texts.lines(trades),
      // Not one text: it would be copied once more.
      slots: slots.map((slot) => this.#texts.of(slot)),
      actors: this.#actors.save(actors),
      activity: this.#activity.save(activity),
      rest: toText(rest),
    };
  }

  /**
   * To be called on one that is new.
   *
   * @throws TypeError or SyntaxError where it is not what `save` gave
   */
  load(saved: Saved): KeptVerdicts<Waiting> {
    const fields = new SavedFields("saved verdicts", saved);
    const rest = fromText(fields.text("rest")) as Omit<
      TrackerState,
      "trades" | "slots" | "actors" | "activity"
    >;
    const tracker: TrackerState = {
      ...rest,
      trades: fromLines(fields.text("trades")) as TrackerState["trades"],
      slots: fields.texts("slots").map((text) => fromText(text) as TrackerState["slots"][number]),
      actors: this.#actors.load(fields.any("actors")),
      activity: this.#activity.load(fields.any("activity")),
    };
    return { waiting: fromLines(fields.text("waiting")) as Waiting[], tracker };
  }
}
