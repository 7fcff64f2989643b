import { aggregatorMetrics, processMetrics, serviceMetrics } from "@slipstream/conventions";
import type { DashboardRow, DashboardSpec } from "../build/dashboard.ts";
import { upStates, writerStates } from "../build/mappings.ts";
import { ruleThreshold } from "../build/thresholds.ts";
import { units } from "../build/units.ts";
import { aggregator, dataSource, desk, instance, job } from "../build/variables.ts";
import { stat } from "../panels/stat.ts";
import { stateTimeline } from "../panels/state-timeline.ts";
import { timeSeries } from "../panels/time-series.ts";
import { perMinute, rate, reported, share, sum, sumBy } from "../promql/functions.ts";
import { collectorMetrics, prometheusMetrics } from "../promql/other-metrics.ts";
import { ofAggregator, ofDesk, ofOthers, ofServices } from "../promql/series.ts";
import { newest, promql } from "../queries/promql.ts";
import { NO_AGGREGATOR, NO_SERVICE_METRICS } from "./no-data.ts";

const { cpuUsage, memoryUsage, memoryLimit, activeConnections, dependencyUp, processUp } = serviceMetrics;
const {
  completeness,
  missingSpans,
  spans,
  serviceSilence,
  clockBehind,
  valuesRefused,
  sinkUp,
  sinkWriter,
  sinkQueueItems,
  sinkDropped,
  sinkLag,
  logBytes,
  logPosition,
  watermark,
  httpConnections,
  httpConnectionsLimit,
  httpConnectionsClosed,
  httpAnswerBytes,
  misdirectedRequests,
  leftOut,
  canary,
} = aggregatorMetrics;
const process = ["job", "instance"] as const;
const PROCESS = "{{job}} {{instance}}";
const NO_COLLECTOR = "Prometheus does not scrape a Collector.";
const SERVICE_METRICS = "metrics.md#from-a-trading-service-and-from-the-aggregator-under-its-own-job";

/** Do services, Collector, aggregator and stores run, and does everything arrive? */
export function health(): DashboardSpec {
  return {
    uid: "slipstream-health",
    title: "Slipstream: Services and pipeline health",
    description:
      "Do services, Collector, aggregator and stores run, and does everything arrive that was sent?",
    last: "1h",
    refresh: "30s",
    variables: [dataSource("metrics"), aggregator(), desk(), job(), instance()],
    rows: [services, arrival, aggregatorRow, sinks, collector, prometheus],
  };
}

const services: DashboardRow = {
  title: "Trading services, as they report it themselves, for two minutes after their last report",
  panels: [
    timeSeries({
      title: "CPU",
      shows: "CPU time of each process, as a percentage of one core.",
      whenBad:
        "At 100 % JavaScript's one thread is full: latency follows. Profile the service, or run another one.",
      noData: NO_SERVICE_METRICS,
      page: SERVICE_METRICS,
      width: 8,
      unit: units.percent,
      min: 0,
      queries: [promql(reported(ofServices(cpuUsage)), PROCESS)],
    }),
    timeSeries({
      title: "Memory",
      shows: "Resident memory of each process.",
      whenBad: "A line that rises for hours is a leak: restart at a quiet time, and take a heap snapshot.",
      noData: NO_SERVICE_METRICS,
      page: SERVICE_METRICS,
      width: 8,
      unit: units.bytes,
      min: 0,
      queries: [promql(reported(ofServices(memoryUsage)), PROCESS)],
    }),
    timeSeries({
      title: "Memory used of the limit",
      shows:
        "Resident memory of each process as a share of what it may use: the limit of its container, or the machine's memory.",
      whenBad:
        "The process is killed when it reaches its limit. Restart it at a quiet time, or raise the limit.",
      noData: NO_SERVICE_METRICS,
      page: "alerts.md#shipped-rules",
      width: 8,
      unit: units.ratio,
      min: 0,
      limits: { warning: ruleThreshold("memory-high") },
      queries: [
        promql(
          share(
            sumBy(process, reported(ofServices(memoryUsage))),
            sumBy(process, reported(ofServices(memoryLimit))),
          ),
          PROCESS,
        ),
      ],
    }),
    timeSeries({
      title: "Connections to data stores",
      shows: "Open connections of each process, by data store.",
      whenBad: "Rising: connections are opened and not given back. 0: see whether the data store is reached.",
      noData: `${NO_SERVICE_METRICS} Or they do not call \`setConnections\`.`,
      page: SERVICE_METRICS,
      width: 8,
      unit: units.connections,
      min: 0,
      queries: [promql(reported(ofServices(activeConnections)), `{{type}} ${PROCESS}`)],
    }),
    stateTimeline({
      title: "Data stores that services reach",
      shows: "Whether each process reaches its data stores. Where nothing is drawn, it does not say.",
      whenBad: "down: check the data store, and the network between it and the service.",
      noData: `${NO_SERVICE_METRICS} Or they do not call \`setDependencyUp\`.`,
      page: "alerts.md#shipped-rules",
      width: 8,
      height: 8,
      mappings: upStates,
      queries: [promql(reported(ofServices(dependencyUp)), `{{type}} ${PROCESS}`)],
    }),
    stateTimeline({
      title: "Processes",
      shows:
        "up while a process sends metrics; down in the last ones of a process that ends in an orderly way. One that was killed stays up for two minutes after its last metrics, and then just stops.",
      whenBad: "A process that stopped without down: it was killed, or its network failed.",
      noData: NO_SERVICE_METRICS,
      page: SERVICE_METRICS,
      width: 8,
      height: 8,
      mappings: upStates,
      queries: [promql(reported(ofServices(processUp)), PROCESS)],
    }),
  ],
};

