import type { HistoryRow } from "@slipstream/engine";
import type { RemoteHistory } from "../history-sink.ts";

export type RemoteMode = "works" | "fails" | "hangs";

/** A remote store in memory that can be told to fail, or to carry out later what it was sent. */
export class FakeRemote implements RemoteHistory {
  readonly name = "questdb";
  mode: RemoteMode = "works";
  isNew = false;
  opened = 0;
  /** Rows by table and time. */
  readonly rows: Map<string, HistoryRow> = new Map();
  readonly writes: number[] = [];
  readonly #held: HistoryRow[][] = [];

  async open(): Promise<{ readonly isNew: boolean }> {
    if (this.mode !== "works") throw new Error("The store is away.");
    this.opened += 1;
    const { isNew } = this;
    this.isNew = false;
    return { isNew };
  }

  async write(rows: readonly HistoryRow[]): Promise<void> {
    if (this.mode === "hangs") this.#held.push([...rows]);
    if (this.mode !== "works") throw new Error("No answer.");
    this.writes.push(rows.length);
    this.#put(rows);
  }

  async close(): Promise<void> {}

  /** What was sent while it hung takes place now. */
  carryOut(): void {
    for (const rows of this.#held.splice(0)) this.#put(rows);
  }

  #put(rows: readonly HistoryRow[]): void {
    for (const row of rows) this.rows.set(`${row.table} ${row.values[0]}`, row);
  }
}
