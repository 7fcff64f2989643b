import { type CurrentStatistics, type Desks, type Engine, OWN_DESK } from "@slipstream/engine";
import { z } from "zod";
import { HttpError } from "../server/http-error.ts";
import type { Parameter } from "../server/parameters.ts";

/** The parameter `desk`. */
export const deskParameter: {
  readonly desk: Parameter & { readonly schema: z.ZodType<string | undefined> };
} = {
  desk: {
    schema: z.string().max(256).optional(),
    allowed: "the name of a desk, as /api/desks lists them",
    about: "The desk (`slipstream.desk`). Default: the aggregator's own.",
  },
};

/** What routes read of desks. */
export interface ApiDesks {
  /** The name under which a desk's data is kept. @throws HttpError 404 if there is no such desk */
  keptAs(name: string | undefined): string;
  /** @throws HttpError 404 if there is no such desk */
  engineOf(name: string | undefined): Engine;
  list(): DeskList;
}

/** The answer of `/api/desks`. */
export interface DeskList {
  readonly desks: readonly {
    /** null: the aggregator's own desk has no name. */
    readonly name: string | null;
    readonly own: boolean;
    /** Event time of its statistics, ISO 8601; null before its first event. */
    readonly time: CurrentStatistics["time"];
  }[];
  /** Most desks beside the own one. */
  readonly maxDesks: number;
  /** What no statistic counts, because there are more desks or the name is none. */
  readonly leftOut: { readonly spans: number; readonly points: number; readonly desks: readonly string[] };
}

export function apiDesks(desks: Desks): ApiDesks {
  const ownName = (): string => desks.options.desks?.own ?? "";
  const keptAs = (name: string = OWN_DESK): string => {
    const engine = desks.engineOf(name);
    if (engine === undefined) throw unknownDesk(name, ownName(), desks.others);
    return engine === desks.own ? OWN_DESK : name;
  };
  const engineOf = (name?: string): Engine => desks.engineOf(keptAs(name)) ?? desks.own;
  const timeOf = ({ watermarkMs }: Engine): string | null =>
    watermarkMs === undefined ? null : new Date(watermarkMs).toISOString();
  return {
    keptAs,
    engineOf,
    list: () => ({
      desks: [
        { name: ownName() || null, own: true, time: timeOf(desks.own) },
        ...desks.others.map((name) => ({ name, own: false, time: timeOf(engineOf(name)) })),
      ],
      maxDesks: desks.options.desks?.most ?? 0,
      leftOut: desks.leftOut,
    }),
  };
}

function unknownDesk(name: string, own: string, others: readonly string[]): HttpError {
  const named = [...(own === "" ? [] : [own]), ...others].map((one) => JSON.stringify(one)).join(", ");
  const hint =
    named === ""
      ? "Only the aggregator's own desk has sent data; leave desk out."
      : `There are: ${named}. Without desk, the answer is about the aggregator's own.`;
  return new HttpError(404, "desk_unknown", `There is no desk ${JSON.stringify(name)}. ${hint}`, {
    field: "desk",
  });
}
