import { eventually } from "@slipstream/testing/eventually";
import { z } from "zod";
import { root } from "../manifests/workspace.ts";
import type { Session } from "./session.ts";
import type { Step } from "./step.ts";

const ready = /Ctrl-C ends it/;
const start: Step = { start: "npx slipstream aggregate", until: ready };
const aggregate: Step = { given: "npx slipstream aggregate", until: ready };
const ofExamples = "packaging/src/examples.integration.test.ts";
const systemd = "needs root, systemd and a published package; deploy.test.ts checks the unit";
const docker = "needs a container engine; deploy.test.ts checks what the image is made of";
const stack: Step = {
  notRun: "npm ci && npm run stack",
  why: "it installs programs for minutes; npm run test:stack runs it",
};
const diagram = "a diagram";
const unchanged = "a service of one's own; pack.main.ts tries packed packages on unchanged services";
const hours = "takes hours";
const extending = "packages/aggregator/src/lib";

/** What is done with each example of each page, in the order of the page. A page without examples is not here. */
export const plan: Readonly<Record<string, readonly Step[]>> = {
  "docs/auto.md": [
    { notRun: "npm install @slipstream/telemetry @opentelemetry/api", why: unchanged, block: true },
    { notRun: "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9480", why: "a variable of a service" },
    {
      notRun: "SLIPSTREAM_METRICS_PORT=9464 node --import @slipstream/telemetry/auto service.js",
      why: unchanged,
      block: true,
    },
  ],
  "README.md": [
    { start: "npm ci && npm start", as: "npm start", cwd: root, until: /trades\/min/ },
    { notRun: "docker compose up", why: docker },
    stack,
    { elsewhere: "npm ci && npm test", file: ".ci/run", text: 'section "npm test" npm test' },
    { output: /sandwiched by \S+: \S+ of \$[\d,.]+ lost \$[\d.]+ \(\d+ bps\) in slot \d+/ },
    { output: /\[WARNING\] High Trade Latency/ },
    { run: "curl http://127.0.0.1:9480/metrics", expect: /^trades_total\{status="success"\} \d+$/m },
    { run: "curl http://127.0.0.1:9480/api/current", expect: /"trade_latency_p99":\{"value":\d/ },
    {
      run: "npx slipstream top",
      as: "timeout --preserve-status -s INT 6 npx slipstream top",
      expect: /trades\/min; \d+ ok/,
      exit: 130,
    },
    { run: "npx slipstream alerts", expect: /alerts? firing.*; \d+ rules on/ },
    { run: "npx slipstream doctor", expect: /ok {4}Aggregator/ },
    { run: "npx slipstream mev report --data .slipstream/demo", expect: /^What to change$/m },
    { output: /Verdicts +\d+ impacted, \d+ avoided, \d+ clean, \d+ unknown/ },
    start,
    { output: /OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:\d+/ },
    {
      elsewhere: 'import { setUp } from "@slipstream/telemetry";',
      file: ofExamples,
      text: 'runExample("service-telemetry"',
    },
    {
      elsewhere: 'import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";',
      file: ofExamples,
      text: 'runExample("service-monitor"',
    },
    {
      run: "npx slipstream ingest-block block.json",
      as: "npx slipstream ingest-block block.json --data other",
      expect: /Sent \d+ trades? to .*new/,
    },
    { run: "npx slipstream detect block.json", expect: /[1-9]\d* sandwich(es)?/ },
    {
      start: "npx slipstream aggregate --rpc https://NODE/KEY",
      as: "npx slipstream aggregate --rpc http://127.0.0.1:8899/KEY",
      until: ready,
    },
    {
      given: `cd ${root} && OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9480 npm start --workspace examples/service-telemetry -- 20`,
    },
    { run: "npx slipstream mev report", expect: /^Verdicts/m, later: true },
    {
      run: "npx slipstream mev explain TRADE",
      as: async (session) => `npx slipstream mev explain ${await anyTrade(session)}`,
      expect: /verdict/i,
    },
    {
      run: "npx slipstream mev advise --pair SOL/USDC --size 5000 --urgency high",
      expect: /not enough data/,
    },
    { run: "npx slipstream history trades --pair SOL/USDC --from 2h", expect: /SOL\/USDC/ },
    {
      run: "npx slipstream history latency_percentiles --operation solana.rpc --json",
      expect: /^\[/m,
    },
    {
      run: "curl 'http://127.0.0.1:9480/api/history?statistic=trade_latency_p99&from=2026-03-01T10:00:00Z'",
      expect: /"points":\[/,
      later: true,
    },
    { code: 'import { defineConfig } from "@slipstream/cli";', file: "slipstream.config.ts", expect: /^$/ },
    { run: "npx slipstream config", expect: /capitalUsd +250000 +.*slipstream\.config\.ts/ },
    { run: "npx slipstream replay .slipstream", expect: /records? with \d+ spans/ },
    { start: "npx slipstream aggregate --salvage", until: ready },
  ],
  "CONTRIBUTING.md": [
    { notRun: ".ci/run", why: "is what runs this" },
    { notRun: "npm run release -- minor", why: "commits and makes a tag; release.test.ts tests it" },
    { notRun: "git push --follow-tags", why: "publishes" },
    { notRun: "npm run tarballs -- packed", why: "pack.main.ts packs in the same way" },
    { notRun: 'for tarball in packed/*.tgz; do npm publish "$tarball"; done', why: "publishes" },
  ],
  "docs/architecture.md": [
    {
      notRun:
        "trading service ──(OTLP: spans, metrics)──> Collector ──┬──> aggregator ──> dashboards (Redis or embedded), history (QuestDB),",
      why: diagram,
      block: true,
    },
    { notRun: "intake ──┐", why: diagram, block: true },
    {
      notRun:
        ".slipstream/log/00000000000000000001.segment  segments of the log, each named by its first position",
      why: diagram,
      block: true,
    },
    {
      notRun: "fetch, http, WebSocket ──> what call is it, what was answered? ──┬──> spans and latencies",
      why: diagram,
      block: true,
    },
  ],
  "docs/deploy.md": [
    { notRun: "docker compose up --detach --wait", why: docker, block: true },
    {
      notRun: "COMPOSE_PROFILES= SLIPSTREAM_RPC_URL=https://NODE/KEY docker compose up --detach --wait",
      why: docker,
    },
    { notRun: "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318", why: "a variable of a service" },
    stack,
    { notRun: "docker compose stop aggregator", why: docker, block: true },
    {
      notRun: "sudo npm install --prefix /opt/slipstream/0.1.0 @slipstream/cli@0.1.0 node@24",
      why: systemd,
      block: true,
    },
    {
      notRun: "SLIPSTREAM_HOST=0.0.0.0",
      why: "a file of variables; deploy.test.ts checks their names",
      block: true,
    },
    { notRun: "docker build -t slipstream:0.1.0 .", why: docker, block: true },
    aggregate,
    { run: "curl http://127.0.0.1:9480/readyz", expect: /"ready":true/ },
    { run: "npx slipstream doctor --endpoint http://127.0.0.1:9480 --token ...", expect: /alive and ready/ },
    {
      notRun: "sudo npm install --prefix /opt/slipstream/0.2.0 @slipstream/cli@0.2.0 node@24",
      why: systemd,
      block: true,
    },
    { notRun: "docker build -t slipstream:0.2.0 .", why: docker, block: true },
    { notRun: "sudo ln -sfn 0.1.0 /opt/slipstream/current", why: systemd, block: true },
  ],
  "docs/doctor.md": [
    aggregate,
    { run: "npx slipstream doctor", expect: /^ok +Canary +came to the aggregator within \d/m },
    {
      run: "npx slipstream doctor --find",
      // Parts of others on this machine may have faults of their own.
      as: "npx slipstream doctor --find --wait 5 || true",
      expect: /^ok +Aggregator [\s\S]*^\w+ +(Pipeline +not found on the usual ports|Grafana )/m,
    },
    {
      run: "npx slipstream doctor --find --watch",
      as: "timeout --preserve-status -s INT 15 npx slipstream doctor --find --watch --wait 3",
      expect: /^\S+Z {2}ok +Aggregator [\s\S]*^\S+Z {2}\w+ +Canary /m,
      exit: 130,
    },
    {
      notRun: "[Service]",
      why: "needs root and systemd; doctor.integration.test.ts runs doctor --watch",
      block: true,
    },
  ],
  "docs/extending.md": [
    {
      elsewhere: 'import { type Saved, SavedFields } from "@slipstream/stats";',
      file: "packages/engine/src/lib/statistics/extending.test.ts",
      text: "slow",
    },
    {
      elsewhere: 'import { z } from "zod";',
      file: `${extending}/log/records/extending.test.ts`,
      text: "reading",
    },
    {
      elsewhere: 'import { createWriteStream } from "node:fs";',
      file: `${extending}/sinks/extending.test.ts`,
      text: "instantFile",
    },
    {
      elsewhere: 'import { z } from "zod";',
      file: `${extending}/api/extending.test.ts`,
      text: "serviceRoute",
    },
    {
      elsewhere: "curl http://127.0.0.1:9480/api/services/arbitrage-desk",
      file: `${extending}/api/extending.test.ts`,
      text: "/api/services/",
    },
    {
      elsewhere: "    maxInFlightBytes: {",
      file: "packages/cli/src/lib/config/extending.integration.test.ts",
      text: "maxInFlightBytes",
    },
  ],
  "docs/http.md": [
    aggregate,
    { run: "curl http://127.0.0.1:9480/api/current", expect: /"statistics":/ },
    {
      run: "curl 'http://127.0.0.1:9480/api/history?statistic=latency&operation=solana.rpc&step=60'",
      expect: /"points":\[|"series":\[/,
    },
    {
      run: "curl -H 'Authorization: Bearer TOKEN' http://10.0.0.5:9480/metrics",
      expect: /^# TYPE trades_total/m,
    },
    { run: "curl http://127.0.0.1:9480/api/openapi.json", expect: /"openapi":"3\.1/ },
    { given: "curl 'http://127.0.0.1:9480/api/history?statistic=latency&step=0'" },
    {
      output:
        /\{"error":\{"code":"bad_query","message":"step = \\"0\\" is not allowed; allowed: .*","field":"step"\}\}/,
    },
  ],
  "docs/mev-accuracy.md": [
    { notRun: "npm run docs:accuracy", why: hours },
    {
      notRun:
        "node --conditions=slipstream-source verdicts.main.ts --seed 8101 --trades 240000 --days 24 --rate 0.02 --noise 1 --attackers classic=0.22,multi_victim=0.1,split_legs=0.1,wallet_rotation=0.1,cross_slot=0.26,bundle=0.08,failing=0.14,linked_wallets=0.08 --creator-fees 0.7 --transfers 0.05",
      why: hours,
      block: true,
    },
  ],
  "docs/reliability.md": [
    { notRun: "npm run fuzz -- --executions 10000000 --seconds 86400 --seed 1", why: hours },
  ],
  "docs/mev-world.md": [
    { code: 'import { openMevWorld } from "@slipstream/simulator";', expect: /^$/, file: "world.ts" },
    {
      run: "node --conditions=slipstream-source packages/simulator/src/mev-world.main.ts --out DIR --trades 1000 --days 0.2",
      as: `node --conditions=slipstream-source ${root}/packages/simulator/src/mev-world.main.ts --out DIR --trades 50 --days 0.02 && ls DIR`,
      expect: /^truth\.ndjson$/m,
    },
    { notRun: "cd accuracy/src/mev-world", why: hours, block: true },
  ],
  "docs/simulate.md": [
    {
      start: "npx slipstream aggregate --rpc http://127.0.0.1:8899",
      until: ready,
    },
    {
      run: "npx slipstream simulate --endpoint http://127.0.0.1:9480",
      as: "npx slipstream simulate --endpoint http://127.0.0.1:9480 --duration 5",
      expect: /^Ended after .*: [1-9]\d* trades?/m,
    },
    {
      run: "npx slipstream simulate --endpoint http://127.0.0.1:9480 --duration 20 --ground-truth truth.ndjson",
      as: "npx slipstream simulate --endpoint http://127.0.0.1:9480 --duration 5 --ground-truth truth.ndjson",
      expect: / 0 dropped, 0 refused\.$/m,
    },
    { run: "tail -n 1 truth.ndjson", expect: /"type":"totals"/ },
  ],
  "docs/mev.md": [{ notRun: "P_land(f) (V - P_sandwich(f) L) - cost(f)", why: "a formula", block: true }],
  "docs/alerts.md": [
    { code: "# rules.yaml", file: "rules.yaml", expect: /^$/ },
    { run: "npx slipstream rules check rules.yaml", expect: /no mistakes; 1 new rule, 2 changed rules/ },
    { start: "npx slipstream aggregate --rules rules.yaml", until: ready },
    {
      notRun: "failure_rate > 10 %",
      why: "conditions; packages/alerts/src/lib/docs/alerts-page.test.ts reads them",
      block: true,
    },
    {
      notRun: "[CRITICAL] High Node Latency Detected",
      why: "a notification; what they say has tests",
      block: true,
    },
    { code: 'import { defineConfig } from "@slipstream/cli";', file: "slipstream.config.ts", expect: /^$/ },
    { run: "npx slipstream config", expect: /channels +\{.*"minSeverity":"critical"/ },
    {
      notRun: "{",
      why: "what a webhook gets; webhook.test.ts compares it with what is sent",
      block: true,
    },
    {
      notRun: 'new Webhook("whsec_...").verify(body, request.headers)',
      why: "a line of a receiver; webhook.test.ts verifies so",
      block: true,
    },
    {
      notRun: "prometheus-alertmanager --config.file=alertmanager/alertmanager.yml",
      why: "a server of its own; alertmanager.servers.test.ts starts it so",
    },
    {
      elsewhere: 'import { PerformanceMonitor } from "@slipstream/monitor";',
      file: "packages/monitor/src/lib/alerts.integration.test.ts",
      text: 'it("notifies of what fires and resolves by the shipped rules',
    },
    { run: "npx slipstream alerts", expect: /no alert firing.*; \d+ rules on/ },
    {
      run: "npx slipstream alerts ack circuit-breaker-open --comment looking",
      expect: /does not fire/,
      exit: 1,
    },
    {
      run: "npx slipstream silence add 'sink=redis' --for 2h --comment 'moving it'",
      expect: /^Silenced sink=redis until/,
    },
    { run: "npx slipstream silence list", expect: /sink=redis .*moving it$/m },
    {
      run: "npx slipstream silence expire ID",
      as: `npx slipstream silence expire "$(npx slipstream silence list --json | sed -n 's/.*"id": "\\([^"]*\\)".*/\\1/p')"`,
      expect: /^Ended the silence of sink=redis/,
    },
    {
      run: "npx slipstream rules test",
      // The channels of the page need secrets.
      as: "echo 'export default {};' > plain.config.ts && npx slipstream rules test --config plain.config.ts",
      expect: /console +console +\d+ +0 +0/,
    },
    { run: "curl http://127.0.0.1:9480/api/alerts", expect: /"states":\{"firing":0,/ },
    {
      run: `curl -X POST http://127.0.0.1:9480/api/alerts/circuit-breaker-open/acknowledge -H 'content-type: application/json' -d '{"by": "ana", "comment": "looking"}'`,
      expect: /"alert_(unknown|not_firing)"/,
    },
    {
      run: `curl -X POST http://127.0.0.1:9480/api/silences -H 'content-type: application/json' -d '{"matchers": "alertname=sink-failing, sink=redis", "duration": "2h", "by": "ana"}'`,
      expect: /"by":"ana"/,
    },
    { run: "curl http://127.0.0.1:9480/api/silences", expect: /"silences":\[\{/ },
    { run: "curl -X DELETE http://127.0.0.1:9480/api/silences/ID", expect: /"silence_unknown"/ },
    {
      run: "npx slipstream rules prometheus --rules rules.yaml > slipstream.yml",
      as: "npx slipstream rules prometheus --rules rules.yaml > slipstream.yml && cat slipstream.yml",
      expect: /^ {6}- alert: slow-quotes$/m,
    },
  ],
  "docs/upgrade.md": [
    {
      notRun: "readonly version = 2;",
      why: "a part of a class; the parts that it names have tests",
      block: true,
    },
    {
      notRun:
        "node --conditions=slipstream-source faults/src/lib/upgrade/record.main.ts CHECKOUT NAME && npm run format",
      why: "writes into this repository; upgrade.integration.test.ts opens what it wrote",
    },
  ],
  "examples/README.md": [
    { notRun: "npm ci", why: "the check runs in an installed checkout" },
    start,
    { run: "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9480", expect: /^$/ },
    {
      run: "npm start --workspace examples/service-telemetry",
      as: `cd ${root} && npm start --workspace examples/service-telemetry -- 10`,
      expect: /10 trades, 8 succeeded/,
    },
    { run: "curl http://127.0.0.1:9480/api/current", expect: /"arbitrage-desk":\{"received":[1-9]/ },
    {
      notRun: "npm start --workspace examples/unchanged-web3js -- --import @slipstream/telemetry/auto",
      why: "needs a Redis; services.servers.test.ts runs both services",
    },
  ],
  "packages/aggregator/README.md": [
    { install: "npm install @slipstream/aggregator" },
    {
      code: 'import { createAggregator } from "@slipstream/aggregator";',
      expect: /OTLP goes to http:\/\/[\s\S]*value: null/,
    },
  ],
  "packages/cli/README.md": [
    { install: "npm install @slipstream/cli" },
    { start: "npx slipstream demo", as: "npx slipstream demo --rate 25", until: /trades\/min/ },
    {
      run: "npx slipstream simulate",
      as: "npx slipstream simulate --endpoint http://127.0.0.1:1 --duration 2 --rpc-port 0 --jupiter-port 0",
      expect: /^Slipstream simulator ready: trading-desk/m,
      exit: 1,
    },
    start,
    { run: "npx slipstream --help", expect: /aggregate/ },
    {
      code: 'import { defineConfig } from "@slipstream/cli";',
      file: "slipstream.config.ts",
      expect: /^$/,
      after: async (session) => {
        const { output } = await session.run("npx slipstream config");
        if (!/capitalUsd +250000/.test(output)) throw new Error(`it has no effect: ${output}`);
      },
    },
  ],
  "packages/config/README.md": [
    { install: "npm install @slipstream/config" },
    {
      code: 'import { resolveOptions } from "@slipstream/config";',
      expect: /^80 \{ kind: ["']default["'] \}$/m,
    },
  ],
  "packages/conventions/README.md": [
    { install: "npm install @slipstream/conventions" },
    {
      code: 'import { allMetrics, attribute, dashboardKey } from "@slipstream/conventions";',
      expect: /^trades_total [\s\S]*^trade\.status$\s^dashboard:trade_latency_p99$/m,
    },
  ],
  "packages/engine/README.md": [
    { install: "npm install @slipstream/engine" },
    { code: 'import { Engine } from "@slipstream/engine";', expect: /value: null[\s\S]*reason: '/ },
  ],
  "packages/alerts/README.md": [
    { install: "npm install @slipstream/alerts" },
    {
      code: 'import { AlertBook, shippedRules } from "@slipstream/alerts";',
      expect: /^node-latency-critical\/1\/1 firing critical High Node Latency Detected$/m,
    },
  ],
  "packages/mev/README.md": [
    { install: "npm install @slipstream/mev @slipstream/solana" },
    { code: 'import { readFileSync } from "node:fs";', expect: /victims: \[/ },
  ],
  "packages/monitor/README.md": [
    { install: "npm install @slipstream/monitor @opentelemetry/api" },
    { code: 'import { PerformanceMonitor } from "@slipstream/monitor";', expect: /^(\d+(\.\d+)?|null)$/m },
  ],
  "packages/exposition/README.md": [
    { install: "npm install @slipstream/exposition" },
    { code: 'import { encodePrometheus } from "@slipstream/exposition";', expect: /^trades_total 12$/m },
  ],
  "packages/otlp/README.md": [
    { install: "npm install @slipstream/otlp" },
    { code: 'import { readFileSync } from "node:fs";', expect: /^1$/m },
  ],
  "packages/simulator/README.md": [
    { install: "npm install @slipstream/simulator" },
    { code: 'import { openMevWorld } from "@slipstream/simulator";', expect: /^\d+ \d+$/m },
  ],
  "packages/solana/README.md": [
    { install: "npm install @slipstream/solana" },
    { code: 'import { readFileSync } from "node:fs";', expect: /^[1-9]\d*$/m },
  ],
  "packages/stats/README.md": [
    { install: "npm install @slipstream/stats" },
    {
      code: 'import { QuantileSketch, wilson } from "@slipstream/stats";',
      expect: /count: 4[\s\S]*low: 0\.9/,
    },
  ],
  "packages/venues/README.md": [
    {
      code: 'import { readAnswer, readRequest } from "@slipstream/venues";',
      expect: /^solana\.rpc true$/m,
    },
  ],
  "packages/telemetry/README.md": [
    { install: "npm install @slipstream/telemetry @opentelemetry/api" },
    aggregate,
    {
      code: 'import { setUp } from "@slipstream/telemetry";',
      expect: /^$/,
      after: (session) => counted(session, "arbitrage-desk", 2),
    },
  ],
};

const current = z.object({
  services: z.record(z.string(), z.object({ received: z.number(), missing: z.number().nullable() })),
});

/** The spans of a service arrive at the aggregator. */
async function counted(session: Session, service: string, spans: number): Promise<void> {
  await eventually(`${spans} spans of ${service} arrive`, async () => {
    const { services } = current.parse(await session.ask("/api/current"));
    return services[service]?.received === spans && services[service].missing === 0;
  });
}

const trades = z.tuple([z.object({ trade_id: z.string() })], z.unknown());

async function anyTrade(session: Session): Promise<string> {
  const { output } = await session.run("npx slipstream history trades --json");
  const [{ trade_id }] = trades.parse(JSON.parse(output));
  return trade_id;
}
