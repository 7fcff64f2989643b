import { shippedRules } from "@slipstream/alerts";
import { createAggregator } from "../../aggregator.ts";

// An aggregator with the shipped rules of the circuit breaker, which clears at once and is told each time, until it is killed.
const [dataDir = "", port = "0", url = ""] = process.argv.slice(2);
const rules = shippedRules()
  .filter(({ id }) => id === "circuit-breaker-open")
  .map((rule) => ({ ...rule, clearForSeconds: 0, suppressSeconds: 0 }));
await createAggregator({ dataDir, port: Number(port), rules, channels: { hook: { type: "webhook", url } } });
