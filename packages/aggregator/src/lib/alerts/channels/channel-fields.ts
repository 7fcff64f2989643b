import type { Severity } from "@slipstream/alerts";
import type { Option, ValueOf } from "@slipstream/config";

/** One setting of a channel. The value of one that is `secret` is shown nowhere, and can also be read from a file or a variable. */
export type ChannelField = Option & { readonly required?: true };

/** The settings of a type of channel, beside those that all have. Plain data: it is loaded wherever the configuration is. */
export type ChannelFields = Readonly<Record<string, ChannelField>>;

type SecretOf<F> = {
  [K in keyof F]: F[K] extends { readonly secret: true } ? K : never;
}[keyof F] &
  string;

type RequiredOf<F> = {
  [K in keyof F]: F[K] extends { readonly required: true } ? K : never;
}[keyof F] &
  string;

type Plain<F> = Exclude<keyof F, SecretOf<F>>;

/** What all channels may say. */
export interface CommonSettings {
  /** Least severe alerts that it gets. Default: info, which is all. */
  readonly minSeverity?: Severity | undefined;
  /** Labels that an alert must have, as in `pair=SOL/USDC`. Default: all alerts. */
  readonly match?: string | undefined;
}

/** The settings of a channel as they are written. Of a secret, one of three forms is given. */
export type ChannelSettingsOf<F> = CommonSettings & {
  readonly [K in Plain<F> & RequiredOf<F>]: ValueOf<F[K]>;
} & { readonly [K in Exclude<Plain<F>, RequiredOf<F>>]?: ValueOf<F[K]> | undefined } & {
  readonly [K in SecretOf<F> | `${SecretOf<F>}File` | `${SecretOf<F>}Env`]?: string | undefined;
};

/** A secret, read again each time: a file may hold another one by now. Rejects if it cannot be read. */
export type ReadSecret = () => Promise<string>;

/** The settings of a channel as it gets them. */
export type ChannelValues<F> = {
  readonly [K in Plain<F> & (RequiredOf<F> | DefaultOf<F>)]: ValueOf<F[K]>;
} & { readonly [K in Exclude<Plain<F>, RequiredOf<F> | DefaultOf<F>>]?: ValueOf<F[K]> | undefined } & {
  readonly [K in SecretOf<F> & RequiredOf<F>]: ReadSecret;
} & { readonly [K in Exclude<SecretOf<F>, RequiredOf<F>>]?: ReadSecret | undefined };

type DefaultOf<F> = {
  [K in keyof F]: F[K] extends { readonly default: unknown } ? K : never;
}[keyof F];
