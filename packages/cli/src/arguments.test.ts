import { describe, expect, it } from "vitest";
import { oneOf, readFlags, readFlagsAndWords, UsageError, wholeNumber } from "./arguments.ts";

const FLAGS = {
  port: { type: "string", default: "3001" },
  json: { type: "boolean", default: false },
} as const;

describe("readFlags", () => {
  it("reads both spellings and fills defaults in", () => {
    expect(readFlags(["--port", "5", "--json"], FLAGS)).toEqual({ port: "5", json: true });
    expect(readFlags(["--port=5"], FLAGS)).toEqual({ port: "5", json: false });
  });

  it.each([
    ["an unknown flag", ["--prot", "5"]],
    ["a missing value", ["--port"]],
    ["a value for a switch", ["--json=yes"]],
    ["a word where none is taken", ["5"]],
  ])("refuses %s", (_name, args) => {
    expect(() => readFlags(args, FLAGS)).toThrow(UsageError);
  });

  it("takes words where they are allowed", () => {
    expect(readFlagsAndWords(["a", "--json", "-"], FLAGS).words).toEqual(["a", "-"]);
  });
});

describe("wholeNumber", () => {
  it.each(["", "-1", "1.5", "1e3", "0x10", "11", "NaN", "99999999999999999"])(
    "refuses %j",
    (text) => {
      expect(() => wholeNumber("port", text, { min: 0, max: 10 })).toThrow("--port must be");
    },
  );

  it("takes the bounds themselves", () => {
    expect(wholeNumber("port", "0", { min: 0, max: 10 })).toBe(0);
    expect(wholeNumber("port", "10", { min: 0, max: 10 })).toBe(10);
  });
});

describe("oneOf", () => {
  it("takes a known word only", () => {
    expect(oneOf("network", "testnet", ["mainnet", "testnet"])).toBe("testnet");
    expect(() => oneOf("network", "Testnet", ["mainnet", "testnet"])).toThrow(
      '--network must be mainnet or testnet, not "Testnet"',
    );
  });
});
