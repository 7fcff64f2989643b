/** Desks beside the aggregator's own. */
export const deskOptions = {
  title: "Other desks",
  options: {
    maxDesks: {
      type: "number",
      whole: true,
      min: 0,
      max: 100,
      default: 8,
      env: "SLIPSTREAM_MAX_DESKS",
      help: "most desks beside the aggregator's own that have statistics; data of more is taken, counted and left out",
      details:
        "Data of another desk has its name as `slipstream.desk`. Each desk has statistics of its own and needs about as much memory as the aggregator's own.",
    },
  },
} as const;
