import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeUserRateLimit } from "./user-rate-limit.codec.ts";

const BODY = {
  cumVlm: "170043721737.450012207",
  nRequestsUsed: 36_589_831_368,
  nRequestsCap: 170_043_731_737,
};

describe("userRateLimit (protocol §8.7, §12.2)", () => {
  it("reads the budget exactly", () => {
    expect(decodeUserRateLimit(BODY)).toEqual({
      kind: "ok",
      value: {
        used: 36_589_831_368,
        cap: 170_043_731_737,
        volume: parseDecimal("170043721737.450012207"),
      },
    });
  });

  it.each([
    [null],
    [{ ...BODY, nRequestsUsed: "1" }],
    [{ ...BODY, nRequestsCap: -1 }],
    [{ ...BODY, cumVlm: 1 }],
  ])("refuses %j", (body) => {
    expect(decodeUserRateLimit(body).kind).toBe("unrecognized");
  });
});
