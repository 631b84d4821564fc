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
        surplus: 0,
        volume: parseDecimal("170043721737.450012207"),
      },
    });
  });

  it("reads what was bought beside", () => {
    const body = { cumVlm: "0.0", nRequestsUsed: 0, nRequestsCap: 1, nRequestsSurplus: 98 };
    expect(decodeUserRateLimit(body)).toMatchObject({ value: { used: 0, cap: 1, surplus: 98 } });
  });

  it.each([
    [null],
    [{ ...BODY, nRequestsSurplus: "98" }],
    [{ ...BODY, nRequestsUsed: "1" }],
    [{ ...BODY, nRequestsCap: -1 }],
    [{ ...BODY, cumVlm: 1 }],
  ])("refuses %j", (body) => {
    expect(decodeUserRateLimit(body).kind).toBe("unrecognized");
  });
});
