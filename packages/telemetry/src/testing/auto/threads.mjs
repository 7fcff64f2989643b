import { fork } from "node:child_process";
import { isMainThread, Worker } from "node:worker_threads";
import { trace } from "@opentelemetry/api";

const place = isMainThread ? (process.env.CHILD ? "child" : "service") : "worker";
for (let i = 0; i < 3; i += 1) trace.getTracer("service").startSpan(place).end();
if (place === "service") {
  new Worker(new URL(import.meta.url));
  fork(new URL(import.meta.url), { env: { ...process.env, CHILD: "1" } });
}
