import type { DatabaseSync, StatementSync } from "node:sqlite";
import { number, object } from "../stored-form/form.ts";

const positionRow = object({ position: number }).optional();

/** How far a sink has come: the number of the last change that it has written. It is a row beside the history's tables. */
export class SinkPosition {
  readonly #sink: string;
  readonly #put: StatementSync;
  #value: number | undefined;

  constructor(database: DatabaseSync, sink: string) {
    this.#sink = sink;
    const row = database.prepare("SELECT position FROM sink_positions WHERE sink = ?").get(sink);
    this.#value = positionRow.parse(row)?.position;
    this.#put = database.prepare(
      "INSERT INTO sink_positions (sink, position) VALUES (?, ?) " +
        "ON CONFLICT (sink) DO UPDATE SET position = excluded.position",
    );
  }

  /** undefined: nothing has been written yet. */
  get value(): number | undefined {
    return this.#value;
  }

  moveTo(position: number): void {
    this.#put.run(this.#sink, position);
    this.#value = position;
  }
}
