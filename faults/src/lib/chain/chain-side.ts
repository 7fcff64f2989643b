import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { attribute } from "@slipstream/conventions";
import { decodeTraces } from "@slipstream/otlp/decode";
import { eventually } from "@slipstream/testing/eventually";
import { Random } from "@slipstream/testing/random";
import { type ReportQuestion, readReport } from "../aggregator/read.ts";
import { readStoredHistory, rowsOf, type Tables } from "../aggregator/stored-history.ts";
import type { Supervisor } from "../crash/supervisor.ts";
import type { ChainOutcome } from "../crash/verify.ts";
import type { Batch } from "../load/batch.ts";
import type { Load } from "../load/load.ts";
import type { Sender } from "../sender.ts";
import { Uninterrupted } from "../uninterrupted.ts";
import { Chain } from "./chain.ts";
import { ChainNode } from "./chain-node.ts";
import { type ChainPlan, chainPlan } from "./chain-plan.ts";
import { sameCounts, sumOfCounts, type VerdictCounts, verdictCounts, verdictCountsAt } from "./counts.ts";
import { finalize, tellChain } from "./tell-chain.ts";

const VERDICTS_MS = 600_000;
const NOT_SEEN = /was not seen|in none of the slots seen/;
const DAY_MS = 86_400_000;

/** The chain's side of a round: a folder of blocks or a node, and the verdicts that are to come of it. */
export class ChainSide {
  readonly chain: Chain;
  readonly plan: ChainPlan;
  /** Where the blocks are put, if it is a folder that is watched. */
  readonly folder: string;
  readonly #node: ChainNode | undefined;
  #final: VerdictCounts | undefined;

  private constructor(chain: Chain, plan: ChainPlan, folder: string, node: ChainNode | undefined) {
    this.chain = chain;
    this.plan = plan;
    this.folder = join(folder, "chain");
    this.#node = node;
  }

  /** @param planned instead of what the seed would plan */
  static async start(seed: number, folder: string, planned?: ChainPlan): Promise<ChainSide> {
    const random = new Random(seed);
    const plan = planned ?? chainPlan(random);
    const chain = await Chain.make(random.int(1, 2 ** 31), plan, join(folder, "world"));
    const isNode = plan.source === "node";
    const node = isNode ? await ChainNode.start(chain, random, plan.faults) : undefined;
    const side = new ChainSide(chain, plan, folder, node);
    // An aggregator does not start without the folder that it is to watch.
    if (!isNode) mkdirSync(side.folder);
    if (node !== undefined && plan.lateAt > 0) node.away = true;
    return side;
  }

