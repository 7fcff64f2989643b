import { type Savable, type Saved, SavedFields } from "@slipstream/stats";

/** Processes followed at a time. */
const MOST_PROCESSES = 4_096;
/** A process silent for so long may be closed to make room. */
const SILENT_MS = 600_000;
const LOOK_AGAIN_MS = 60_000;
/** Saved of each process. */
const PROCESS_NUMBERS = 5;

/** What is known of the numbered spans of one process, or of several closed ones. */
interface Numbered {
  /** Distinct spans seen. */
  seen: number;
  /** Highest number: spans ended. */
  ended: number;
  /** Numbers before the first one seen. */
  before: number;
}

/** A process instance whose spans carry `slipstream.seq`. */
class Process {
  readonly account: CompletenessAccount;
  readonly key: string;
  seen = 0;
  highest = 0;
  lowest: number = Number.POSITIVE_INFINITY;
  heardMs = 0;

  constructor(account: CompletenessAccount, key: string) {
    this.account = account;
    this.key = key;
  }

  get numbered(): Numbered {
    // A process that gives a number twice has ended as many spans as were seen, at least.
    return { seen: this.seen, ended: Math.max(this.highest, this.seen), before: this.lowest - 1 };
  }
}

/** The share of its spans that a service's processes ended and that were seen. */
export class CompletenessAccount implements Savable {
  readonly #open: Set<Process> = new Set();
  readonly #closed: Numbered = { seen: 0, ended: 0, before: 0 };
  #untracked = false;

  open(process: Process): void {
    this.#open.add(process);
  }

  close(process: Process): void {
    this.#open.delete(process);
    add(this.#closed, process.numbered);
  }

  /** There are more processes than can be followed, so the share cannot be told. */
  giveUp(): void {
    this.#untracked = true;
  }

  read(): { readonly completeness: number | null; readonly reason?: string } {
    if (this.#untracked) {
      return { completeness: null, reason: `more than ${MOST_PROCESSES} processes at a time` };
    }
    const all: Numbered = { ...this.#closed };
    for (const process of this.#open) add(all, process.numbered);
    if (all.ended === 0) return { completeness: null, reason: "its spans carry no slipstream.seq" };
    const completeness = all.seen / all.ended;
    if (all.before === 0) return { completeness };
    return { completeness, reason: `${all.before} spans ended before the first one seen of their process` };
  }

  /** Without the open processes: `Completeness` saves those. */
  save(): Saved {
    return { ...this.#closed, untracked: this.#untracked };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved account of spans", saved);
    this.#closed.seen = fields.number("seen");
    this.#closed.ended = fields.number("ended");
    this.#closed.before = fields.number("before");
    this.#untracked = fields.boolean("untracked");
  }
}

/** Follows the numbers of all processes, within a bound. */
export class Completeness {
  readonly #processes: Map<string, Process> = new Map();
  #lookedMs: number = Number.NEGATIVE_INFINITY;

  /** Counts a span that was not seen before. `number` is its `slipstream.seq`. */
  count(account: CompletenessAccount, key: string, number: number, receivedMs: number): void {
    const process = this.#processes.get(key) ?? this.#open(account, key, receivedMs);
    if (process === undefined) return;
    process.seen += 1;
    process.highest = Math.max(process.highest, number);
    process.lowest = Math.min(process.lowest, number);
    process.heardMs = Math.max(process.heardMs, receivedMs);
  }

  /** @param accounts the accounts of all services */
  save(accounts: readonly CompletenessAccount[]): Saved {
    const places = new Map(accounts.map((account, place) => [account, place]));
    const processes = [...this.#processes.values()];
    const numbers = processes.flatMap(({ account, seen, highest, lowest, heardMs }) => [
      places.get(account) ?? -1,
      seen,
      highest,
      lowest,
      heardMs,
    ]);
    const keys = processes.map(({ key }) => key);
    return { keys, numbers: Float64Array.from(numbers), lookedMs: this.#lookedMs };
  }

  /** @param accounts those of the services in the order in which they were saved */
  load(saved: Saved, accounts: readonly CompletenessAccount[]): void {
    const fields = new SavedFields("saved processes", saved);
    const keys = fields.texts("keys");
    const numbers = fields.doubles("numbers", PROCESS_NUMBERS * keys.length);
    this.#lookedMs = fields.number("lookedMs");
    for (const [i, key] of keys.entries()) {
      const [place = -1, seen = 0, highest = 0, lowest = 0, heardMs = 0] = numbers.subarray(
        PROCESS_NUMBERS * i,
        PROCESS_NUMBERS * (i + 1),
      );
      const account = accounts[place];
      if (account === undefined) throw new TypeError(`Not saved processes: ${key} is of no service`);
      const process = Object.assign(new Process(account, key), { seen, highest, lowest, heardMs });
      this.#processes.set(key, process);
      account.open(process);
    }
  }

  #open(account: CompletenessAccount, key: string, receivedMs: number): Process | undefined {
    if (this.#processes.size >= MOST_PROCESSES) this.#closeSilent(receivedMs);
    if (this.#processes.size >= MOST_PROCESSES) {
      account.giveUp();
      return undefined;
    }
    const process = new Process(account, key);
    this.#processes.set(key, process);
    account.open(process);
    return process;
  }

  #closeSilent(receivedMs: number): void {
    if (receivedMs - this.#lookedMs < LOOK_AGAIN_MS) return;
    this.#lookedMs = receivedMs;
    for (const process of this.#processes.values()) {
      if (receivedMs - process.heardMs < SILENT_MS) continue;
      this.#processes.delete(process.key);
      process.account.close(process);
    }
  }
}

function add(sum: Numbered, addend: Numbered): void {
  sum.seen += addend.seen;
  sum.ended += addend.ended;
  sum.before += addend.before;
}
