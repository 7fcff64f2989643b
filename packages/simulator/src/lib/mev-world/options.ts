import { z } from "zod";
import { optionError } from "../option-error.ts";
import { type AttackerKind, attackerKinds, defaultMix } from "./attackers/kinds.ts";
import { pairCatalogue } from "./pools/catalogue.ts";

/** Options of a world. All have defaults. */
export interface MevWorldOptions {
  /** Determines everything. Default: 1. */
  readonly seed?: number | undefined;
  /** Number of the desk's own trades. Default: 10,000. */
  readonly trades?: number | undefined;
  /** Number of days. Default: 2. */
  readonly days?: number | undefined;
  /**
   * Target share of the landed unprotected trades that are attacked. Default: 0.02, or, if not that many
   * attacks would pay off, half of those that would.
   */
  readonly attackRate?: number | undefined;
  /** Weights of the kinds of attackers; a kind that is left out does not occur. Default: `defaultMix`. */
  readonly attackers?: Partial<Readonly<Record<AttackerKind, number>>> | undefined;
  /** Share of the trades sent through a block engine or a private RPC. Default: 0.35. */
  readonly protectedShare?: number | undefined;
  /** Names of the pairs, such as "SOL/USDC". Default: all pairs in the catalogue. */
  readonly pairs?: readonly string[] | undefined;
  /** How much others trade, as a factor. 0: only the desk and its attackers trade. Default: 1. */
  readonly noise?: number | undefined;
  /** Share of the transactions that are of version 1 (SIMD-0385). Default: 0. */
  readonly v1Share?: number | undefined;
  /** Share of the transactions whose Raydium v4 swaps are of its second version, with 8 accounts. Default: 0. */
  readonly shortSwapShare?: number | undefined;
  /** Share of the Raydium CPMM pools in which creators take a fee of their own. Default: 0. */
  readonly creatorFeeShare?: number | undefined;
  /** Share of others' transactions whose swaps nobody decodes. Default: 0. */
  readonly unreadShare?: number | undefined;
  /** Share of the desk's trades whose route goes on through a program that nobody decodes. Default: 0. */
  readonly unreadRouteShare?: number | undefined;
  /**
   * Share of people's swaps before which tokens come from an exchange, or after which they go to one or to another wallet.
   * Default: 0.
   */
  readonly transferShare?: number | undefined;
  /** Start as Unix time in ms. Default: 5 January 2026. */
  readonly startMs?: number | undefined;
}

export type MevWorldSettings = {
  readonly [Key in Exclude<keyof MevWorldOptions, "attackRate">]-?: Exclude<MevWorldOptions[Key], undefined>;
} & Pick<MevWorldOptions, "attackRate">;

export const DEFAULT_ATTACK_RATE = 0.02;

const names = pairCatalogue.map(({ name }) => name);
const share = z.number().min(0).max(1);
const weight = z.number().min(0).max(1e6);

const schema: z.ZodType<MevWorldSettings> = z.strictObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  trades: z.int().min(1).max(100_000_000).default(10_000),
  days: z.number().positive().max(3650).default(2),
  attackRate: share.optional(),
  attackers: z
    .strictObject(Object.fromEntries(attackerKinds.map((kind) => [kind, weight.optional()])))
    .refine(
      (mix) => Object.values(mix).some((value) => Number(value) > 0),
      "at least one weight must be above 0",
    )
    .default(defaultMix) as z.ZodType<MevWorldSettings["attackers"]>,
  protectedShare: share.default(0.35),
  pairs: z
    .array(
      z.enum(names, {
        error: ({ input }) => `unknown pair ${JSON.stringify(input)}; the pairs are ${names.join(", ")}`,
      }),
    )
    .min(1, "needs at least one pair")
    .refine((pairs) => new Set(pairs).size === pairs.length, "contains a pair twice")
    .default(names),
  noise: z.number().min(0).max(100).default(1),
  v1Share: share.default(0),
  shortSwapShare: share.default(0),
  creatorFeeShare: share.default(0),
  unreadShare: share.default(0),
  unreadRouteShare: share.default(0),
  transferShare: share.default(0),
  startMs: z
    .int()
    .min(0)
    .max(8.64e15 / 2)
    .default(Date.UTC(2026, 0, 5)),
});

/** @throws SlipstreamError (`invalid_option`) with the name of the option and what is allowed. */
export function readMevWorldOptions(options: MevWorldOptions): MevWorldSettings {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.code === "unrecognized_keys" ? [...issue.path, ...issue.keys] : (issue?.path ?? []);
  const field = path.join(".") || "options";
  const given = options[path[0] as keyof MevWorldOptions];
  const received = issue?.code === "unrecognized_keys" ? "" : `, but is ${JSON.stringify(given)}`;
  throw optionError(field, `${issue?.message ?? "not valid"}${received}`);
}
