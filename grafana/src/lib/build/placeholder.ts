/**
 * A variable in braces, which Grafana replaces by its value.
 * @param format how Grafana writes it, such as `sqlstring`
 */
export function placeholder(variable: string, format?: string): string {
  return `\${${format === undefined ? variable : `${variable}:${format}`}}`;
}
