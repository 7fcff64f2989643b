import { createAggregator } from "../aggregator.ts";

// Starts an aggregator with the options that are its argument, and ends it.
const aggregator = await createAggregator(JSON.parse(process.argv[2] ?? "{}"));
await aggregator.close();
