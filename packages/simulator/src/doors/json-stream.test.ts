import * as fc from "fast-check";
import { expect, it } from "vitest";
import { jsonParts } from "./json-stream.ts";

it("prints what JSON.stringify prints, whatever it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 7 }), (value) => {
      expect([...jsonParts(value)].join("")).toBe(JSON.stringify(value));
    }),
    { seed: 3, numRuns: 300 },
  );
  const odd = { a: undefined, b: [undefined, 1], "\u2028": {} };
  expect([...jsonParts(odd)].join("")).toBe(JSON.stringify(odd));
});

it("prints a long list in parts", () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => ({
    oid: at,
    statuses: [{ status: "open" }],
  }));
  const parts = [...jsonParts({ accounts: [{ orders: rows }] })];
  expect(parts.length).toBeGreaterThan(4);
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(70_000);
});
