import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { beforeAll, describe, expect, it } from "vitest";
import { composeProject, type Project, type Service } from "../testing/compose-project.ts";
import { inRepository, textOf, yamlOf } from "../testing/repository.ts";

/** Ports on which the services listen inside, by their configuration or their image's defaults. */
const LISTENS: Readonly<Record<string, readonly number[]>> = {
  "otel-collector": [4317, 4318, 8888, 13133],
  aggregator: [9480],
  prometheus: [9090],
  alertmanager: [9093],
  tempo: [3200, 4317],
  grafana: [3000],
  redis: [6379],
  questdb: [9000, 8812, 9003],
  simulator: [8899],
};
/** Runs once, and ends. */
const ONE_SHOT = "secrets";

let project: Project;
let services: readonly (readonly [string, Service])[];
let lasting: readonly (readonly [string, Service])[];

beforeAll(() => {
  project = composeProject();
  services = Object.entries(project.services);
  lasting = services.filter(([name]) => name !== ONE_SHOT);
});

/** Files that the one-shot container makes, by volume. */
function secretFiles(): ReadonlyMap<string, readonly string[]> {
  const folder = testFolder();
  const mounts = (project.services[ONE_SHOT]?.volumes ?? []).filter(({ target }) =>
    target.startsWith("/secrets/"),
  );
  for (const { target } of mounts) mkdirSync(join(folder, target.slice("/secrets/".length)));
  const { status } = spawnSync(process.execPath, [inRepository("deploy/make-secrets.mjs"), folder]);
  expect(status).toBe(0);
  return new Map(
    mounts.map(({ source, target }) => [source, readdirSync(join(folder, target.slice("/secrets/".length)))]),
  );
}

/** Everything that a service is told: variables, command, health check. */
function wordsOf({ environment = {}, command, entrypoint, healthcheck }: Service): string {
  return [
    ...Object.values(environment),
    ...(entrypoint ?? []),
    ...(command ?? []),
    ...(healthcheck?.test ?? []),
  ].join("\n");
}

