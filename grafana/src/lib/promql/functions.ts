/** Grafana's window of a rate: at least four times the scrape interval, and never less than a step of the graph. */
export const RATE_WINDOW = "$__rate_interval";

/** All that the dashboard shows. */
export const SHOWN = "$__range";

export function rate(selector: string, window: string = RATE_WINDOW): string {
  return `rate(${selector}[${window}])`;
}

export function increase(selector: string, window: string): string {
  return `increase(${selector}[${window}])`;
}

/**
 * A level that a service reports itself, for two minutes after it was last reported: stock OpenTelemetry reports once a minute. What comes over
 * OTLP has no mark of its end, so Prometheus alone would answer the last value of a killed process for five minutes.
 */
export function reported(selector: string): string {
  return `last_over_time(${selector}[2m])`;
}

/** A counter's pace by the minute, because a desk counts its trades by the minute. */
export function perMinute(counter: string): string {
  return `60 * ${counter}`;
}

export function sum(expression: string): string {
  return `sum(${expression})`;
}

export function sumBy(labels: readonly string[], expression: string): string {
  return `sum by (${labels.join(", ")}) (${expression})`;
}

export function maxBy(labels: readonly string[], expression: string): string {
  return `max by (${labels.join(", ")}) (${expression})`;
}

/**
 * What an expression says while a condition holds on the same aggregator, and nothing while it does not: 0 attacks that nobody looked for
 * are not 0.
 */
export function onlyWhile(condition: string, expression: string): string {
  return `${expression} and on (instance) (${condition} == 1)`;
}

/** A share. It is unknown, not 0, if there is nothing to take a share of. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}
