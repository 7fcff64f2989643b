/**
 * Metrics of the aggregator's own process, under the names that Prometheus' client libraries use. Source: prom-client's
 * default metrics, https://github.com/siimon/prom-client, and https://prometheus.io/docs/instrumenting/writing_clientlibs/
 */
export const processMetrics = {
  buildInfo: {
    name: "slipstream_build_info",
    kind: "gauge",
    unit: "state",
    help: "1, with the version of Slipstream as a label.",
    labels: { version: "open" },
  },
  nodeVersion: {
    name: "nodejs_version_info",
    kind: "gauge",
    unit: "state",
    help: "1, with the version of Node as labels.",
    labels: { version: "open", major: "open", minor: "open", patch: "open" },
  },
  cpuUser: {
    name: "process_cpu_user_seconds_total",
    kind: "counter",
    unit: "seconds",
    help: "CPU time that the process has spent in its own code.",
  },
  cpuSystem: {
    name: "process_cpu_system_seconds_total",
    kind: "counter",
    unit: "seconds",
    help: "CPU time that the process has spent in the kernel.",
  },
  cpu: {
    name: "process_cpu_seconds_total",
    kind: "counter",
    unit: "seconds",
    help: "CPU time that the process has spent.",
  },
  startTime: {
    name: "process_start_time_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "When the process started, as Unix time.",
  },
  residentMemory: {
    name: "process_resident_memory_bytes",
    kind: "gauge",
    unit: "bytes",
    help: "Resident memory of the process, with all its threads.",
  },
  virtualMemory: {
    name: "process_virtual_memory_bytes",
    kind: "gauge",
    unit: "bytes",
    help: "Virtual memory of the process. Linux only.",
  },
  openFiles: {
    name: "process_open_fds",
    kind: "gauge",
    unit: "items",
    help: "Open file descriptors. Linux only.",
  },
  maxFiles: {
    name: "process_max_fds",
    kind: "gauge",
    unit: "items",
    help: "Most file descriptors that the process may open. Absent if there is no limit. Linux only.",
  },
  heapTotal: {
    name: "nodejs_heap_size_total_bytes",
    kind: "gauge",
    unit: "bytes",
    help: "Size of the main thread's heap.",
  },
  heapUsed: {
    name: "nodejs_heap_size_used_bytes",
    kind: "gauge",
    unit: "bytes",
    help: "Used part of the main thread's heap.",
  },
  externalMemory: {
    name: "nodejs_external_memory_bytes",
    kind: "gauge",
    unit: "bytes",
    help: "Memory outside of the heap that objects of the main thread hold.",
  },
  eventLoopLag: {
    name: "nodejs_eventloop_lag_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "How late the main thread's newest timer was.",
  },
  eventLoopLagMin: {
    name: "nodejs_eventloop_lag_min_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Least delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagMax: {
    name: "nodejs_eventloop_lag_max_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Greatest delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagMean: {
    name: "nodejs_eventloop_lag_mean_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Mean delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagStddev: {
    name: "nodejs_eventloop_lag_stddev_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Standard deviation of the delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagP50: {
    name: "nodejs_eventloop_lag_p50_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "Median delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagP90: {
    name: "nodejs_eventloop_lag_p90_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "90th percentile of the delay of the main thread's event loop since the last scrape.",
  },
  eventLoopLagP99: {
    name: "nodejs_eventloop_lag_p99_seconds",
    kind: "gauge",
    unit: "seconds",
    help: "99th percentile of the delay of the main thread's event loop since the last scrape.",
  },
  gcDuration: {
    name: "nodejs_gc_duration_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Duration of garbage collections of the main thread by kind.",
    labels: { kind: ["major", "minor", "incremental", "weakcb"] },
    buckets: [0.001, 0.01, 0.1, 1, 2, 5],
  },
} as const;
