import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { expect, test } from "vitest";
import { isRow } from "./build/is-row.ts";
import { dashboards } from "./dashboards.ts";
import { expressionsOf, panelsOf } from "./panel-queries.ts";
import { isInDocs } from "./testing/docs-anchors.ts";

const COLUMNS = 24;
const all = dashboards();
const panels = all.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ uid: dashboard.uid, title: panel.title ?? "", panel })),
);

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function rowsAndPanelsOf({ panels: placed = [] }: Dashboard): readonly (RowPanel | Panel)[] {
  return placed.flatMap((panel) => (isRow(panel) ? [panel, ...panel.panels] : [panel]));
}

function placesOf(dashboard: Dashboard): readonly Place[] {
  return rowsAndPanelsOf(dashboard).map(({ gridPos }) => {
    if (gridPos === undefined) throw new Error("A panel has no place.");
    return gridPos;
  });
}

function overlap(one: Place, other: Place): boolean {
  const across = one.x < other.x + other.w && other.x < one.x + one.w;
  return across && one.y < other.y + other.h && other.y < one.y + one.h;
}

test("uids stay the same, because addresses contain them", () => {
  expect(all.map(({ uid }) => uid)).toEqual([
    "slipstream-trading",
    "slipstream-latency",
    "slipstream-mev",
    "slipstream-health",
    "slipstream-alerts",
  ]);
});

test.each(all)(
  "$title: panels fill the grid without gaps at the side, and none covers another",
  (dashboard) => {
    const places = placesOf(dashboard);
    for (const [at, one] of places.entries()) {
      expect(one.x + one.w).toBeLessThanOrEqual(COLUMNS);
      expect(places.slice(at + 1).some((other) => overlap(one, other))).toBe(false);
    }
    for (const y of new Set(places.map((place) => place.y))) {
      const line = places.filter((place) => place.y === y);
      expect(line.reduce((sum, { w }) => sum + w, 0)).toBe(COLUMNS);
      // Panels of one line are equally high, so that the next line begins below all of them.
      expect(new Set(line.map(({ h }) => h)).size).toBe(1);
    }
  },
);

test.each(all)("$title: each panel has a number and a title of its own", (dashboard) => {
  const ids = rowsAndPanelsOf(dashboard).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const titles = panelsOf(dashboard).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test.each(panels)(
  "$uid, $title: says what it shows, what to do when it is bad, and where more about it is",
  ({ panel }) => {
    const { description = "", links = [] } = panel;
    expect(description).toMatch(/^.{20,}\n\n\*\*When it is bad:\*\* .{20,}/);
    const addresses = links.map(({ url = "" }) => url.replace(/^.*\/docs\//, ""));
    expect(addresses).toHaveLength(1);
    for (const address of addresses) expect(isInDocs(address), address).toBe(true);
  },
);

test.each(panels)("$uid, $title: shows nothing as no data, and joins no gap", ({ panel }) => {
  const { defaults } = fieldConfig(panel);
  expect(defaults.noValue).toBe("no data");
  expect(defaults.custom?.spanNulls ?? false).toBe(false);
});

test.each(panels.filter(({ panel }) => panel.type === "timeseries" || panel.type === "bargauge"))(
  "$uid, $title: has a unit",
  ({ panel }) => {
    expect(fieldConfig(panel).defaults.unit).toBeDefined();
  },
);

test.each(panels.filter(({ panel }) => panel.type === "stat" || panel.type === "bargauge"))(
  "$uid, $title: asks for the newest value, so that an old one is not taken for it",
  ({ panel }) => {
    expect(panel.targets?.every((target) => "instant" in target && target.instant === true)).toBe(true);
  },
);

test.each(panels)(
  "$uid, $title: its queries have letters of their own and use variables that there are",
  ({ uid, panel }) => {
    const letters = panel.targets?.map((target) => (target as { refId?: string }).refId);
    expect(new Set(letters).size).toBe(panel.targets?.length);
    const dashboard = all.find((one) => one.uid === uid);
    const names = dashboard?.templating.list?.map(({ name }) => name) ?? [];
    const used = expressionsOf(panel).flatMap((text) =>
      Array.from(text.matchAll(/\$\{?(\w+)/g), ([, name = ""]) => name),
    );
    for (const name of used) expect(name.startsWith("__") || names.includes(name), name).toBe(true);
  },
);

test.each(all)("$title: every variable is used", (dashboard) => {
  const text = JSON.stringify(dashboard);
  for (const { name } of dashboard.templating.list ?? [])
    expect(text, name).toMatch(new RegExp(`\\$\\{?${name}\\b`));
});

function fieldConfig({ fieldConfig: config }: Panel): NonNullable<Panel["fieldConfig"]> {
  if (config === undefined) throw new Error("A panel has no field configuration.");
  return config;
}
