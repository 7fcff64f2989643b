/**
 * What `npm run fuzz` gives random bytes to: the default of a file `NAME.fuzz.ts`, in the `testing` folder beside the code.
 * A target is `export const target: FuzzTarget`.
 */
export interface FuzzTarget {
  /** Inputs to begin with; those in the corpus come beside them. */
  seeds(): readonly Uint8Array[];
  /** Texts and bytes that inputs are likely to be made of. */
  readonly tokens: readonly (string | Uint8Array)[];
  /** Gives the code an input. Throws if it does anything with it that it must not. */
  run(input: Uint8Array): unknown;
}
