import { InstrumentSet } from "../lib/instruments/instrument-set.ts";

// What recording costs: nanoseconds and bytes of heap for each. Run with a young generation so large that nothing is
// collected meanwhile, and with --expose-gc.
const { handles } = new InstrumentSet();
const RECORDS = 2_000_000;
const values = Float64Array.from({ length: 1_024 }, (_, i) => 0.002 + ((i * 37) % 1_024) / 5_000);

const record = {
  histogram(i: number): void {
    handles.tradeExecutionLatency.record(values[i & 1_023] as number);
  },
  counter(): void {
    handles.trades.success.add(1);
  },
  gauge(i: number): void {
    handles.openPositions.set(values[i & 1_023] as number);
  },
};

function run(each: (i: number) => void): void {
  for (let i = 0; i < RECORDS; i += 1) each(i);
}

for (const [name, each] of Object.entries(record)) {
  for (let round = 0; round < 5; round += 1) run(each);
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  const start = process.cpuUsage().user;
  run(each);
  const nanoseconds = ((process.cpuUsage().user - start) * 1_000) / RECORDS;
  const bytes = (process.memoryUsage().heapUsed - heap) / RECORDS;
  console.log(JSON.stringify({ name, nanoseconds, bytes }));
}