const arrival: DashboardRow = {
  title: "What arrives at the aggregator",
  panels: [
    timeSeries({
      title: "Completeness",
      shows:
        "Spans that arrived of those that the service's processes ended, since they began. A batch that is on its way is missing for a moment.",
      whenBad:
        "Look for drops in this order: the service's exporter, the Collector below, the network. All statistics speak of the spans that arrived.",
      noData: "Spans are not numbered: the service does not use Slipstream's telemetry.",
      page: "alerts.md#shipped-rules",
      width: 8,
      unit: units.ratio,
      decimals: 2,
      max: 1,
      limits: { badBelow: true, warning: ruleThreshold("completeness-low") },
      queries: [promql(ofDesk(completeness), "{{service}}")],
    }),
    timeSeries({
      title: "Missing spans",
      shows: "Spans that ended and have not arrived yet.",
      whenBad: "A number that stays is lost for good. One that falls is a backlog that arrives.",
      noData: "Spans are not numbered: the service does not use Slipstream's telemetry.",
      page: "alerts.md#shipped-rules",
      width: 8,
      unit: units.spans,
      min: 0,
      queries: [promql(ofDesk(missingSpans), "{{service}}")],
    }),
    timeSeries({
      title: "Spans by what happened to them",
      shows:
        "Spans per second. duplicate: they came twice and count once. late: their instant was published before, and is amended. refused: they could not be true.",
      whenBad:
        "refused: see the values refused beside it. Many duplicates: somebody sends again and again, because no answer arrives.",
      noData: "No span has arrived.",
      page: "architecture.md#time",
      width: 8,
      unit: units.perSecond,
      min: 0,
      queries: [promql(sumBy(["state"], rate(ofDesk(spans))), "{{state}}")],
    }),
    timeSeries({
      title: "Silence of services",
      shows: "Time since the newest data of each service. 0 if all its processes said that they end.",
      whenBad: "Check whether the service runs, and whether it reaches the Collector or the aggregator.",
      noData: "No service has ever sent anything.",
      page: "alerts.md#shipped-rules",
      width: 8,
      unit: units.seconds,
      min: 0,
      limits: { warning: ruleThreshold("service-silent") },
      queries: [promql(ofDesk(serviceSilence), "{{service}}")],
    }),
    timeSeries({
      title: "Values refused",
      shows:
        "Values since the log began that cannot be true and were not counted, by service, attribute and reason. A line that rises is happening now.",
      whenBad: "The service sends something wrong: the documentation says what each reason means.",
      noData: "Nothing was refused, or Prometheus does not reach the aggregator.",
      page: "attributes.md#what-is-not-counted",
      width: 8,
      unit: units.items,
      min: 0,
      queries: [
        promql(
          sumBy(["service", "attribute", "reason"], ofDesk(valuesRefused)),
          "{{service}} {{attribute}}: {{reason}}",
        ),
      ],
    }),
    timeSeries({
      title: "Clocks behind",
      shows: "How far each service's clock is behind the aggregator's, at its worst process.",
      whenBad:
        "Above 10 s its events are placed later than they say. Set the clock (chrony, systemd-timesyncd).",
      noData: "It takes six receipts over four seconds to know.",
      page: "architecture.md#time",
      width: 8,
      unit: units.seconds,
      min: 0,
      queries: [promql(ofDesk(clockBehind), "{{service}}")],
    }),
  ],
};

