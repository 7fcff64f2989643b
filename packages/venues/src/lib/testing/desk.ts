import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import type { TradeName } from "../trades/attempt.ts";
import type { Begun } from "../trades/made.ts";
import type { TradeRef, TradeSpan } from "../trades/output.ts";
import { Trades } from "../trades/trades.ts";
import { quoteAnswer, quoteUrl } from "./jupiter.ts";
import { base64, hosts, key, signature, swapDraft, trader } from "./transactions.ts";

export type Span = TradeSpan<string, string>;

/** How a call is made: when, for how long, and in which async context. */
export interface Manner {
  readonly at: number;
  readonly took?: number;
  readonly scope?: object;
  readonly name?: TradeName;
}

/** A time that has no meaning, Unix ms. */
export const T0 = 1_780_000_000_000;
export const NODE = "https://node.example/";
export const JITO = "https://mainnet.block-engine.jito.wtf/api/v1/bundles";

/** A desk that makes calls as services make them, and keeps the spans that come of it. Times are ms after `T0`. */
export class Desk {
  readonly trades: Trades<string, string> = new Trades();
  readonly spans: Span[] = [];

  begin(
    what: string,
    request: { url: string; body?: unknown },
    { at, scope, name }: Manner,
  ): (answer: unknown, at: number, status?: number) => void {
    const { url, body } = request;
    const [call] = readRequest(
      {
        method: body === undefined ? "GET" : "POST",
        url,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      hosts,
    );
    if (call === undefined) throw new Error(`${url} is no call`);
    const begun: Begun<string, string> = this.trades.began(call, {
      startMs: T0 + at,
      context: "context",
      scope,
      name,
    });
    return (answer, endAt, status = 200) => {
      const [outcome] = readAnswer([call], answer === undefined ? {} : { status, body: answer });
      if (outcome === undefined) throw new Error(`${url} has no outcome`);
      this.spans.push(...this.trades.ended(begun, outcome, T0 + endAt, what));
    };
  }

  call(
    what: string,
    request: { url: string; body?: unknown },
    answer: unknown,
    manner: Manner,
    status = 200,
  ): void {
    this.begin(what, request, manner)(answer, manner.at + (manner.took ?? 10), status);
  }

  quote(manner: Manner, changes: Parameters<typeof quoteAnswer>[0] = {}): void {
    this.call("quote", { url: quoteUrl }, quoteAnswer(changes), manner);
  }

  /** @param draft the transaction that comes back, not signed */
  swap(
    manner: Manner,
    draft: ReturnType<typeof swapDraft> = swapDraft(),
    changes: Parameters<typeof quoteAnswer>[0] = {},
  ): void {
    const body = { userPublicKey: trader, quoteResponse: quoteAnswer(changes) };
    const answer = {
      swapTransaction: base64({ ...draft, signatures: draft.signatures.map(() => "") }),
      lastValidBlockHeight: 350_000_150,
    };
    this.call("swap", { url: "https://api.jup.ag/swap/v1/swap", body }, answer, manner);
  }

  send(
    manner: Manner,
    draft: ReturnType<typeof swapDraft> = swapDraft(),
    answer: object = { result: draft.signatures[0] },
  ): void {
    this.call("send", sendRequest(draft), { id: 1, ...answer }, manner);
  }

  rpc(method: string, params: unknown[], answer: object, manner: Manner): void {
    this.call(
      method,
      { url: NODE, body: { jsonrpc: "2.0", id: 1, method, params } },
      { id: 1, ...answer },
      manner,
    );
  }

  /** @param value one status */
  poll(manner: Manner, value: unknown, of: string = signature(9)): void {
    this.rpc(
      "getSignatureStatuses",
      [[of]],
      { result: { context: { slot: 371_000_010 }, value: [value] } },
      manner,
    );
  }

  due(at: number): void {
    this.spans.push(...this.trades.due(T0 + at));
  }

  /** The roots so far. */
  get roots(): readonly Extract<Span, { kind: "root" }>[] {
    return this.spans.filter((span) => span.kind === "root");
  }

  /** Calls and phases by the trade that they are of. */
  childrenOf(trade: TradeRef<string> | undefined): readonly string[] {
    return this.spans.flatMap((span) => {
      if (span.kind === "root" || span.trade !== trade) return [];
      return span.kind === "call" ? span.call : span.name;
    });
  }
}

export function sendRequest(draft: ReturnType<typeof swapDraft>): { url: string; body: unknown } {
  return {
    url: NODE,
    body: {
      jsonrpc: "2.0",
      id: 1,
      method: "sendTransaction",
      params: [base64(draft), { encoding: "base64" }],
    },
  };
}

export const confirmed: object = {
  slot: 371_000_004,
  confirmations: 1,
  err: null,
  confirmationStatus: "confirmed",
};
export const reverted: object = {
  slot: 371_000_004,
  confirmations: 1,
  err: { InstructionError: [3, { Custom: 6001 }] },
  confirmationStatus: "confirmed",
};

/** A swap of another trade: other data, another blockhash, another signature. */
export function otherSwap(number: number): ReturnType<typeof swapDraft> {
  return swapDraft(
    { signatures: [signature(20 + number)], blockhash: key(100 + number) },
    new Uint8Array(27).fill(number),
  );
}
