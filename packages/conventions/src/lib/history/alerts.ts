/** What became of alerts: a row for each transition of an episode. */
export const alertsTable = {
  name: "alerts",
  help: "A row for each transition of an alert's episode: what a notification tells.",
  partition: "MONTH",
  keepDays: 365,
  reserved: true,
  columns: [
    { name: "timestamp", type: "time", key: true, help: "Event time of the transition." },
    { name: "alert", type: "symbol", key: true, help: "Name of the alert." },
    { name: "episode", type: "text", key: true, help: "Tells one firing of the alert from the next." },
    {
      name: "transition",
      type: "symbol",
      key: true,
      help: "firing, escalated, acknowledged, silenced or resolved.",
    },
    {
      name: "occurrence",
      type: "int",
      key: true,
      help: "1, 2, ...: counted anew after 30 min without firing.",
    },
    { name: "severity", type: "symbol", help: "info, warning or critical." },
    { name: "source", type: "symbol", help: "slipstream or prometheus." },
    {
      name: "service",
      type: "symbol",
      help: "The service that it is about; null where it is about the desk.",
    },
    { name: "statistic", type: "symbol", help: "The statistic that was compared." },
    { name: "value", type: "double", help: "Its value." },
    { name: "threshold", type: "double", help: "What it was compared with." },
    { name: "unit", type: "symbol", help: "Unit of both." },
    { name: "message", type: "text", help: "The notification's text." },
    { name: "labels", type: "text", help: "JSON object of further labels." },
  ],
} as const;
