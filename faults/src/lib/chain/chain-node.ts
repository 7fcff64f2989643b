import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Random } from "@slipstream/testing/random";
import type { Chain } from "./chain.ts";

/** Wrong answers in a row for one question, fewer than a watcher gives up after. */
const MOST_FAULTS = 3;
const FAULTS = ["429", "503", "corrupt", "cut", "no meta", "reset", "slow"] as const;
type Fault = (typeof FAULTS)[number];

/** A stand-in for a Solana node that answers as badly as it is told to. */
export class ChainNode {
  /** It answers nothing but 503 while it is away, and nothing at all while it hangs. */
  away = false;
  hangs = false;
  /** The newest slot that it calls final. */
  finalized = 0;
  /** How often each kind of wrong answer was given. */
  readonly given: Map<Fault | "away" | "hung", number> = new Map();
  readonly #chain: Chain;
  readonly #random: Random;
  readonly #share: number;
  readonly #faultsOf: Map<string, number> = new Map();
  readonly #server: Server;

  private constructor(chain: Chain, random: Random, share: number) {
    this.#chain = chain;
    this.#random = random;
    this.#share = share;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param share of its answers that are wrong */
  static async start(chain: Chain, random: Random, share: number): Promise<ChainNode> {
    const node = new ChainNode(chain, random, share);
    node.#server.listen(0, "127.0.0.1");
    await once(node.#server, "listening");
    return node;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { id, method, params } = JSON.parse(await text(request)) as Call;
    if (this.hangs) return this.#count("hung");
    if (this.away) {
      this.#count("away");
      response.writeHead(503).end("away");
      return;
    }
    const fault = this.#fault(`${method} ${JSON.stringify(params[0])}`);
    if (fault === "429" || fault === "503") response.writeHead(Number(fault)).end("try again");
    else if (fault === "reset") response.destroy();
    else {
      if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, 300));
      const whole = JSON.stringify({ jsonrpc: "2.0", id, ...this.#result(method, params) });
      response.end(fault === undefined || fault === "slow" ? whole : spoiled(whole, fault));
    }
  }

  #result(method: string, params: readonly unknown[]): object {
    if (method === "getSlot") {
      const [{ commitment }] = params as [{ commitment: string }];
      return { result: commitment === "finalized" ? this.finalized : this.#chain.newest };
    }
    if (method === "getSignatureStatuses") {
      const [signatures] = params as [string[]];
      const value = signatures.map((one) => {
        const slot = this.#chain.placeOf(one);
        return slot === undefined ? null : { slot };
      });
      return { result: { context: {}, value } };
    }
    const slot = Number(params[0]);
    if (this.#chain.missing.has(slot)) return { error: { code: -32_001, message: "cleaned up" } };
    const block = this.#chain.text(slot);
    if (block === undefined || block.trim() === "null")
      return { error: { code: -32_009, message: "skipped" } };
    return { result: JSON.parse(block) as unknown };
  }

  #fault(question: string): Fault | undefined {
    if (!this.#random.chance(this.#share)) return undefined;
    const before = this.#faultsOf.get(question) ?? 0;
    // The head is asked for each second, for ever.
    if (before >= MOST_FAULTS && !question.startsWith("getSlot")) return undefined;
    this.#faultsOf.set(question, before + 1);
    const fault = this.#random.pick(FAULTS);
    this.#count(fault);
    return fault;
  }

  #count(what: Fault | "away" | "hung"): void {
    this.given.set(what, (this.given.get(what) ?? 0) + 1);
  }
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An answer with status 200 that is wrong all the same. */
function spoiled(whole: string, fault: "corrupt" | "cut" | "no meta"): string {
  if (fault === "cut") return whole.slice(0, Math.floor(whole.length / 2));
  if (fault === "corrupt") return whole.replaceAll('":', '"');
  return whole.replaceAll('"meta":', '"mota":');
}
