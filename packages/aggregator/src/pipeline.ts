import "@slipstream/conventions/needs-node-24";

export { UnkeptLog } from "./lib/log/unkept-log.ts";
export { noticeText } from "./lib/notice-text.ts";
export { Pipeline, type Stage } from "./lib/pipeline/pipeline.ts";
export { ReceiptClock } from "./lib/receipt-clock/receipt-clock.ts";
export { receiptClockText } from "./lib/receipt-clock/receipt-clock-text.ts";