const aggregatorRow: DashboardRow = {
  title: "Aggregator",
  panels: [
    stat({
      title: "Reached",
      shows: "Whether Prometheus reaches the aggregator.",
      whenBad: "Check whether it runs, what its log says, and the address and the token that Prometheus has.",
      noData: "Prometheus is not configured to scrape this aggregator.",
      page: "deploy.md",
      width: 4,
      height: 8,
      mappings: upStates,
      queries: [newest(ofAggregator(prometheusMetrics.up), "aggregator")],
    }),
    stat({
      title: "Version",
      shows: "The version that runs.",
      whenBad: "After an upgrade the old one is still shown: the process was not restarted.",
      noData: NO_AGGREGATOR,
      page: "upgrade.md",
      width: 4,
      height: 8,
      names: true,
      queries: [newest(ofAggregator(processMetrics.buildInfo), "{{version}}")],
    }),
    timeSeries({
      title: "How far statistics are behind",
      shows: "Time between now and the event time up to which statistics are complete.",
      whenBad:
        "A few seconds are usual. If it grows: a backlog arrives (spans above), nothing is sent, or the CPU is full.",
      noData: "No data has arrived yet.",
      page: "architecture.md#time",
      width: 8,
      unit: units.seconds,
      min: 0,
      limits: { warning: 30 },
      queries: [promql(`time() - ${ofDesk(watermark)}`, "behind")],
    }),
    timeSeries({
      title: "Records and the log",
      shows: "Records per second that are written to the log, and the log's size (right).",
      whenBad:
        "The log drops its oldest part at `logMaxBytes`, which is no fault. No records at all: intake answers 503, and `/readyz` says why.",
      noData: NO_AGGREGATOR,
      page: "reliability.md#what-is-bounded",
      width: 8,
      unit: units.perSecond,
      min: 0,
      right: { series: "log", unit: units.bytes },
      queries: [promql(rate(ofAggregator(logPosition)), "records"), promql(ofAggregator(logBytes), "log")],
    }),
    timeSeries({
      title: "CPU of the aggregator",
      shows: "CPU time of all its threads, in cores.",
      whenBad: "Near 1: its main thread may be full. See the delay of the event loop beside it.",
      noData: NO_AGGREGATOR,
      page: "performance.md#the-aggregator-at-a-desks-load",
      width: 8,
      unit: units.cores,
      decimals: 2,
      min: 0,
      queries: [
        promql(rate(ofAggregator(processMetrics.cpuUser)), "own code"),
        promql(rate(ofAggregator(processMetrics.cpuSystem)), "kernel"),
      ],
    }),
    timeSeries({
      title: "Memory of the aggregator",
      shows: "Resident memory with all threads, and the used heap of the main thread.",
      whenBad: "It is bounded and stays level after hours. If it rises for a day, please report it.",
      noData: NO_AGGREGATOR,
      page: "performance.md#the-aggregator-at-a-desks-load",
      width: 8,
      unit: units.bytes,
      min: 0,
      queries: [
        promql(ofAggregator(processMetrics.residentMemory), "resident"),
        promql(ofAggregator(processMetrics.heapUsed), "heap used"),
      ],
    }),
    timeSeries({
      title: "Delay of the event loop",
      shows:
        "How late the main thread's timers were since the last scrape: 99 % of them were less late than P99, and one was as late as the largest.",
      whenBad:
        "Above a second, health checks and acknowledgements wait too: give it a faster core, or send less.",
      noData: NO_AGGREGATOR,
      page: "metrics.md#of-the-aggregators-own-process",
      width: 8,
      unit: units.seconds,
      min: 0,
      queries: [
        promql(ofAggregator(processMetrics.eventLoopLagP99), "P99"),
        promql(ofAggregator(processMetrics.eventLoopLagMax), "largest"),
      ],
    }),
    timeSeries({
      title: "HTTP connections",
      shows: "Connections that are open, and how many may be.",
      whenBad: "At the limit new clients wait: who opens so many? Clients should keep one open.",
      noData: NO_AGGREGATOR,
      page: "http.md#limits",
      width: 8,
      unit: units.connections,
      min: 0,
      queries: [
        promql(ofAggregator(httpConnections), "open"),
        promql(ofAggregator(httpConnectionsLimit), "limit"),
      ],
    }),
    timeSeries({
      title: "Connections that were closed",
      shows: "Connections per minute that the aggregator closed, by reason.",
      whenBad: "slow or unread: clients or networks that hang. idle or full: more clients than connections.",
      noData: NO_AGGREGATOR,
      page: "http.md#limits",
      width: 8,
      unit: units.perMinute,
      min: 0,
      queries: [
        promql(perMinute(sumBy(["reason"], rate(ofAggregator(httpConnectionsClosed)))), "{{reason}}"),
      ],
    }),
    timeSeries({
      title: "Sent to the wrong place, or left out",
      shows:
        "Requests per minute that were misdirected, by kind, and data of desks that have no place. No statistic counts them.",
      whenBad: "`slipstream doctor` has the remedy of each kind. Desks: raise `maxDesks`.",
      noData: NO_AGGREGATOR,
      page: "stores.md#several-desks",
      width: 8,
      unit: units.perMinute,
      min: 0,
      queries: [
        promql(perMinute(sumBy(["kind"], rate(ofAggregator(misdirectedRequests)))), "{{kind}}"),
        promql(perMinute(sumBy(["items"], rate(ofAggregator(leftOut)))), "{{items}} of other desks"),
      ],
    }),
    timeSeries({
      title: "Answers that wait",
      shows: "Bytes of answers that clients have not taken yet. At most 32 MiB.",
      whenBad: "A client that reads slowly: it is cut off after 30 s without progress.",
      noData: NO_AGGREGATOR,
      page: "reliability.md#what-is-bounded",
      width: 12,
      height: 5,
      unit: units.bytes,
      min: 0,
      queries: [promql(ofAggregator(httpAnswerBytes), "waiting")],
    }),
    timeSeries({
      title: "Canary",
      shows:
        "Time that the newest test trade of `slipstream doctor --watch` took to each part of the pipeline. It counts in no statistic.",
      whenBad:
        "The part that takes longest, or has no line any more, is where data is late or lost: `slipstream doctor` says what to do.",
      noData: "No canary is sent: run `slipstream doctor --watch`.",
      page: "metrics.md",
      width: 12,
      height: 5,
      unit: units.seconds,
      min: 0,
      queries: [promql(ofAggregator(canary), "{{part}}")],
    }),
  ],
};

