import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isMarked,
  makeCloid,
  makeCloidMark,
  parseCloid,
  parseCloidMark,
  readCloid,
} from "./cloid.ts";
import { CloisterError } from "./errors.ts";
import { seededRandom } from "./seeded-random.ts";

const CANONICAL = "0x00112233445566778899aabbccddeeff";

describe("a cloid", () => {
  it.each([
    ["canonical", "0x00112233445566778899aabbccddeeff"],
    ["upper case", "0x00112233445566778899AABBCCDDEEFF"],
    ["upper prefix", "0X00112233445566778899AaBbCcDdEeFf"],
    ["bare", "00112233445566778899aabbccddeeff"],
    ["a UUID", "00112233-4455-6677-8899-aabbccddeeff"],
    ["a UUID in upper case", "00112233-4455-6677-8899-AABBCCDDEEFF"],
  ])("is read when spelled %s, and normalised", (_, spelling) => {
    expect(parseCloid(spelling)).toBe(CANONICAL);
    expect(readCloid(spelling)).toBe(CANONICAL);
  });

  it.each([
    ["empty", ""],
    ["too short", "0x00112233445566778899aabbccddeef"],
    ["too long", "0x00112233445566778899aabbccddeeff0"],
    ["a short number", "0x1"],
    ["no hex", "0x00112233445566778899aabbccddeefg"],
    ["a prefix twice", "0x0x112233445566778899aabbccddeeff"],
    ["with a space", " 0x00112233445566778899aabbccddeeff"],
    ["with a line end", "0x00112233445566778899aabbccddeeff\n"],
    ["a prefixed UUID", "0x00112233-4455-6677-8899-aabbccddeeff"],
    ["a UUID with a misplaced dash", "001122334-455-6677-8899-aabbccddeeff"],
    ["a UUID in braces", "{00112233-4455-6677-8899-aabbccddeeff}"],
    ["an address", "0x1111111111111111111111111111111111111111"],
    ["a number", 1],
    ["null", null],
    ["nothing", undefined],
    ["an array that prints as one", [CANONICAL]],
  ])("is refused when it is %s", (_, value) => {
    expect(readCloid(value)).toBeUndefined();
    expect(() => parseCloid(value)).toThrow(CloisterError);
  });

  it("is refused with the field, the value and the rule", () => {
    expect(() => parseCloid("nonsense", "spec.cloid")).toThrow(
      expect.objectContaining({
        code: "invalidSpec",
        details: {
          field: "spec.cloid",
          value: "nonsense",
          rule: "must be 32 hex digits or a UUID",
        },
      }),
    );
  });

  it("is the same however it is spelled", () => {
    const hex = fc.string({
      unit: fc.constantFrom(...Array.from("0123456789abcdef")),
      minLength: 32,
      maxLength: 32,
    });
    fc.assert(
      fc.property(hex, (text) => {
        const uuid = text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
        const spellings = [text, `0x${text}`, text.toUpperCase(), uuid, uuid.toUpperCase()];
        expect(new Set(spellings.map((spelling) => parseCloid(spelling)))).toEqual(
          new Set([`0x${text}`]),
        );
      }),
      { seed: 7 },
    );
  });
});

describe("a cloid of ours", () => {
  it("is the mark and 12 random bytes, canonical", () => {
    const mark = parseCloidMark("DEADBEEF");
    expect(mark).toBe("deadbeef");
    const zeros = { next: () => 0, bytes: (length: number) => new Uint8Array(length) };
    expect(makeCloid(mark, zeros)).toBe("0xdeadbeef000000000000000000000000");
    const cloid = makeCloid(mark, seededRandom(1));
    expect(readCloid(cloid)).toBe(cloid);
    expect(isMarked(cloid, mark)).toBe(true);
  });

  it("is told from a stranger's by the mark in its first 4 bytes only", () => {
    const mark = parseCloidMark("deadbeef");
    expect(isMarked(parseCloid("0x00000000deadbeef0000000000000000"), mark)).toBe(false);
    expect(isMarked(parseCloid("0xdeadbee0000000000000000000000000"), mark)).toBe(false);
    expect(isMarked(parseCloid("0xDEADBEEF000000000000000000000000"), mark)).toBe(true);
  });

  it("does not repeat", () => {
    const random = seededRandom(3);
    const mark = makeCloidMark(random);
    const cloids = new Set(Array.from({ length: 10_000 }, () => makeCloid(mark, random)));
    expect(cloids.size).toBe(10_000);
    expect([...cloids].every((cloid) => isMarked(cloid, mark))).toBe(true);
  });

  it.each(["", "deadbee", "deadbeef0", "0xdeadbe", "deadbeeg", 1, undefined])(
    "takes no mark like %j",
    (text) => {
      expect(() => parseCloidMark(text)).toThrow(
        expect.objectContaining({ code: "invalidOption" }),
      );
    },
  );
});
