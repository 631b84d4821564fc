import { describe, expect, it } from "vitest";
import {
  parseAddress,
  parseCoin,
  parseOid,
  readAddress,
  readCoin,
  readOid,
  readTid,
} from "./ids.ts";

describe("the venue's ids", () => {
  it.each([0, 1, 700_000_000_001, Number.MAX_SAFE_INTEGER])("%d is an oid and a tid", (value) => {
    expect(readOid(value)).toBe(value);
    expect(parseOid(value)).toBe(value);
    expect(readTid(value)).toBe(value);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1", null, undefined, 1n])(
    "%s is no oid and no tid",
    (value) => {
      expect(readOid(value)).toBeUndefined();
      expect(readTid(value)).toBeUndefined();
      expect(() => parseOid(value)).toThrow(expect.objectContaining({ code: "invalidSpec" }));
    },
  );

  it.each(["BTC", "PURR/USDC", "@107", "xyz:SILVER", "kPEPE"])(
    "%s is a coin, as spelled",
    (name) => {
      expect(readCoin(name)).toBe(name);
      expect(parseCoin(name)).toBe(name);
    },
  );

  it.each(["", "A".repeat(65), 1, null, undefined])("%j is no coin", (name) => {
    expect(readCoin(name)).toBeUndefined();
    expect(() => parseCoin(name)).toThrow(expect.objectContaining({ code: "invalidSpec" }));
  });

  it("an address is one, whatever its case", () => {
    const address = "0xabcdef0123456789abcdef0123456789abcdef01";
    expect(parseAddress("0xABCDEF0123456789abcdef0123456789ABCDEF01")).toBe(address);
    expect(readAddress(address)).toBe(address);
  });

  it.each(["", "0x1", `0x${"g".repeat(40)}`, "1".repeat(40), `0x${"1".repeat(41)}`, 1, null])(
    "%j is no address",
    (value) => {
      expect(readAddress(value)).toBeUndefined();
      expect(() => parseAddress(value, "account")).toThrow(
        expect.objectContaining({ code: "invalidSpec" }),
      );
    },
  );
});
