import { expect, test } from "vitest";
import { samplesOf, totalsOf } from "./metrics.ts";

const own = `# TYPE slipstream_log_position gauge
slipstream_log_position 12
# TYPE trades_total unknown
# HELP trades_total Trades.
trades_total{status="a b"} 3
# TYPE solana_node_latency_seconds histogram
solana_node_latency_seconds_bucket{le="0.1"} 2 # {trace_id="ab"} 0.05 17.5
solana_node_latency_seconds_sum 0.5
# TYPE slipstream_spans unknown
slipstream_spans{service="desk",state="received"} 5
slipstream_spans{service="desk",state="late"} 1
# TYPE slipstream_success_ratio gauge
slipstream_success_ratio 1
# EOF
`;

test("samples are told apart by name and labels, families that the other text lacks are left out", () => {
  const engines = own.slice(own.indexOf("# TYPE trades_total"));
  expect([...samplesOf(own, engines)]).toEqual([
    ['trades_total{status="a b"}', "3"],
    ['solana_node_latency_seconds_bucket{le="0.1"}', '2 # {trace_id="ab"} 0.05 17.5'],
    ["solana_node_latency_seconds_sum", "0.5"],
    ['slipstream_spans{service="desk",state="received"}', "5"],
    ['slipstream_spans{service="desk",state="late"}', "1"],
    ["slipstream_success_ratio", "1"],
  ]);
});

test("samples of a desk are those with its name, without the label", () => {
  const text = `# TYPE a gauge
a 1
a{desk="b"} 2
a{pair="desk",desk="b"} 3
a_bucket{desk="b",le="0.1"} 4 # {trace_id="ab"} 0.05
a{pair="desk"} 5
a{desk="c"} 6
`;
  expect([...samplesOf(text, text, "b")]).toEqual([
    ["a", "2"],
    ['a{pair="desk"}', "3"],
    ['a_bucket{le="0.1"}', '4 # {trace_id="ab"} 0.05'],
  ]);
  expect([...samplesOf(text)]).toEqual([
    ["a", "1"],
    ['a{pair="desk"}', "5"],
  ]);
});

test("a sample or a family that is there twice is an error", () => {
  expect(() => samplesOf('# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n')).toThrow('a{x="1"} twice');
  expect(() => samplesOf("# TYPE a gauge\na 1\n# TYPE a gauge\n")).toThrow("a family twice");
});

test("totals are neither windows nor depend on the order of arrival", () => {
  expect([...totalsOf(samplesOf(own)).keys()]).toEqual([
    'trades_total{status="a b"}',
    'solana_node_latency_seconds_bucket{le="0.1"}',
    "solana_node_latency_seconds_sum",
    'slipstream_spans{service="desk",state="received"}',
  ]);
});
