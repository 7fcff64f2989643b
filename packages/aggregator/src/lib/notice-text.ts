import type { Notice } from "@slipstream/engine";

const refusedTexts: Readonly<Record<Extract<Notice, { readonly kind: "refused" }>["reason"], string>> = {
  implausible: "A service sends a value that cannot be true; such values are not counted",
  unknown_word: "A service sends a word that is not known; what it says counts as unknown",
  wrong_type: "A service sends a value of the wrong type; such values are not counted",
  absent:
    "A service's trades have no trade.status, or its gauge has no value: the status is unknown, and in no rate, or the gauge is",
  ends_before_start:
    "A service's span ends before it starts: its clock was set back. Its duration is not counted, the rest is",
  delta:
    "A service sends changes (delta temporality) in place of a gauge, which is unknown then; export it with cumulative temporality",
  monotonic: "A service sends a counter in place of a gauge, which is unknown then",
  distribution: "A service sends a histogram or a summary in place of a gauge, which is unknown then",
};

/** A notice about a service, for a log. */
export function noticeText(notice: Notice): string {
  if (notice.kind === "refused") return refusedTexts[notice.reason];
  if (notice.kind === "canary")
    return "A service marks spans with slipstream.canary: they test the pipeline, and are in no statistic";
  return notice.behindSeconds === null
    ? "The service's clock is no longer behind"
    : "The service's clock is behind this one; its data is placed by when it arrives";
}
