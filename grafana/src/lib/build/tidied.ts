import type { Dashboard, Panel, RowPanel, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import { isRow } from "./is-row.ts";

/**
 * Takes away what the SDK's builders add of themselves: fields that Grafana's published types do not have, and `placement`, which would put
 * links and annotations into a menu, where nobody looks.
 */
export function tidied(dashboard: Dashboard): Dashboard {
  const { links = [], templating, annotations, panels = [] } = dashboard;
  return {
    ...dashboard,
    links: links.map(visible),
    templating: { list: (templating.list ?? []).map(withoutIntervals) },
    annotations: { list: (annotations.list ?? []).map(visible) },
    panels: panels.map(tidiedEither),
  };
}

function tidiedEither(panel: Panel | RowPanel): Panel | RowPanel {
  if (isRow(panel)) return { ...panel, panels: panel.panels.map(tidiedPanel) };
  return tidiedPanel(panel);
}

function tidiedPanel(panel: Panel): Panel {
  const { footer, ...options } = panel.options;
  return { ...panel, options, links: (panel.links ?? []).map(visible) };
}

function visible<T extends { readonly placement?: unknown }>({
  placement,
  ...rest
}: T): Omit<T, "placement"> {
  return rest;
}

/** Only variables of intervals have these. */
function withoutIntervals({ auto, auto_min, auto_count, ...rest }: VariableModel): VariableModel {
  return rest;
}
