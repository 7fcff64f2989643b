/** Results of benchmarks, a row for each value that was measured. */
export const benchmarksTable = {
  name: "benchmarks",
  help: "A row for each value that a run of a benchmark measured.",
  partition: "MONTH",
  keepDays: 1_095,
  reserved: true,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Beginning of the run." },
    { name: "run", type: "text", key: true, help: "Id of the run." },
    { name: "scenario", type: "symbol", key: true, help: "throughput, latency, mev or database." },
    {
      name: "variant",
      type: "symbol",
      key: true,
      help: "What was measured: ours, or what it is compared with.",
    },
    { name: "metric", type: "symbol", key: true, help: "Name of the value." },
    { name: "value", type: "double", help: "The value." },
    { name: "unit", type: "symbol", help: "Its unit." },
    { name: "low", type: "double", help: "Lower bound of its 95 % interval." },
    { name: "high", type: "double", help: "Upper bound of its 95 % interval." },
    { name: "samples", type: "int", help: "Samples behind the value." },
    { name: "version", type: "symbol", help: "Slipstream's version." },
    { name: "machine", type: "symbol", help: "Processor, cores and memory." },
  ],
} as const;