describe("docker-compose.yml", () => {
  it("starts everything with the simulator, and without it for real use", () => {
    const all = [...Object.keys(LISTENS), ONE_SHOT].sort();
    expect(services.map(([name]) => name).sort()).toEqual(all);
    const real = composeProject({ COMPOSE_PROFILES: "", SLIPSTREAM_RPC_URL: "https://node.example/" });
    expect(Object.keys(real.services).sort()).toEqual(all.filter((name) => name !== "simulator"));
    expect(real.services.aggregator?.environment?.SLIPSTREAM_RPC_URL).toBe("https://node.example/");
    expect(project.services.aggregator?.environment?.SLIPSTREAM_RPC_URL).toBe("http://simulator:8899");
  });

  it("publishes on loopback only, and only ports on which somebody listens", () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, ...port })));
    expect(published.filter(({ host_ip }) => host_ip !== "127.0.0.1")).toEqual([]);
    expect(published.filter(({ name, target }) => LISTENS[name]?.includes(target) !== true)).toEqual([]);
    const ports = published.map((port) => port.published);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.sort()).toEqual(
      ["3000", "3200", "4317", "4318", "6379", "8812", "8899", "9000", "9090", "9093", "9480"].sort(),
    );
  });

  it("gives no service more rights or resources than it needs", () => {
    for (const [name, service] of services) {
      expect({ name, ...service }).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        logging: { options: { "max-size": "10m", "max-file": "3" } },
      });
      expect(service).not.toHaveProperty("cap_add");
      expect(service).not.toHaveProperty("privileged");
      const { cpus, memory } = service.deploy?.resources.limits ?? { cpus: 0, memory: "0" };
      expect(cpus, name).toBeGreaterThan(0);
      expect(Number(memory), name).toBeGreaterThanOrEqual(128 * 2 ** 20);
    }
  });

  it("runs nothing as root: by its own line or by that of the image that is built here", () => {
    for (const [name, { user, build }] of services) {
      if (build === undefined) expect(user, name).toMatch(/^[1-9]\d*:\d+$/);
      else
        expect(textOf(relative(inRepository(), join(build.context, "Dockerfile")))).toMatch(
          /^USER (?!root|0)/m,
        );
    }
  });

  it("restarts what lasts, checks its health on 127.0.0.1, and has the one-shot container adopted (up --wait)", () => {
    for (const [name, { restart, healthcheck, build }] of lasting) {
      expect(restart, name).toBe("unless-stopped");
      const check = healthcheck?.test?.join(" ");
      if (check === undefined) {
        const dockerfile = textOf(relative(inRepository(), join(build?.context ?? name, "Dockerfile")));
        expect(dockerfile, name).toContain("HEALTHCHECK");
      } else {
        expect(check).not.toContain("localhost");
        const [, port] = /127\.0\.0\.1[:/](\d+)/.exec(check) ?? [];
        if (port !== undefined) expect(LISTENS[name], name).toContain(Number(port));
      }
    }
    const condition = { secrets: { condition: "service_completed_successfully" } };
    const real = Object.values(composeProject({ COMPOSE_PROFILES: "" }).services);
    expect(
      real.some(({ depends_on, restart }) => restart !== "no" && depends_on?.secrets !== undefined),
    ).toBe(true);
    expect(project.services.aggregator?.depends_on).toMatchObject(condition);
    expect(project.services[ONE_SHOT]).toMatchObject({ restart: "no", healthcheck: { disable: true } });
  });

  it("pins every image that is not built here to a version", () => {
    for (const [name, { image, build }] of services) {
      if (build === undefined)
        expect(image, name).toMatch(/^[a-z./]+:v?\d+\.\d+\.\d+[a-z-]*(?:@sha256:[0-9a-f]{64})?$/);
      else expect(image, name).toMatch(/:local$/);
    }
  });

  it("mounts files that are in the repository, read-only, and volumes that it declares", () => {
    const mounts = services.flatMap(([name, { volumes = [] }]) =>
      volumes.map((mount) => ({ name, ...mount })),
    );
    for (const { name, type, source, read_only } of mounts) {
      if (type === "bind") {
        expect(existsSync(source), `${name}: ${source}`).toBe(true);
        expect(read_only, `${name}: ${source}`).toBe(true);
      } else expect(project.volumes, name).toHaveProperty(source);
    }
    const used = new Set(mounts.filter(({ type }) => type === "volume").map(({ source }) => source));
    expect([...used].sort()).toEqual(Object.keys(project.volumes).sort());
  });

  it("names configuration files and secrets where they are mounted, and lets their readers read them", () => {
    const made = secretFiles();
    const named = lasting.flatMap(([name, service]) => {
      const texts = [wordsOf(service), ...(name === "grafana" ? [textOf(DATA_SOURCES)] : [])].join("\n");
      return [...texts.matchAll(/\/(?:run\/secrets|etc)\/[\w./-]+/g)].map(([path]) => ({
        name,
        service,
        path,
      }));
    });
    expect(named.length).toBeGreaterThan(10);
    for (const { name, service, path } of named) {
      const mount = service.volumes?.find(({ target }) => path === target || path.startsWith(`${target}/`));
      if (mount === undefined) expect.fail(`${name} has nothing at ${path}`);
      const below = path.slice(mount.target.length + 1);
      if (mount.type === "bind") expect(existsSync(join(mount.source, below)), `${name}: ${path}`).toBe(true);
      else {
        expect(made.get(mount.source), `${name}: ${path}`).toContain(below);
        expect(service.group_add, name).toEqual(["9480"]);
        expect(mount.read_only, name).toBe(true);
      }
    }
    const prometheus = project.services.prometheus?.volumes ?? [];
    const secrets = prometheus.find(({ target }) => target === "/etc/prometheus/secrets");
    expect(made.get(secrets?.source ?? "")).toContain("aggregator-token");
  });

  it("reaches services by their names, on ports on which they listen", () => {
    const targets = readdirSync(inRepository("prometheus/targets-compose")).map((name) => ({
      from: name,
      text: textOf("prometheus/targets-compose", name),
    }));
    const texts = [...lasting.map(([from, service]) => ({ from, text: wordsOf(service) })), ...targets];
    const hosts = [...Object.keys(LISTENS)].join("|");
    const reached = texts.flatMap(({ from, text }) =>
      [...text.matchAll(new RegExp(`(?<=//|@|=|"|^|\\n)(${hosts}):(\\d+)`, "g"))].map(
        ([, host = "", port]) => ({
          from,
          host,
          port: Number(port),
        }),
      ),
    );
    expect(reached.length).toBeGreaterThan(14);
    expect(reached.filter(({ host, port }) => LISTENS[host]?.includes(port) !== true)).toEqual([]);
    const urls = texts.flatMap(({ text }) =>
      [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host),
    );
    expect(urls.filter((host) => host !== "127.0.0.1" && !Object.hasOwn(LISTENS, host ?? ""))).toEqual([]);
  });

  it("sets variables that are read, and all that must be set", () => {
    const collector = textOf("otel-collector/config.yaml");
    const ofCollector = Object.keys(project.services["otel-collector"]?.environment ?? {});
    for (const name of ofCollector.filter((name) => name.startsWith("SLIPSTREAM_")))
      expect(collector).toContain(`\${env:${name}:-`);
    const aggregator = textOf("aggregator/slipstream.config.ts");
    const variables = textOf("docs/configuration.md");
    for (const name of Object.keys(project.services.aggregator?.environment ?? {}))
      expect(name.startsWith("STACK_") ? aggregator : `${variables} SLIPSTREAM_CONFIG`).toContain(name);
    const read = [...textOf(DATA_SOURCES).matchAll(/(?<!\$)\$([A-Z][A-Z_]+)/g)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(3);
    for (const name of read) expect(project.services.grafana?.environment).toHaveProperty(name ?? "");
  });

  it("gives QuestDB's data and every secret a folder of the image to take its owner from", () => {
    const dockerfile = textOf("Dockerfile");
    for (const { type, target } of project.services[ONE_SHOT]?.volumes ?? [])
      if (type === "volume") expect(dockerfile).toContain(target);
    expect(project.services.questdb?.user).toBe("10001:10001");
    expect(dockerfile).toContain("chown 10001:10001 /init/questdb");
    expect(dockerfile).toContain("chown 1000:9480 /secrets/*");
  });
});

