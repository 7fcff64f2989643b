import { SERVICE } from "./template.ts";

/** The part of `/api/current` that tells what was counted. */
interface Counted {
  readonly services: Readonly<Record<string, { received: number; duplicate: number; refused: number }>>;
  readonly statistics: { readonly trades: { readonly series: readonly { readonly value: number }[] } };
}

/** Whether each acknowledged span of a service was counted exactly once; if not, what was counted instead. */
export async function wrongCounts(
  url: string,
  acknowledged: { readonly spans: number; readonly trades: number },
  service: string = SERVICE,
): Promise<string | undefined> {
  const response = await fetch(`${url}/api/current`);
  const { services, statistics } = (await response.json()) as Counted;
  const { received = 0, duplicate = 0, refused = 0 } = services[service] ?? {};
  const trades = statistics.trades.series.reduce((sum, { value }) => sum + value, 0);
  const counted = `${received} spans, ${duplicate} twice, ${refused} refused, ${trades} trades`;
  const wanted = `${acknowledged.spans} spans, 0 twice, 0 refused, ${acknowledged.trades} trades`;
  return counted === wanted ? undefined : `acknowledged were ${wanted}; counted were ${counted}`;
}
