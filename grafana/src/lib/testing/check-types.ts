import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { testFolder } from "@slipstream/testing/folders";
import { panelsOf } from "../panel-queries.ts";

const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** Where `@grafana/schema` has the options of each kind of panel. */
const panelTypes: Readonly<Record<string, string>> = {
  bargauge: "bargauge/panelcfg/x/BarGaugePanelCfg",
  heatmap: "heatmap/panelcfg/x/HeatmapPanelCfg",
  stat: "stat/panelcfg/x/StatPanelCfg",
  "state-timeline": "statetimeline/panelcfg/x/StateTimelinePanelCfg",
  table: "table/panelcfg/x/TablePanelCfg",
  timeseries: "timeseries/panelcfg/x/TimeSeriesPanelCfg",
};

const QUERY = 'Omit<PrometheusQuery, "_implementsDataqueryVariant">';

/** JSON has words and numbers where the types have enums. */
const PLAIN = `
type Plain<T> = T extends string ? \`\${T}\`
  : T extends number ? (number extends T ? number : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends (infer U)[] ? Plain<U>[]
  : T extends object ? { [K in keyof T]: Plain<T[K]> }
  : T;
`;

/**
 * Checks a dashboard's JSON with the compiler against the types that Grafana publishes: each field's type, and that no field is
 * unknown to Grafana. So are the options of each panel, by its kind, and its queries of Prometheus.
 * @returns what the compiler says: nothing if all is well
 */
export function checkTypes(json: Dashboard): string {
  const folder = testFolder();
  const file = join(folder, "dashboard.ts");
  writeFileSync(file, sourceOf(json));
  const schema = join(modules, "@grafana", "schema");
  const paths = {
    "@grafana/schema": [join(schema, "dist/types/index.d.ts")],
    "schema/*": [join(schema, "dist/types/raw/composable/*/types.gen.d.ts")],
    "sdk/*": [join(modules, "@grafana/grafana-foundation-sdk/dist/*/index.d.ts")],
  };
  const compilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
    paths,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  const { stdout, stderr } = spawnSync(join(modules, ".bin", "tsc"), ["-p", folder], { encoding: "utf8" });
  return stdout + stderr;
}

function sourceOf(dashboard: Dashboard): string {
  const kinds = [...new Set(panelsOf(dashboard).map(({ type }) => type))];
  const imports = kinds.map((kind) => {
    const path = panelTypes[kind];
    if (path === undefined) throw new Error(`It is not known where the options of ${kind} are.`);
    return `import type * as ${identifier(kind)} from "schema/${path.replace(/\/[^/]*$/, "")}";`;
  });
  const checks = panelsOf(dashboard).flatMap(({ id, type, options, fieldConfig, targets = [] }) => [
    declared(`options${id}`, `Partial<${identifier(type)}.Options>`, options),
    // Not every kind has settings of its own for fields.
    ...(fieldConfig?.defaults.custom === undefined
      ? []
      : [declared(`fields${id}`, `Partial<${identifier(type)}.FieldConfig>`, fieldConfig.defaults.custom)]),
    ...targets.flatMap((target, at) =>
      "expr" in target ? [declared(`query${id}_${at}`, QUERY, target)] : [],
    ),
  ]);
  return [
    'import type { Dashboard, DataQuery } from "@grafana/schema";',
    'import type { Dataquery as PrometheusQuery } from "sdk/prometheus";',
    ...imports,
    PLAIN,
    ...(dashboard.annotations.list ?? []).map(({ target }, at) => declared(`annotation${at}`, QUERY, target)),
    declared("dashboard", "Dashboard", withoutQueries(dashboard)),
    ...checks,
  ].join("\n");
}

function identifier(kind: string): string {
  return kind.replaceAll("-", "");
}

/** What Grafana's data source for Prometheus reads of an annotation is in no type of dashboards: its query and its texts. */
function withoutQueries(dashboard: Dashboard): Dashboard {
  const list = dashboard.annotations.list?.map(({ target, titleFormat, textFormat, ...rest }) => rest) ?? [];
  return { ...dashboard, annotations: { list } };
}

function declared(name: string, type: string, value: unknown): string {
  return `export const ${name}: Plain<${type}> = ${JSON.stringify(value, null, 1)};`;
}
