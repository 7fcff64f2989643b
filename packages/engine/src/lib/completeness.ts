import { elapsedText } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import { type Savable, type Saved, SavedFields } from "@slipstream/stats";
import { MissingNumbers, type MissingRange, RANGE_NUMBERS, sizeOf } from "./missing-numbers.ts";
import type { Gap } from "./model.ts";
import { RecentCompleteness, type RecentSpans } from "./recent-completeness.ts";

/** Processes followed at a time. */
const MOST_PROCESSES = 4_096;
/** A process silent for so long may be closed to make room. */
const SILENT_MS = 600_000;
const LOOK_AGAIN_MS = 60_000;
/** Saved of each process. */
const PROCESS_NUMBERS = 9;
/** In version 1. */
const PROCESS_NUMBERS_1 = 6;
/** Gaps that are named of a service. */
const MOST_GAPS = 10;

/** What is known of the numbered spans of one process, or of several closed ones. */
interface Numbered {
  /** Distinct spans seen. */
  seen: number;
  /** Highest number: spans ended. */
  ended: number;
  /** Numbers before the first one seen. */
  before: number;
}

/** What a process is known by. */
export interface ProcessName {
  /** No two processes share it. */
  readonly key: string;
  /** As the process calls itself. */
  readonly instance: string;
}

interface NamedRange extends MissingRange {
  readonly instance: string;
}

/** A process instance whose spans carry `slipstream.seq`. */
class Process {
  readonly account: CompletenessAccount;
  readonly key: string;
  readonly instance: string;
  /** Made when the first number is passed over. */
  missing: MissingNumbers | undefined;
  seen = 0;
  highest = 0;
  lowest: number = Number.POSITIVE_INFINITY;
  /** The number of the first span that came. */
  first = 0;
  heardMs = 0;

  constructor(account: CompletenessAccount, { key, instance }: ProcessName) {
    this.account = account;
    this.key = key;
    this.instance = instance;
  }

  count(number: number, receivedMs: number): void {
    this.seen += 1;
    this.heardMs = Math.max(this.heardMs, receivedMs);
    this.lowest = Math.min(this.lowest, number);
    const { recent } = this.account;
    if (number <= this.highest) {
      const missedMs = this.missing?.remove(number);
      if (missedMs === undefined) return;
      if (number < this.first) recent.count(0, receivedMs);
      else recent.arrive(missedMs);
      return;
    }
    const passedOver = number - this.highest - 1;
    if (passedOver > 0) {
      this.missing ??= new MissingNumbers();
      this.missing.add(this.highest + 1, number - 1, receivedMs);
    }
    if (this.highest === 0) this.first = number;
    recent.count(this.highest === 0 ? 0 : passedOver, receivedMs);
    this.highest = number;
  }

  get numbered(): Numbered {
    // A process that gives a number twice has ended as many spans as were seen, at least.
    return { seen: this.seen, ended: Math.max(this.highest, this.seen), before: this.lowest - 1 };
  }
}

/** The share of its spans that a service's processes ended and that were seen. */
export class CompletenessAccount implements Savable {
  readonly recent: RecentCompleteness = new RecentCompleteness();
  readonly #open: Set<Process> = new Set();
  readonly #closed: Numbered = { seen: 0, ended: 0, before: 0 };
  // Of the closed processes, the largest first.
  #closedGaps: readonly NamedRange[] = [];
  #untracked = false;

  open(process: Process): void {
    this.#open.add(process);
  }

