import { publicPrograms } from "@slipstream/solana";
import { isTrader } from "../sandwich/luck.ts";
import type { Sandwich } from "../sandwich/model.ts";
import type { Swap } from "../swaps/swap.ts";
import type { ActivityView } from "./activity.ts";

/** What is known about an address linked to a sandwich. Immutable. */
export interface ActorEntry {
  /** Number of its sandwiches, counted by their first front run. */
  readonly sandwiches: number;
  /** Ids of the latest sandwiches, so that one that is seen again is not counted again. */
  readonly latest: readonly string[];
  /** Signers of the legs it was linked to, and other signers seen with it. */
  readonly attackers: readonly string[];
  readonly strangers: readonly string[];
}

/** The book, including what a window of slots adds to it. */
export interface ActorView {
  get(address: string): ActorEntry | undefined;
  /** The entries that the window adds or changes. */
  readonly changes: ReadonlyMap<string, ActorEntry>;
}

/**
 * Number of sandwiches from which on an actor that tries again counts as repeated. Luck is excluded before,
 * see `luck.ts`.
 */
const repeated = 1;
const latestKept = 8;
const attackersKept = 32;
const strangersKept = 16;

/**
 * Remembers who made sandwiches. An address used by several signers counts as an attacker's own only while at
 * least two thirds of them attack; otherwise it belongs to a router or a relayer. Bounded: the addresses not
 * seen for longest are dropped first.
 */
export class ActorBook {
  readonly #entries: Map<string, ActorEntry>;
  readonly #limit: number;

  constructor(limit: number, entries: Iterable<readonly [string, ActorEntry]> = []) {
    this.#limit = limit;
    this.#entries = new Map(entries);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(address: string): ActorEntry | undefined {
    return this.#entries.get(address);
  }

  entries(): (readonly [string, ActorEntry])[] {
    return [...this.#entries];
  }

  /**
   * The entries, including what a window of slots adds to them. The book itself does not change, see
   * `commit`.
   * @param sandwiches Those found in the window, without the desk's own.
   * @param trips Ids of swaps of round trips around nobody. Their signers belong to one actor; they are not
   * strangers.
   */
  view(sandwiches: readonly Sandwich[], swaps: readonly Swap[], trips: ReadonlySet<string>): ActorView {
    const changes = new Map<string, ActorEntry>();
    const legs = new Set<string>();
    const get = (address: string): ActorEntry | undefined =>
      changes.get(address) ?? this.#entries.get(address);
    for (const sandwich of sandwiches) {
      const own = [...sandwich.fronts, ...sandwich.backs];
      const id = own[0]?.id ?? "";
      const signers = own.map(({ signer }) => signer);
      for (const { id } of own) legs.add(id);
      for (const address of sandwich.attacker) {
        if (!publicPrograms.has(address)) changes.set(address, withSandwich(get(address), id, signers));
      }
    }
    for (const swap of swaps) {
      if (legs.has(swap.id) || trips.has(swap.id)) continue;
      for (const address of addressesOf(swap)) {
        const entry = get(address);
        const seen = entry === undefined ? undefined : withSigner(entry, swap.signer);
        if (seen !== undefined && seen !== entry) changes.set(address, seen);
      }
    }
    return { get, changes };
  }

  commit({ changes }: ActorView): void {
    for (const [address, entry] of changes) {
      this.#entries.delete(address);
      this.#entries.set(address, entry);
    }
    for (const address of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(address);
    }
  }
}

/** A swap or a failed swap. */
export type Acted = Pick<Swap, "signer" | "program" | "payer" | "recipient">;

/** Signer first. */
function addressesOf({ signer, program, payer, recipient }: Acted): string[] {
  const addresses = new Set<string>();
  for (const address of [signer, program, payer, recipient])
    if (address !== undefined) addresses.add(address);
  return [...addresses];
}

/** Whether the book has an address of the swap. */
export function isInBook(view: ActorView, { signer, program, payer, recipient }: Acted): boolean {
  const has = (address: string | undefined): boolean =>
    address !== undefined && view.get(address) !== undefined;
  return (
    has(signer) ||
    has(program) ||
    (payer !== signer && has(payer)) ||
    (recipient !== signer && recipient !== payer && has(recipient))
  );
}

/**
 * The addresses of a swap, signer first, by which its actor is known for earlier sandwiches. Empty if the
 * signer trades so much that its sandwiches are luck.
 */
export function repeatedActors(view: ActorView, activity: ActivityView, swap: Acted): string[] {
  const known = addressesOf(swap).filter((address) => {
    const entry = view.get(address);
    if (entry === undefined || entry.sandwiches < repeated) return false;
    return entry.strangers.length * 2 <= entry.attackers.length;
  });
  return known.length > 0 && isTrader(activity.of(swap.signer)) ? [] : known;
}

/** The first of these addresses. */
export function repeatedActor(view: ActorView, activity: ActivityView, swap: Acted): string | undefined {
  return repeatedActors(view, activity, swap)[0];
}

function withSandwich(entry: ActorEntry | undefined, id: string, signers: readonly string[]): ActorEntry {
  const { sandwiches, latest, attackers, strangers } = entry ?? none;
  const isNew = !latest.includes(id);
  const all = [...new Set([...attackers, ...signers])].slice(-attackersKept);
  return {
    sandwiches: sandwiches + (isNew ? 1 : 0),
    latest: isNew ? [...latest, id].slice(-latestKept) : latest,
    attackers: all,
    strangers: strangers.filter((stranger) => !all.includes(stranger)),
  };
}

const none: ActorEntry = { sandwiches: 0, latest: [], attackers: [], strangers: [] };

function withSigner(entry: ActorEntry, signer: string): ActorEntry {
  const { attackers, strangers } = entry;
  if (attackers.includes(signer) || strangers.includes(signer) || strangers.length >= strangersKept)
    return entry;
  return { ...entry, strangers: [...strangers, signer] };
}
