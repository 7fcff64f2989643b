import { trace } from "@opentelemetry/api";

for (let i = 0; i < 100; i += 1) trace.getTracer("service").startSpan("work").end();
const [ending] = process.argv.slice(2);
if (ending === "process.exit") process.exit(7);
if (ending === "uncaught") throw new RangeError("the service's own mistake");
if (ending === "signal") {
  setInterval(() => {}, 1_000);
  console.log("ready");
}