  close(process: Process): void {
    this.#open.delete(process);
    add(this.#closed, process.numbered);
    this.#closedGaps = largest([this.#closedGaps, rangesOf(process)]);
  }

  /** There are more processes than can be followed, so the share cannot be told. */
  giveUp(): void {
    this.#untracked = true;
  }

  read(): Completion {
    if (this.#untracked) return unknown(`more than ${MOST_PROCESSES} processes at a time`);
    const all: Numbered = { ...this.#closed };
    for (const process of this.#open) add(all, process.numbered);
    if (all.ended === 0) return unknown("its spans carry no slipstream.seq");
    const { seen, ended } = all;
    const completion = { completeness: seen / ended, ended, missing: ended - seen };
    if (all.before === 0) return completion;
    return {
      ...completion,
      reason: `${quantity(all.before, "span")} ended before the first one seen of their process`,
    };
  }

  /** Of the spans that ended in the last `seconds` before `nowMs`, by times of receipt. */
  readRecent(seconds: number, nowMs: number): Completion & Pick<RecentSpans, "seconds"> {
    const { ended, missing, seconds: length } = this.recent.read(seconds, nowMs);
    if (this.#untracked || ended === 0) {
      const inAll = this.read();
      const nothing = unknown(`none of its numbered spans came in the last ${elapsedText(seconds)}`);
      return { ...(inAll.completeness === null ? inAll : nothing), seconds: length };
    }
    return { completeness: (ended - missing) / ended, ended, missing, seconds: length };
  }

  /** The largest ranges of numbers that are missing, the largest first. */
  gaps(): Gap[] {
    if (this.#untracked) return [];
    const ranges = largest([this.#closedGaps, ...Array.from(this.#open, rangesOf)]);
    return ranges.map(({ instance, from, to, sinceMs }) => {
      return { instance, from, to, since: new Date(sinceMs).toISOString() };
    });
  }

  /** Without the open processes: `Completeness` saves those. */
  save(): Saved {
    return {
      ...this.#closed,
      untracked: this.#untracked,
      recent: this.recent.save(),
      gapInstances: this.#closedGaps.map(({ instance }) => instance),
      gaps: Float64Array.from(this.#closedGaps.flatMap(({ from, to, sinceMs }) => [from, to, sinceMs])),
    };
  }

  load(saved: Saved): void {
    const fields = new SavedFields("a saved account of spans", saved);
    this.#closed.seen = fields.number("seen");
    this.#closed.ended = fields.number("ended");
    this.#closed.before = fields.number("before");
    this.#untracked = fields.boolean("untracked");
    this.recent.load(fields.any("recent"));
    const instances = fields.texts("gapInstances");
    const gaps = fields.doubles("gaps", RANGE_NUMBERS * instances.length);
    this.#closedGaps = instances.map((instance, i) => {
      const [from = 0, to = 0, sinceMs = 0] = gaps.subarray(RANGE_NUMBERS * i);
      return { instance, from, to, sinceMs };
    });
  }
}

/** Follows the numbers of all processes, within a bound. */
export class Completeness {
  readonly #processes: Map<string, Process> = new Map();
  #lookedMs: number = Number.NEGATIVE_INFINITY;
  // Spans of a process come together.
  #last: Process | undefined;

  /** Counts a span that was not seen before. `number` is its `slipstream.seq`. */
  count(account: CompletenessAccount, name: ProcessName, number: number, receivedMs: number): void {
    if (this.#last?.key !== name.key) {
      this.#last = this.#processes.get(name.key) ?? this.#open(account, name, receivedMs);
    }
    this.#last?.count(number, receivedMs);
  }

  /** @param accounts the accounts of all services */
  save(accounts: readonly CompletenessAccount[]): Saved {
    const places = new Map(accounts.map((account, place) => [account, place]));
    const processes = [...this.#processes.values()];
    const numbers = new Float64Array(PROCESS_NUMBERS * processes.length);
    const ranges = processes.reduce((sum, { missing }) => sum + (missing?.size ?? 0), 0);
    const missingNumbers = new Float64Array(RANGE_NUMBERS * ranges);
    let at = 0;
    for (const [i, { account, seen, highest, lowest, first, heardMs, missing }] of processes.entries()) {
      const size = missing?.size ?? 0;
      const place = places.get(account) ?? -1;
      const { count = 0, sinceMs = 0 } = missing?.forgotten ?? {};
      const ofProcess = [place, seen, highest, lowest, heardMs, size, first, count, sinceMs];
      numbers.set(ofProcess, PROCESS_NUMBERS * i);
      missing?.saveTo(missingNumbers, at);
      at += RANGE_NUMBERS * size;
    }
    return {
      keys: processes.map(({ key }) => key),
      instances: processes.map(({ instance }) => instance),
      numbers,
      missing: missingNumbers,
      lookedMs: this.#lookedMs,
    };
  }

  /** @param accounts those of the services in the order in which they were saved */
  load(saved: Saved, accounts: readonly CompletenessAccount[]): void {
    const fields = new SavedFields("saved processes", saved);
    const keys = fields.texts("keys");
    const instances = fields.texts("instances");
    const numbers = fields.doubles("numbers", PROCESS_NUMBERS * keys.length);
    const missing = fields.doubles("missing");
    this.#lookedMs = fields.number("lookedMs");
    let from = 0;
    for (const [i, key] of keys.entries()) {
      const ofProcess = numbers.subarray(PROCESS_NUMBERS * i, PROCESS_NUMBERS * (i + 1));
      const [place = -1, seen = 0, highest = 0, lowest = 0, heardMs = 0, ranges = 0] = ofProcess;
      const [first = 0, count = 0, sinceMs = 0] = ofProcess.subarray(6);
      const account = accounts[place];
      if (account === undefined) throw new TypeError(`Not saved processes: ${key} is of no service`);
      const process = new Process(account, { key, instance: instances[i] ?? "" });
      Object.assign(process, { seen, highest, lowest, first, heardMs });
      if (ranges > 0 || count > 0) {
        process.missing = new MissingNumbers();
        process.missing.load(missing.subarray(from, from + RANGE_NUMBERS * ranges), { count, sinceMs });
        from += RANGE_NUMBERS * ranges;
      }
      this.#processes.set(key, process);
      account.open(process);
    }
    if (from !== missing.length) throw new TypeError("Not saved processes: more ranges than theirs");
  }

  #open(account: CompletenessAccount, name: ProcessName, receivedMs: number): Process | undefined {
    if (this.#processes.size >= MOST_PROCESSES) this.#closeSilent(receivedMs);
    if (this.#processes.size >= MOST_PROCESSES) {
      account.giveUp();
      return undefined;
    }
    const process = new Process(account, name);
    this.#processes.set(name.key, process);
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

/**
 * Version 1 knew nothing of recent spans, nor which span of a process came first. So the highest counts as the first: what was
 * missed before counts if it comes, and not only as arrived.
 */
export function withRecent(saved: Saved): Saved {
  const fields = new SavedFields("saved services", saved);
  const services = fields.list("services").map((each) => {
    const completeness = new SavedFields("a saved service", each).any("completeness");
    return {
      ...Object(each),
      completeness: { ...Object(completeness), recent: new RecentCompleteness().save() },
    };
  });
  const processes = new SavedFields("saved processes", fields.any("processes"));
  const before = processes.doubles("numbers");
  const numbers: number[] = [];
  for (let at = 0; at < before.length; at += PROCESS_NUMBERS_1) {
    const ofProcess = before.subarray(at, at + PROCESS_NUMBERS_1);
    const [, , highest = 0] = ofProcess;
    numbers.push(...ofProcess, highest, 0, 0);
  }
  return { services, processes: { ...Object(fields.any("processes")), numbers: Float64Array.from(numbers) } };
}

/** What is told of a service's numbered spans. */
interface Completion {
  readonly completeness: number | null;
  readonly ended: number | null;
  readonly missing: number | null;
  readonly reason?: string;
}

function unknown(reason: string): Completion {
  return { completeness: null, ended: null, missing: null, reason };
}

function rangesOf({ instance, missing }: Process): NamedRange[] {
  return Array.from(missing ?? [], (range) => ({ ...range, instance }));
}

/** The largest of the ranges, of equals those noticed last. */
function largest(groups: Iterable<readonly NamedRange[]>): readonly NamedRange[] {
  let kept: NamedRange[] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    kept = [...kept, ...group].sort((a, b) => sizeOf(b) - sizeOf(a) || b.sinceMs - a.sinceMs);
    kept.length = Math.min(kept.length, MOST_GAPS);
  }
  return kept;
}

function add(sum: Numbered, addend: Numbered): void {
  sum.seen += addend.seen;
  sum.ended += addend.ended;
  sum.before += addend.before;
}
