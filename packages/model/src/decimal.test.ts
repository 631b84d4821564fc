import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  decimalPlaces,
  divideCut,
  formatDecimal,
  maxDecimal,
  minDecimal,
  multiply,
  negate,
  ONE,
  parseDecimal,
  readDecimal,
  signOf,
  significantFigures,
  subtract,
  ZERO,
} from "./decimal.ts";
import { CloisterError } from "./errors.ts";

/** The oracle: every number as a bigint in units of 1e-48, which no number here is finer than. */
const SCALE = 48;

function exact(text: string): bigint {
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(SCALE, "0"));
  return text.startsWith("-") ? -size : size;
}

/** The canonical text of an exact number, written another way than the subject writes it. */
function canonical(units: bigint): string {
  const size = (units < 0n ? -units : units).toString().padStart(SCALE + 1, "0");
  const text = `${size.slice(0, -SCALE)}.${size.slice(-SCALE)}`;
  return `${units < 0n ? "-" : ""}${text.replace(/0+$/, "").replace(/\.$/, "")}`;
}

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), minLength: min, maxLength: max });

const plain = (whole: number, fraction: number): fc.Arbitrary<string> =>
  fc
    .record({ minus: fc.boolean(), whole: digits(1, whole), fraction: digits(0, fraction) })
    .map((part) => {
      const dot = part.fraction === "" ? "" : ".";
      return `${part.minus ? "-" : ""}${part.whole}${dot}${part.fraction}`;
    });

/** Where the two forms of a decimal meet: around 2^53 units of 1e-8, and at the ninth digit. */
const border = fc.constantFrom(
  "90071992.54740991",
  "90071992.54740992",
  "90071992.54740993",
  "-90071992.54740991",
  "-90071992.54740992",
  "45035996.27370496",
  "22517998.13685247",
  "22517998.13685248",
  "0.99999999",
  "-0.99999999",
  "99999999.99999999",
  "0.00000001",
  "-0.00000001",
  "0.000000001",
  "0.999999999",
  "89999999.99999999",
  "9007199254740991",
  "0",
  "-0",
  "0.00",
  "1",
);

const number = fc.oneof(plain(6, 5), plain(8, 8), plain(16, 12), plain(24, 24), border);

function check<Values>(property: fc.IProperty<Values>): void {
  fc.assert(property, { seed: 20_231_114, numRuns: 2_000 });
}

