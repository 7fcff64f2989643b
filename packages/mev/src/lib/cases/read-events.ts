import { placeOf } from "@slipstream/solana";
import { isSolanaAddress, type Swap } from "../swaps/swap.ts";
import { eventSchema, type RawEvent } from "./event-schema.ts";
import { InputError } from "./input-error.ts";
import { orientReserves } from "./orient-reserves.ts";

/** An event and its place in the input: `[3].events[7]`, `line 12`. */
export interface PlacedValue {
  readonly value: unknown;
  readonly place: string;
}

/**
 * Checks the events of one case and converts them to swaps.
 * @throws InputError with the place of the first problem.
 */
export function readEvents(values: readonly PlacedValue[]): Swap[] {
  const events = values.map(readEvent);
  refuseRepeated(events, values);
  const reserves = orientReserves(events);
  return events.map((event, index) => toSwap(event, reserves[index]));
}

function readEvent({ value, place }: PlacedValue): RawEvent {
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const [issue, ...others] = parsed.error.issues;
    const more = others.length > 0 ? ` (and ${others.length} more like this)` : "";
    const message = (issue?.message ?? "this is not a swap event").replace(/^Invalid input: /, "");
    throw new InputError(within(place, placeOf(issue?.path ?? [])), `${message}${more}`);
  }
  const event = parsed.data;
  if (event.tokenIn === event.tokenOut) {
    throw new InputError(within(place, "tokenOut"), "expected a token other than tokenIn");
  }
  if ((event.feeOut ?? 0n) > event.amountOut) {
    throw new InputError(
      within(place, "feeOut"),
      "expected at most amountOut, because the fee is part of it",
    );
  }
  refuseTooLarge(event, place);
  return event;
}

const largestSolanaAmount = 2n ** 64n - 1n;

/** Token accounts on Solana hold at most 2^64 - 1. */
function refuseTooLarge(event: RawEvent, place: string): void {
  if (!isSolanaAddress(event.pool)) return;
  for (const key of ["amountIn", "amountOut"] as const) {
    if (event[key] <= largestSolanaAmount) continue;
    const message = `expected at most ${largestSolanaAmount} (2^64 - 1), the limit of Solana's token accounts`;
    throw new InputError(within(place, key), message);
  }
}

/**
 * Joins a place and a path: `line 12` and `amountIn` become `line 12: amountIn`; a path and a key become a
 * longer path.
 */
function within(place: string, path: string): string {
  if (path === "" || place === "") return `${place}${path}`;
  return place.startsWith("line ") ? `${place}: ${path}` : `${place}.${path}`;
}

/** An id identifies one event; a signature has one place in the chain. */
function refuseRepeated(events: readonly RawEvent[], values: readonly PlacedValue[]): void {
  const ids = new Map<string, string>();
  const transactions = new Map<string, { event: RawEvent; place: string }>();
  for (const [index, event] of events.entries()) {
    const place = values[index]?.place ?? "";
    const earlier = ids.get(event.id);
    if (earlier !== undefined) {
      throw new InputError(within(place, "id"), `the same id as ${earlier}; ids must be unique`);
    }
    ids.set(event.id, place);
    const known = transactions.get(event.signature);
    if (known === undefined) transactions.set(event.signature, { event, place });
    else if (known.event.slot !== event.slot || known.event.txIndex !== event.txIndex) {
      throw new InputError(
        within(place, "signature"),
        `the same signature as ${known.place}, which is in another slot or at another txIndex`,
      );
    }
  }
}

function toSwap(event: RawEvent, reserves: Swap["reserves"]): Swap {
  return {
    id: event.id,
    slot: event.slot,
    txIndex: event.txIndex,
    eventIndex: event.eventIndex,
    signature: event.signature,
    signer: address(event.signer),
    program: event.program == null ? undefined : address(event.program),
    pool: address(event.pool),
    protocol: event.protocol,
    payer: event.payer == null ? undefined : address(event.payer),
    recipient: event.recipient == null ? undefined : address(event.recipient),
    tokenIn: address(event.tokenIn),
    tokenOut: address(event.tokenOut),
    amountIn: event.amountIn,
    amountOut: event.amountOut,
    ...(event.feeIn == null ? {} : { feeIn: event.feeIn }),
    ...(event.feeOut == null ? {} : { feeOut: event.feeOut }),
    reserves,
    fee: event.feeLamports == null ? undefined : { total: event.feeLamports },
    tipLamports: event.tipLamports ?? undefined,
    bundleId: event.bundleId ?? undefined,
  };
}

/** Upper and lower case in an EVM address is a checksum, not part of the address. */
function address(text: string): string {
  return text.startsWith("0x") ? text.toLowerCase() : text;
}