const sinks: DashboardRow = {
  title: "Sinks: Redis, QuestDB, the embedded stores, verdicts in traces, the chain",
  panels: [
    stateTimeline({
      title: "Sinks that work",
      shows:
        "Whether the last write to each sink succeeded. traces: whether verdicts are taken where they are sent to, usually the Collector; it keeps them while the trace store is away. watcher: whether blocks can be read.",
      whenBad:
        "down: check the store; the aggregator's log says why writes fail. Nothing is lost while the log keeps it.",
      noData: NO_AGGREGATOR,
      page: "stores.md",
      width: 12,
      mappings: upStates,
      queries: [promql(ofAggregator(sinkUp), "{{sink}}")],
    }),
    stateTimeline({
      title: "Who writes",
      shows: "Whether this aggregator has the lease to write to the store.",
      whenBad: "If another one writes by mistake, give one of the two a prefix of its own.",
      noData: "Neither Redis nor QuestDB is configured.",
      page: "stores.md#one-writer",
      width: 12,
      mappings: writerStates,
      queries: [promql(ofAggregator(sinkWriter), "{{sink}}")],
    }),
    timeSeries({
      title: "How far sinks are behind",
      shows: "Event time between the newest data and the newest that is written to each sink.",
      whenBad: "Check the store's load. After it was away, the backlog is written within seconds.",
      noData: "Nothing has been written yet.",
      page: "alerts.md#shipped-rules",
      width: 8,
      unit: units.seconds,
      min: 0,
      limits: { warning: ruleThreshold("sink-behind") },
      queries: [promql(ofAggregator(sinkLag), "{{sink}}")],
    }),
    timeSeries({
      title: "Queues of sinks",
      shows: "Items that wait to be written to each sink.",
      whenBad: "They grow: the store is slower than the desk trades, or away.",
      noData: NO_AGGREGATOR,
      page: "stores.md",
      width: 8,
      unit: units.items,
      min: 0,
      queries: [promql(ofAggregator(sinkQueueItems), "{{sink}}")],
    }),
    timeSeries({
      title: "Dropped by sinks",
      shows:
        "Items dropped since the aggregator's log began. questdb: rows that were deleted before they could be written. traces: verdicts that were refused. watcher: slots that could not be read.",
      whenBad: "A step up is data that the sink will never have. The embedded store may still have it.",
      noData: NO_AGGREGATOR,
      page: "stores.md",
      width: 8,
      unit: units.items,
      min: 0,
      queries: [promql(ofAggregator(sinkDropped), "{{sink}}")],
    }),
  ],
};

