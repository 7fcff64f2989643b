const { trace } = require("@opentelemetry/api");
const { pino } = require("pino");

const log = pino({ mixin: () => ({ desk: "a" }), base: null, timestamp: false });
trace.getTracer("service").startActiveSpan("work", (span) => {
  log.info({ pair: "SOL/USDC" }, "inside");
  log.child({ child: 1 }).error(new TypeError("no quote"));
  span.end();
});
log.info("outside");
