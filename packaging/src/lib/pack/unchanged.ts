import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.ts";

/** What a service is made of that knows nothing of Slipstream, beside the OpenTelemetry API. */
export const unchangedPackages: readonly string[] = ["pino@10.4.0", "@questdb/nodejs-client@4.2.0"];

const work = `trace.getTracer("service").startActiveSpan("work", (span) => {
  pino({ base: null, timestamp: false }).info({ followed: Sender.prototype.flush.name !== "flush" }, "inside");
  span.end();
});
`;
const programs: Readonly<Record<string, string>> = {
  "unchanged.mjs": `import { trace } from "@opentelemetry/api";
import { Sender } from "@questdb/nodejs-client";
import { pino } from "pino";
${work}`,
  "unchanged.cjs": `const { trace } = require("@opentelemetry/api");
const { Sender } = require("@questdb/nodejs-client");
const { pino } = require("pino");
${work}`,
};
const flags = ["--import", "--require"] as const;

/** The services that are run, as they call themselves. */
export const unchangedServices: readonly string[] = Object.keys(programs).flatMap((program) =>
  flags.map((flag) => `${program} ${flag}`),
);

/**
 * Runs services that are observed by one flag. Each sends one span, and its line names the trace.
 *
 * @throws Error if a service says anything else, or anything on stderr
 */
export async function runUnchanged(folder: string, node: string, endpoint: string): Promise<void> {
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(folder, program), text);
    for (const flag of flags) {
      const env = {
        ...process.env,
        OTEL_SERVICE_NAME: `${program} ${flag}`,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      };
      const args = [flag, "@slipstream/telemetry/auto", join(folder, program)];
      const { stdout, stderr } = await run(node, args, { cwd: folder, env, timeout: 60_000 });
      const isObserved =
        /^\{"level":30,"trace_id":"[\da-f]{32}","span_id":"[\da-f]{16}","followed":true,"msg":"inside"\}\n$/.test(
          stdout,
        );
      if (!isObserved || stderr !== "")
        throw new Error(`${program} with ${flag} printed: ${stdout}${stderr}`);
    }
  }
}

/** An older Node runs the service all the same, and one line says why it is not observed. */
export async function runUnobserved(folder: string, node: string, version: string): Promise<void> {
  for (const program of ["old.mjs", "old.cjs"]) {
    writeFileSync(join(folder, program), 'console.log("inside");\n');
    for (const flag of flags) {
      const args = [flag, "@slipstream/telemetry/auto", join(folder, program)];
      const { stdout, stderr } = await run(node, args, { cwd: folder, timeout: 60_000 });
      const isSaid = stderr.includes(`needs Node 20.19, 22.12 or later, and this is v${version}`);
      if (stdout !== "inside\n" || !isSaid)
        throw new Error(`${program} with ${flag} on Node ${version} printed: ${stdout}${stderr}`);
    }
  }
}