const collector: DashboardRow = {
  title: "Collector",
  panels: [
    timeSeries({
      title: "Spans and metric points, received",
      shows: "Items per second that the Collector took from services, and those that it refused.",
      whenBad:
        "refused: its memory is full. Services keep what was refused and send it again; give it more memory.",
      noData: NO_COLLECTOR,
      page: "deploy.md",
      width: 8,
      unit: units.perSecond,
      min: 0,
      queries: [
        promql(sum(rate(ofOthers(collectorMetrics.acceptedSpans))), "spans"),
        promql(sum(rate(ofOthers(collectorMetrics.acceptedPoints))), "metric points"),
        promql(sum(rate(ofOthers(collectorMetrics.refusedSpans))), "spans refused"),
        promql(sum(rate(ofOthers(collectorMetrics.refusedPoints))), "metric points refused"),
      ],
    }),
    timeSeries({
      title: "Spans sent",
      shows: "Spans per second that were delivered, by where they go.",
      whenBad: "One destination falls to 0 while others go on: it is away, and its queue beside it grows.",
      noData: `${NO_COLLECTOR} Or nothing has been sent yet.`,
      page: "deploy.md",
      width: 8,
      unit: units.perSecond,
      min: 0,
      queries: [promql(sumBy(["exporter"], rate(ofOthers(collectorMetrics.sentSpans))), "{{exporter}}")],
    }),
    timeSeries({
      title: "Queues of the Collector, filled",
      shows: "How full each queue on the Collector's disk is.",
      whenBad:
        "It fills while its destination is away, and empties afterwards. At 100 % services are refused, and keep what they could not send; what the trace store (otlp_grpc/store) was to get is lost.",
      noData: NO_COLLECTOR,
      page: "deploy.md",
      width: 8,
      unit: units.ratio,
      decimals: 2,
      min: 0,
      limits: { warning: 0.5, critical: 0.9 },
      queries: [
        promql(
          share(ofOthers(collectorMetrics.queueSize), ofOthers(collectorMetrics.queueCapacity)),
          "{{exporter}} {{data_type}}",
        ),
      ],
    }),
    timeSeries({
      title: "Lost by the Collector",
      shows:
        "Items since the Collector began that a destination refused for good, or that found no place in a queue. They are lost on this way.",
      whenBad:
        "A step up is a loss at that time, and the Collector's log names the answer. Spans that the aggregator misses show in completeness above.",
      noData: `Nothing was lost: the Collector reports these only once something is. Or: ${NO_COLLECTOR}`,
      page: "deploy.md",
      width: 8,
      unit: units.items,
      min: 0,
      queries: [
        promql(sumBy(["exporter"], ofOthers(collectorMetrics.failedSpans)), "spans to {{exporter}}"),
        promql(sumBy(["exporter"], ofOthers(collectorMetrics.failedPoints)), "metric points to {{exporter}}"),
        promql(
          sumBy(["exporter"], ofOthers(collectorMetrics.notQueuedSpans)),
          "spans not queued for {{exporter}}",
        ),
        promql(
          sumBy(["exporter"], ofOthers(collectorMetrics.notQueuedPoints)),
          "metric points not queued for {{exporter}}",
        ),
      ],
    }),
    timeSeries({
      title: "Traces that wait for their decision",
      shows:
        "Traces in the Collector's memory until it decides which to keep, and those per minute that had to leave before (right).",
      whenBad:
        "Traces that leave too early are judged by what had arrived: raise `num_traces`, or shorten `decision_wait`.",
      noData: NO_COLLECTOR,
      page: "deploy.md",
      width: 8,
      unit: units.count,
      min: 0,
      right: { series: "left too early", unit: units.perMinute },
      queries: [
        promql(ofOthers(collectorMetrics.tracesWaiting), "waiting"),
        promql(perMinute(rate(ofOthers(collectorMetrics.droppedTooEarly))), "left too early"),
      ],
    }),
    timeSeries({
      title: "CPU and memory of the Collector",
      shows: "Resident memory, and CPU time in cores (right).",
      whenBad:
        "Near its memory limit it refuses data: raise SLIPSTREAM_COLLECTOR_MEMORY_MIB, and GOMEMLIMIT with it.",
      noData: NO_COLLECTOR,
      page: "deploy.md",
      width: 8,
      unit: units.bytes,
      min: 0,
      right: { series: "CPU", unit: units.cores },
      queries: [
        promql(ofOthers(collectorMetrics.memory), "memory"),
        promql(rate(ofOthers(collectorMetrics.cpuSeconds)), "CPU"),
      ],
    }),
  ],
};

