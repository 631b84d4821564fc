import { describe, expect, it } from "vitest";
import { CloisterError, ERROR_CODES, invalidOption, invalidSpec, show } from "./errors.ts";

describe("an error", () => {
  it("says what, what the venue may have seen, and what led to it", () => {
    const cause = new Error("disk full");
    const error = new CloisterError("journalFailed", "could not record", {
      outcome: "unknown",
      details: { from: 1, to: 2 },
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "CloisterError",
      code: "journalFailed",
      message: "could not record",
      outcome: "unknown",
      details: { from: 1, to: 2 },
      cause,
    });
  });

  it("was never sent unless it says otherwise, and carries no empty cause", () => {
    const error = new CloisterError("closed", "the engine is closed");
    expect(error.outcome).toBe("never-sent");
    expect(error.details).toEqual({});
    expect("cause" in error).toBe(false);
  });

  it("of a field names the field, the value and the rule", () => {
    const spec = invalidSpec("size", "0.5", "must be whole");
    expect(spec.message).toBe('size "0.5": must be whole');
    expect(spec.details).toEqual({ field: "size", value: "0.5", rule: "must be whole" });
    const option = invalidOption("inFlightMax", 0, "must be positive");
    expect(option).toMatchObject({
      code: "invalidOption",
      message: "option inFlightMax 0: must be positive",
      details: { field: "inFlightMax", value: 0, rule: "must be positive" },
    });
  });

  it("has a code that the list explains", () => {
    for (const [code, what] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[a-z][A-Za-z]+$/);
      expect(what).toMatch(/^[A-Z].+\.$/);
    }
  });
});

describe("showing a value", () => {
  it.each([
    ["a", '"a"'],
    ["x".repeat(100), `"${"x".repeat(80)}"`],
    ['a "quoted"\nline', String.raw`"a \"quoted\"\nline"`],
    [1, "1"],
    [-0.5, "-0.5"],
    [10n, "10"],
    [null, "null"],
    [undefined, "undefined"],
    [true, "true"],
    [{ secret: 1 }, "[object Object]"],
    [["a"], "[object Array]"],
    [Symbol("s"), "Symbol(s)"],
  ])("takes one short line, whatever it is", (value, text) => {
    expect(show(value)).toBe(text);
  });

  it("does not run the value's own code", () => {
    const hostile = {
      toString: () => {
        throw new Error("ran");
      },
    };
    expect(show(hostile)).toBe("[object Object]");
  });
});