  /** The aggregator's settings. */
  get env(): Readonly<Record<string, string>> {
    if (this.#node === undefined) return { SLIPSTREAM_BLOCKS_DIR: this.folder };
    return { SLIPSTREAM_RPC_URL: this.#node.url, SLIPSTREAM_BLOCKS_PER_SECOND: "1000" };
  }

  /** What came of it, in words. */
  get told(): string {
    const { source, faults, lateAt, missing } = this.plan;
    const given = [...(this.#node?.given.entries() ?? [])].map(([what, times]) => `${times} ${what}`);
    const { final = 0, unknown = 0 } = this.#final ?? {};
    const how = [
      ...(lateAt > 0 ? ["late"] : []),
      ...(missing > 0 ? [`${this.chain.missing.size} blocks missing`] : []),
      ...(faults > 0 || given.length > 0 ? [`wrong answers: ${given.join(", ") || "none"}`] : []),
    ];
    return `${final} final verdicts by a ${source}, ${unknown} unknown${how.map((one) => `, ${one}`).join("")}`;
  }

  /** Lets the blocks come, or the node, from when the plan has it. */
  async arrive(sender: Sender, load: Load): Promise<void> {
    const from = Math.max(1, Math.floor(this.plan.lateAt * load.batches));
    if (this.#node === undefined) return this.#deliver(sender, load, from);
    await sender.reached(from);
    this.#node.away = false;
  }

  /**
   * Puts blocks into the folder as the load comes: none before all trades before it are acknowledged. What is in the folder
   * is final, and a trade that comes after later ones are final may rightly get another verdict.
   */
  async #deliver(sender: Sender, load: Load, from: number): Promise<void> {
    const coming = new Map(this.chain.places);
    const taken = new Set<number>();
    let copied = 0;
    for (let count = from; count <= load.batches; count++) {
      await sender.reached(count);
      for (const index of sender.acknowledged) {
        if (taken.has(index)) continue;
        taken.add(index);
        for (const signature of signaturesIn(load.batch(index))) coming.delete(signature);
      }
      const before =
        count === load.batches ? Number.POSITIVE_INFINITY : Math.min(...coming.values(), this.chain.newest);
      this.chain.copyTo(this.folder, copied, before);
      copied = Math.max(copied, before);
    }
  }

  /**
   * Waits for the verdicts on all that was sent, kills included.
   *
   * @param data of the aggregator
   * @param desks that sent it; "" is the aggregator's own
   */
  async settle(
    supervisor: Supervisor,
    sent: readonly Batch[],
    data: string,
    desks: readonly string[] = [""],
  ): Promise<void> {
    const engines = desks.map((desk) => new Uninterrupted(desk));
    const counted = (): VerdictCounts =>
      sumOfCounts(engines.map((engine) => verdictCounts(engine.current())));
    for (const engine of engines) {
      for (const batch of sent) await engine.applyBatch(batch, Date.now());
      await tellChain(engine, this.chain);
    }
    const provisional = counted();
    for (const engine of engines) await finalize(engine, this.chain);
    const final = counted();
    this.#final = final;

    const counts = async (): Promise<VerdictCounts> => verdictCountsAt(await supervisor.url());
    for (const part of this.plan.kills) {
      const wanted = part * (final.final + final.provisional);
      await eventually("some verdicts", async () => (await counts()).all >= wanted, VERDICTS_MS);
      await supervisor.interrupt(KILL);
    }
    if (this.#node !== undefined) {
      await this.#reached("every provisional verdict", provisional, counts);
      this.#node.finalized = this.chain.newest;
    }
    await this.#reached("every final verdict", final, counts);
    // A block counts as missing only after some attempts, and a node is asked in turns where a transaction is. Until then
    // trades are told that something was not seen yet.
    const unseen = (histories: readonly Tables[]): number =>
      histories
        .flatMap((tables) => rowsOf(tables, "mev_verdicts"))
        .filter((row) => NOT_SEEN.test(String(row.values))).length;
    const expected = unseen(engines.map((engine) => engine.history()));
    const isTold = async (): Promise<boolean> =>
      unseen(desks.map((desk) => readStoredHistory(data, desk))) === expected;
    await eventually("the reason for every unknown verdict", isTold, VERDICTS_MS);
  }

  /** What is to be compared of a desk in the end. */
  async outcome(url: string, desk: string): Promise<ChainOutcome> {
    const toMs = Date.now() + DAY_MS;
    const question: ReportQuestion = { kind: "report", by: "pair", fromMs: toMs - 3 * DAY_MS, toMs };
    return { chain: this.chain, question, report: await readReport(url, question, desk) };
  }

  async close(): Promise<void> {
    await this.#node?.close();
  }

  async #reached(what: string, wanted: VerdictCounts, counts: () => Promise<VerdictCounts>): Promise<void> {
    let last: VerdictCounts | undefined;
    const same = async (): Promise<boolean> => {
      last = await counts();
      return sameCounts(last, wanted);
    };
    await eventually(what, same, VERDICTS_MS).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(last)} of ${JSON.stringify(wanted)}; ${this.told}`);
    });
  }
}

/** Transactions that the trades of a request name. */
function signaturesIn({ kind, plain, format }: Batch): string[] {
  if (kind === "metrics") return [];
  return decodeTraces(plain, format).spans.map(({ attributes }) =>
    String(attributes[attribute.solanaSignature]),
  );
}

const KILL = { afterMs: 0, acknowledged: 0, signal: "SIGKILL", startKills: [], changes: {} } as const;
