import { setTimeout as sleep } from "node:timers/promises";
import type { DecodedBlock } from "@slipstream/mev";
import type { AggregatorClient } from "../client/aggregator-client.ts";
import { sendSpans } from "./send-spans.ts";
import { ingestServiceName, tradeSpans } from "./trade-spans.ts";

/** What became of the trades that were sent, as the aggregator counts them. */
export interface Sent {
  readonly trades: number;
  /** Not seen before. */
  readonly added: number;
  /** Seen before: changed nothing. */
  readonly known: number;
  readonly refused: number;
  /** Why the first was refused. */
  readonly reason?: string;
}

/**
 * Sends a block's swaps as trades and waits until the aggregator has counted them.
 * @param blockTime Unix seconds.
 * @throws ClientError
 */
export async function ingestBlock(
  block: DecodedBlock,
  blockTime: number,
  client: AggregatorClient,
  onProgress?: (sent: number, all: number) => void,
): Promise<Sent> {
  const spans = tradeSpans(block.swaps, blockTime);
  const before = await counts(client);
  const { refused, reason } = await sendSpans(spans, {
    client,
    serviceName: ingestServiceName,
    onProgress: (sent) => onProgress?.(sent, spans.length),
  });
  const after = await countsOf(client, before, spans.length - refused);
  return {
    trades: spans.length,
    added: after.received - before.received,
    known: after.duplicate - before.duplicate,
    refused,
    ...(reason === undefined ? {} : { reason }),
  };
}

interface Counts {
  readonly received: number;
  readonly duplicate: number;
}

async function counts(client: AggregatorClient): Promise<Counts> {
  const { services } = await client.current();
  return services[ingestServiceName] ?? { received: 0, duplicate: 0 };
}

/** The answer to a request says that it is safe in the log; the statistics follow a moment later. */
async function countsOf(client: AggregatorClient, before: Counts, spans: number): Promise<Counts> {
  for (let attempt = 0; ; attempt++) {
    const now = await counts(client);
    const counted = now.received + now.duplicate - before.received - before.duplicate;
    if (counted >= spans || attempt === 100) return now;
    await sleep(50);
  }
}
