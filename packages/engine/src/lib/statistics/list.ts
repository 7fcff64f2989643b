import { callKinds, failureLabels, tradeLabels } from "@slipstream/conventions";
import type { EngineOptions } from "../options.ts";
import { Breaker } from "./breaker.ts";
import { CallsByService } from "./by-label/calls-by-service.ts";
import { FailuresBy } from "./by-label/failures-by.ts";
import { MevBy } from "./by-label/mev-by.ts";
import { TradesBy } from "./by-label/trades-by.ts";
import { confirmation } from "./confirmation.ts";
import { connections, DataStores, dependencies } from "./data-stores.ts";
import { databaseLatency } from "./database-latency.ts";
import { jupiterLatency } from "./jupiter-latency.ts";
import { Mev } from "./mev.ts";
import { MevUnknown } from "./mev-unknown.ts";
import { NodeErrors } from "./node-errors.ts";
import { nodeLatency } from "./node-latency.ts";
import { Operations } from "./operations.ts";
import { Pnl } from "./pnl.ts";
import { Positions } from "./positions.ts";
import { PriorityFees } from "./priority-fees.ts";
import { Processes } from "./processes.ts";
import { ServiceSilence } from "./service-silence.ts";
import { SlippageAccuracy } from "./slippage-accuracy.ts";
import { SlippageError } from "./slippage-error.ts";
import type { Statistic } from "./statistic.ts";
import { TradeFailures } from "./trade-failures.ts";
import { tradeLatency } from "./trade-latency.ts";
import { Trades } from "./trades.ts";
import { UnknownStatus } from "./unknown-status.ts";

/** Every statistic, in the order they are shown. A new one is a file and a line here. */
export function createStatistics(options: EngineOptions): readonly Statistic[] {
  return [
    tradeLatency(options),
    nodeLatency(options),
    jupiterLatency(options),
    databaseLatency(options),
    confirmation(options),
    new Trades(options),
    new UnknownStatus(),
    new TradeFailures(),
    ...tradeLabels.map((label) => new TradesBy(label, options)),
    ...failureLabels.map((label) => new FailuresBy(label, options)),
    ...callKinds.map((kind) => new CallsByService(kind, options)),
    new NodeErrors(options),
    new SlippageAccuracy(options),
    new SlippageError(options),
    new Mev(options),
    new MevUnknown(options),
    ...tradeLabels.map((label) => new MevBy(label, options)),
    new Breaker(options),
    new Positions(options),
    new PriorityFees(),
    new Pnl(options),
    new DataStores(connections, options),
    new DataStores(dependencies, options),
    new Processes(options),
    new Operations(options),
    new ServiceSilence(),
  ];
}
