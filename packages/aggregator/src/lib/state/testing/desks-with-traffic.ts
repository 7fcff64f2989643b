import { attribute } from "@slipstream/conventions";
import { Desks, type EngineDuties, type EngineRecord } from "@slipstream/engine";
import { chain, FIRST_SLOT, sandwich, slotOf } from "@slipstream/testing/engine/chain";
import {
  metrics,
  point,
  resource,
  rpc,
  START_MS,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";

export const duties: EngineDuties = { trackSeen: true, history: true };

const RESERVES = { sol: 10n ** 12n, token: 10n ** 15n };
const services = ["", "beta"].map((desk) => ({ ...resource("desk", `instance of ${desk}`), desk }));
let second = 0;

/** What the next seconds bring, for two desks: trades, calls, gauges, values that are refused, and what is seen of the chain. */
export function moreTraffic(): readonly EngineRecord[] {
  const records: EngineRecord[] = [];
  for (let i = 0; i < 4; i++) {
    second += 3;
    const nowMs = START_MS + second * 1_000;
    const slot = FIRST_SLOT + second;
    const details = {
      [attribute.tradePair]: i % 2 === 0 ? "SOL/USDC" : "BONK/SOL",
      [attribute.tradeStatus]: i === 3 ? "failed" : "success",
      [attribute.tradeSizeUsd]: 2_000,
      [attribute.tradePnlUsd]: i === 2 ? 1.7e302 : 3.5,
      [attribute.tradeQuotedOut]: "1000000",
      [attribute.tradeActualOut]: "990000",
      [attribute.solanaPriorityFeeLamports]: 20_000,
      [attribute.solanaSignature]: `own-${second}`,
      [attribute.solanaSlot]: slot,
      [attribute.tradeSolUsd]: 150,
      [attribute.slipstreamSeq]: second,
      [attribute.mevProtection]: "jito",
    };
    for (const from of services) {
      records.push(
        traces(
          [
            trade(nowMs, details, { resource: from }),
            rpc(nowMs - 20, "getSlot", { resource: from, statusCode: i }),
          ],
          nowMs,
        ),
        metrics([point("openPositions", i, nowMs, { resource: from })], nowMs),
      );
    }
    const slots = [slotOf(slot, sandwich(slot, RESERVES, `own-${second}`, "mallory"))];
    if (i > 0) records.push(chain(nowMs, { slots, finalized: slot - 1 }));
    records.push(tick(nowMs + 1_000));
  }
  return records;
}

/** Desks of which every part has something to save. */
export function desksWithTraffic(): Desks {
  const desks = new Desks({ desks: { own: "", most: 2 }, dedupeSpans: 1_000, capitalUsd: 1_000 }, duties);
  for (let i = 0; i < 2; i++) for (const record of moreTraffic()) desks.apply(record);
  return desks;
}