describe("reading and writing", () => {
  it("gives every value its one canonical text", () => {
    check(
      fc.property(number, (text) => {
        expect(formatDecimal(parseDecimal(text))).toBe(canonical(exact(text)));
      }),
    );
  });

  it("gives every value one form, so that === is equality", () => {
    check(
      fc.property(number, fc.nat(3), (text, zeros) => {
        const sign = text.startsWith("-") ? "-" : "";
        const tail = `${text.includes(".") ? "" : "."}${"0".repeat(zeros + 1)}`;
        const padded = `${sign}00${text.slice(sign.length)}${tail}`;
        const value = parseDecimal(text);
        expect(parseDecimal(padded)).toBe(value);
        expect(parseDecimal(formatDecimal(value))).toBe(value);
      }),
    );
  });

  it("survives JSON as it is", () => {
    check(
      fc.property(number, (text) => {
        const value = parseDecimal(text);
        expect(JSON.parse(JSON.stringify(value))).toBe(value);
      }),
    );
  });

  it.each([
    ["64000.0", "64000"],
    ["0.001", "0.001"],
    ["0.00000001", "0.00000001"],
    ["0.000000001", "0.000000001"],
    ["-0.5", "-0.5"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["-0.0000000000000000", "0"],
    ["007.50", "7.5"],
    ["90071992.54740991", "90071992.54740991"],
    ["90071992.54740992", "90071992.54740992"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["100000000000000000000", "100000000000000000000"],
    ["0.100000000000000000000000000000001", "0.100000000000000000000000000000001"],
  ])("reads %s as %s", (text, written) => {
    expect(formatDecimal(parseDecimal(text))).toBe(written);
  });

  it("keeps a zero without a sign", () => {
    for (const text of ["-0", "-0.0", "-0.00000000000"]) {
      expect(Object.is(parseDecimal(text), ZERO)).toBe(true);
    }
    expect(Object.is(negate(ZERO), ZERO)).toBe(true);
    expect(Object.is(multiply(ZERO, parseDecimal("-3")), ZERO)).toBe(true);
    expect(Object.is(multiply(ZERO, parseDecimal("-3.5")), ZERO)).toBe(true);
    expect(Object.is(subtract(ONE, ONE), ZERO)).toBe(true);
    expect(Object.is(decimalOf(-0), ZERO)).toBe(true);
  });

  const words = ["NaN", "Infinity", "-Infinity", "null", "½", "٣", "１", "∞", "0x10", "0b1", "1n"];
  const exponents = ["1e5", "1E5", "1e-8", "1.0e0"];
  const signs = ["+1", "--1", "-+1", "-", "1-", "$1"];
  const dots = [".5", "5.", "-.5", "-5.", ".", "-.", "1.2.3", "1..2", "1.-2"];
  const blanks = ["", " ", " 1", "1 ", "1\n", "\t1", "1 000", "1,000", "1_000"];
  const endless = ["9".repeat(100), `0.${"1".repeat(100)}`, "0".repeat(65)];
  const notText = [1, 0.1, Number.NaN, 10n, null, undefined, true, ["1"], { toString: () => "1" }];
  const refused = [words, exponents, signs, dots, blanks, endless, notText].flat();

  it.each(refused.map((value) => ({ value })))("refuses $value", ({ value }) => {
    expect(readDecimal(value)).toBeUndefined();
    expect(() => parseDecimal(value, "price")).toThrow(CloisterError);
  });

  it("names the field, the value and the rule when it refuses", () => {
    expect(() => parseDecimal("1e5", "price")).toThrow(
      expect.objectContaining({
        code: "invalidSpec",
        outcome: "never-sent",
        message: 'price "1e5": must be a plain decimal string such as "0.001"',
        details: {
          field: "price",
          value: "1e5",
          rule: 'must be a plain decimal string such as "0.001"',
        },
      }),
    );
  });

  it("reads nothing but plain decimals, whatever the text", () => {
    const near = fc.string({
      unit: fc.constantFrom(...Array.from("0123456789.-+eE x")),
      maxLength: 20,
    });
    check(
      fc.property(near, (text) => {
        expect(readDecimal(text) !== undefined).toBe(/^-?[0-9]+(\.[0-9]+)?$/.test(text));
      }),
    );
  });

  it("takes whole numbers only when they are exact", () => {
    expect(decimalOf(64_000)).toBe(parseDecimal("64000"));
    expect(formatDecimal(decimalOf(Number.MIN_SAFE_INTEGER))).toBe("-9007199254740991");
    for (const inexact of [0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => decimalOf(inexact)).toThrow(CloisterError);
    }
  });
});

describe("arithmetic", () => {
  const pairs = fc.tuple(number, number);

  it("adds and subtracts exactly", () => {
    check(
      fc.property(pairs, ([a, b]) => {
        const x = parseDecimal(a);
        const y = parseDecimal(b);
        expect(formatDecimal(add(x, y))).toBe(canonical(exact(a) + exact(b)));
        expect(formatDecimal(subtract(x, y))).toBe(canonical(exact(a) - exact(b)));
        expect(formatDecimal(negate(x))).toBe(canonical(-exact(a)));
      }),
    );
  });

  it("multiplies exactly", () => {
    check(
      fc.property(pairs, ([a, b]) => {
        const product = multiply(parseDecimal(a), parseDecimal(b));
        const oracle = (exact(a) * exact(b)) / 10n ** BigInt(SCALE);
        expect(formatDecimal(product)).toBe(canonical(oracle));
      }),
    );
  });

  it.each([
    ["0.99999999", "0.99999999", "0.9999999800000001"],
    ["-0.99999999", "0.99999999", "-0.9999999800000001"],
    ["0.99999999", "90071992.54740991", "90071991.6466899845259009"],
    ["22517998.13685247", "4", "90071992.54740988"],
    ["22517998.13685248", "4", "90071992.54740992"],
    ["64000.5", "0.001", "64.0005"],
    ["90000000", "90000000", "8100000000000000"],
  ])("multiplies %s and %s at the edge of what is small", (a, b, product) => {
    expect(formatDecimal(multiply(parseDecimal(a), parseDecimal(b)))).toBe(product);
    expect(formatDecimal(multiply(parseDecimal(b), parseDecimal(a)))).toBe(product);
  });

  it("gives results the same form as what is read", () => {
    check(
      fc.property(pairs, ([a, b]) => {
        const [x, y] = [parseDecimal(a), parseDecimal(b)];
        for (const value of [add(x, y), subtract(x, y), negate(x)]) {
          expect(parseDecimal(formatDecimal(value))).toBe(value);
        }
      }),
    );
    const [x, y] = [parseDecimal("3.5"), parseDecimal("123456789012345678.123456789")];
    expect(subtract(add(x, y), y)).toBe(x);
    expect(multiply(parseDecimal("0.0000000001"), parseDecimal("10000000000"))).toBe(ONE);
  });

  it("compares as numbers do", () => {
    check(
      fc.property(pairs, ([a, b]) => {
        const [x, y] = [parseDecimal(a), parseDecimal(b)];
        const order = exact(a) < exact(b) ? -1 : exact(a) > exact(b) ? 1 : 0;
        expect(Math.sign(compare(x, y))).toBe(order);
        expect(Math.sign(compare(y, x)) + order).toBe(0);
        expect(x === y).toBe(order === 0);
        expect(maxDecimal(x, y)).toBe(order < 0 ? y : x);
        expect(minDecimal(x, y)).toBe(order > 0 ? y : x);
        expect(signOf(x)).toBe(exact(a) < 0n ? -1 : exact(a) > 0n ? 1 : 0);
      }),
    );
  });

  it("divides, cut toward zero", () => {
    const divisor = number.filter((text) => exact(text) !== 0n);
    check(
      fc.property(number, divisor, fc.nat(12), (a, b, decimals) => {
        const quotient = divideCut(parseDecimal(a), parseDecimal(b), decimals);
        const unit = 10n ** BigInt(SCALE - decimals);
        const oracle = ((exact(a) * 10n ** BigInt(decimals)) / exact(b)) * unit;
        expect(formatDecimal(quotient)).toBe(canonical(oracle));
      }),
    );
    expect(formatDecimal(divideCut(parseDecimal("-2"), parseDecimal("3"), 4))).toBe("-0.6666");
    expect(() => divideCut(ONE, ZERO, 8)).toThrow(CloisterError);
  });

  it("knows no floating point", () => {
    const sum = add(parseDecimal("0.1"), parseDecimal("0.2"));
    expect(sum).toBe(parseDecimal("0.3"));
    let fees: Decimal = ZERO;
    for (let fill = 0; fill < 1_000; fill += 1) fees = add(fees, parseDecimal("0.011359"));
    expect(formatDecimal(fees)).toBe("11.359");
  });
});

describe("digits", () => {
  it("counts those after the dot and the significant ones", () => {
    check(
      fc.property(number, (text) => {
        const value = parseDecimal(text);
        const written = canonical(exact(text));
        const [, fraction = ""] = written.split(".");
        expect(decimalPlaces(value)).toBe(fraction.length);
        const bare = written.replace("-", "").replace(".", "").replace(/^0+/, "");
        expect(significantFigures(value)).toBe(bare.replace(/0+$/, "").length);
      }),
    );
  });

  it.each([
    ["0", 0, 0],
    ["123456", 0, 6],
    ["100000", 0, 1],
    ["12345.6", 1, 6],
    ["0.001234", 6, 4],
    ["0.0012340", 6, 4],
    ["-10.010", 2, 4],
    ["1200000000000000000000000", 0, 2],
  ])("%s has %i places and %i figures", (text, places, figures) => {
    expect(decimalPlaces(parseDecimal(text))).toBe(places);
    expect(significantFigures(parseDecimal(text))).toBe(figures);
  });
});