const prometheus: DashboardRow = {
  title: "Prometheus",
  panels: [
    stateTimeline({
      title: "Targets",
      shows: "Whether Prometheus reaches what it scrapes.",
      whenBad:
        "down: panels about that part show nothing until it is back. Check whether it runs, and its address in `prometheus/targets`.",
      noData: "Prometheus scrapes nothing.",
      page: "deploy.md",
      width: 12,
      mappings: upStates,
      queries: [promql(ofOthers(prometheusMetrics.up), PROCESS)],
    }),
    timeSeries({
      title: "How long scrapes take",
      shows: "Time that Prometheus needs for each target.",
      whenBad: "Near the scrape timeout (10 s), samples are lost: there are too many series.",
      noData: "Prometheus scrapes nothing.",
      page: "deploy.md",
      width: 12,
      height: 6,
      unit: units.seconds,
      min: 0,
      queries: [promql(ofOthers(prometheusMetrics.scrapeDuration), PROCESS)],
    }),
    timeSeries({
      title: "Samples stored",
      shows: "Samples per second that Prometheus stores.",
      whenBad: "A sudden rise: a label with too many values.",
      noData: "Prometheus does not scrape itself.",
      page: "deploy.md",
      width: 12,
      unit: units.perSecond,
      min: 0,
      queries: [promql(sum(rate(ofOthers(prometheusMetrics.samplesAppended))), "samples")],
    }),
    timeSeries({
      title: "Samples that Prometheus refused",
      shows: "Samples per minute that came out of order or too late. Each takes its whole batch with it.",
      whenBad:
        "Two processes send the same series: `service.instance.id` has to be unique. Or a backlog is older than `out_of_order_time_window`.",
      noData: "Prometheus does not scrape itself.",
      page: "deploy.md",
      width: 12,
      unit: units.perMinute,
      min: 0,
      queries: [
        promql(perMinute(sum(rate(ofOthers(prometheusMetrics.outOfOrder)))), "out of order"),
        promql(perMinute(sum(rate(ofOthers(prometheusMetrics.tooOld)))), "too old"),
      ],
    }),
  ],
};
