import { aggregatorMetrics } from "@slipstream/conventions";
import { gauge } from "@slipstream/engine";
import type { MetricFamily, MetricSource } from "@slipstream/exposition";
import type { ConnectionsStatus } from "./connections/connections.ts";
import type { Misdirected } from "./misdirected/misdirected.ts";

/** What is known of the server and of its clients. */
export interface HttpStatus {
  readonly connections: () => ConnectionsStatus;
  readonly misdirected: Pick<Misdirected, "status">;
}

/** What the aggregator knows of its connections, and of what is sent to the wrong place. */
export function httpMetrics({ connections, misdirected }: HttpStatus): MetricSource {
  return {
    collect: (): readonly MetricFamily[] => {
      const { open, limit, closed, acceptErrors, answerBytes } = connections();
      return [
        gauge(aggregatorMetrics.httpConnections, open),
        gauge(aggregatorMetrics.httpConnectionsLimit, limit),
        {
          definition: aggregatorMetrics.httpConnectionsClosed,
          samples: Object.entries(closed).map(([reason, value]) => ({ labels: { reason }, value })),
        },
        { definition: aggregatorMetrics.httpAcceptErrors, samples: [{ labels: {}, value: acceptErrors }] },
        gauge(aggregatorMetrics.httpAnswerBytes, answerBytes),
        {
          definition: aggregatorMetrics.misdirectedRequests,
          samples: misdirected.status().map(({ kind, count }) => ({ labels: { kind }, value: count })),
        },
      ];
    },
  };
}
