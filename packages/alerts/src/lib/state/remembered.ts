import { type Saved, SavedFields } from "@slipstream/stats";
import { Occurrences } from "./occurrences.ts";

/** Most alerts that are remembered after they resolved. */
const MOST_REMEMBERED = 2000;

/** Alerts that do not fire now, and what is remembered of them. Of too many, those that fired longest ago are forgotten. */
export class Remembered {
  readonly #byId: Map<string, Occurrences> = new Map();
  /** Episodes up to this number may have been used by an alert that was forgotten. */
  #usedEpisodes = 0;

  /** What is remembered of an alert that is about to become active. */
  take(id: string): Occurrences {
    const found = this.#byId.get(id);
    this.#byId.delete(id);
    return found ?? new Occurrences(this.#usedEpisodes);
  }

  /** Keeps what is to be known of an alert that is no longer active. */
  keep(id: string, occurrences: Occurrences): void {
    if (occurrences.episode <= this.#usedEpisodes && occurrences.count === 0) return;
    this.#byId.set(id, occurrences);
    if (this.#byId.size <= MOST_REMEMBERED) return;
    for (const [oldest, { episode }] of this.#byId) {
      this.#byId.delete(oldest);
      this.#usedEpisodes = Math.max(this.#usedEpisodes, episode);
      return;
    }
  }

  /** Its alerts begin as if they had never fired, but for the numbers of their episodes. */
  forgetRule(rule: string): void {
    for (const [id, occurrences] of this.#byId) {
      if (id === rule || id.startsWith(`${rule}:`)) occurrences.forget();
    }
  }

  save(): Saved {
    const alerts = Array.from(this.#byId, ([id, occurrences]) => ({ id, occurrences: occurrences.save() }));
    return { usedEpisodes: this.#usedEpisodes, alerts };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("saved alerts that do not fire", saved);
    this.#usedEpisodes = fields.number("usedEpisodes");
    for (const alert of fields.list("alerts")) {
      const one = new SavedFields("a saved alert that does not fire", alert);
      this.#byId.set(one.text("id"), Occurrences.loaded(one.any("occurrences")));
    }
  }
}
