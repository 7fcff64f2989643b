/** A test of `promtool test rules`. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

export type Labels = Readonly<Record<string, string>>;

export const STEP_SECONDS = 15;
/** Longer than the windows of rules and their `for`. */
const STEPS = 100;
export const EVALUATED = "12m";

/**
 * Whether an alert fires, as a test of it.
 * @param labels that it must have, besides its name
 */
export function firing(
  name: string,
  series: readonly InputSeries[],
  alert: string,
  fires: boolean,
  {
    at = EVALUATED,
    interval = `${STEP_SECONDS}s`,
    labels = {},
  }: { readonly at?: string; readonly interval?: string; readonly labels?: Labels } = {},
): PromtoolTest {
  const all = { alertname: alert, alertstate: "firing", source: "prometheus", ...labels };
  return {
    name,
    interval,
    input_series: series,
    promql_expr_test: [
      {
        expr: `count(${written("ALERTS", all)}) or vector(0)`,
        eval_time: at,
        exp_samples: [{ labels: "{}", value: fires ? 1 : 0 }],
      },
    ],
  };
}

/** A series that keeps a value. */
export function constant(name: string, labels: Labels, value: number): InputSeries {
  return { series: written(name, labels), values: `${decimal(value)}+0x${STEPS}` };
}

/** A counter that goes up by the same in each step. */
export function growing(name: string, labels: Labels, perStep: number): InputSeries {
  return { series: written(name, labels), values: `0+${decimal(perStep)}x${STEPS}` };
}

/** A number without the noise of a multiplication. */
export function decimal(value: number): string {
  return String(Number(value.toPrecision(12)));
}

export function written(name: string, labels: Labels): string {
  const list = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return `${name}{${list.join(",")}}`;
}
