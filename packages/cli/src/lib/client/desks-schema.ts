import { z } from "zod";

/** What is read of `GET /api/desks`. */
export interface DesksAnswer {
  readonly desks: readonly {
    readonly name: string | null;
    readonly own: boolean;
    readonly time: string | null;
  }[];
  readonly leftOut: { readonly spans: number; readonly points: number; readonly desks: readonly string[] };
}

export const desksSchema: z.ZodType<DesksAnswer> = z.object({
  desks: z.array(z.object({ name: z.string().nullable(), own: z.boolean(), time: z.string().nullable() })),
  leftOut: z.object({ spans: z.number(), points: z.number(), desks: z.array(z.string()) }),
});