const DATA_SOURCES = "grafana/provisioning/datasources/slipstream.yaml";

describe("Grafana's data sources", () => {
  it("have the uids that dashboards know, and links between them", () => {
    const { datasources } = yamlOf(DATA_SOURCES) as {
      datasources: readonly { uid: string; type: string; jsonData: Record<string, unknown> }[];
    };
    expect(datasources.map(({ uid, type }) => `${uid} ${type}`)).toEqual([
      "prometheus prometheus",
      "tempo tempo",
      "alertmanager alertmanager",
      "questdb grafana-postgresql-datasource",
    ]);
    const [prometheus, tempo] = datasources;
    expect(prometheus?.jsonData).toMatchObject({
      exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: "tempo" }],
    });
    expect(tempo?.jsonData).toMatchObject({ tracesToMetrics: { datasourceUid: "prometheus" } });
  });

  it("keep Grafana from expanding what is Grafana's own at the time of a query", () => {
    const text = textOf(DATA_SOURCES).replaceAll(/^ *#.*$/gm, "");
    expect(text.match(/(?<!\$)\$(?!\$)(?!__file|[A-Z_]+$)./gm) ?? []).toEqual([]);
    expect(text).toContain("$$__tags");
    expect(text).toContain("$$" + "{__span.name}");
  });
});
