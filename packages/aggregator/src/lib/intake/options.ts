/** Limits on what is received. */
export const intakeOptions = {
  title: "Intake",
  options: {
    maxBodyBytes: {
      type: "number",
      whole: true,
      min: 1_024,
      max: 1_073_741_824,
      unit: "bytes",
      default: 20_971_520,
      env: "SLIPSTREAM_MAX_BODY_BYTES",
      help: "largest OTLP request body, after decompression",
    },
  },
} as const;
