import type { ReceiptClockNews } from "./receipt-clock.ts";

const texts: Readonly<Record<ReceiptClockNews["kind"], string>> = {
  ahead:
    "This machine's clock was set back, or is behind the newest record of the log. Times of receipt go on from where they were, 2 % slower until the clock has caught up",
  behind:
    "This machine's clock has jumped ahead. Times of receipt follow in two minutes if it is still there, so that a clock that is wrong for a moment moves nothing",
  agrees: "Times of receipt agree with this machine's clock again",
};

/** What a log line says of it. */
export function receiptClockText({ kind }: ReceiptClockNews): string {
  return texts[kind];
}
