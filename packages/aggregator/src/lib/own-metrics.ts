import { aggregatorMetrics } from "@slipstream/conventions";
import { gauge } from "@slipstream/engine";
import type { MetricFamily, MetricSource, NumberSample } from "@slipstream/exposition";
import type { Log } from "./log/log.ts";
import { printPosition } from "./log/position.ts";
import { lagSecondsOf, type Sink, type SinkStatus } from "./sinks/sink.ts";

/** What the aggregator knows of its own parts: the log and the sinks. */
export function ownMetrics(parts: {
  readonly log: Log;
  readonly sinks: readonly Sink[];
  /** Event time of the newest instant published, Unix ms; undefined before the first. */
  readonly publishedMs: () => number | undefined;
  /** How far times of receipt are ahead of the machine's clock, ms. */
  readonly aheadMs: () => number;
}): MetricSource {
  const { log, sinks, publishedMs, aheadMs } = parts;

  const ofSinks = (value: (status: SinkStatus) => number | undefined): readonly NumberSample[] =>
    sinks.flatMap((sink) => {
      const known = value(sink.status());
      return known === undefined ? [] : [{ labels: { sink: sink.name }, value: known }];
    });

  const lagSeconds = (status: SinkStatus): number | undefined => lagSecondsOf(status, publishedMs());

  return {
    collect: (): readonly MetricFamily[] => [
      {
        definition: aggregatorMetrics.sinkUp,
        samples: ofSinks(({ up }) => (up === null ? undefined : Number(up))),
      },
      { definition: aggregatorMetrics.sinkQueueItems, samples: ofSinks(({ queueItems }) => queueItems) },
      { definition: aggregatorMetrics.sinkDropped, samples: ofSinks(({ dropped }) => dropped) },
      { definition: aggregatorMetrics.sinkLag, samples: ofSinks(lagSeconds) },
      gauge(aggregatorMetrics.chainWatched, Number(sinks.some(({ name }) => name === "watcher"))),
      {
        definition: aggregatorMetrics.sinkWriter,
        samples: ofSinks(({ writer }) =>
          typeof writer?.held === "boolean" ? Number(writer.held) : undefined,
        ),
      },
      gauge(aggregatorMetrics.receiptAhead, Math.round(aheadMs()) / 1_000),
      gauge(aggregatorMetrics.logBytes, log.bytes),
      gauge(aggregatorMetrics.logPosition, Number(printPosition(log.position))),
    ],
  };
}
