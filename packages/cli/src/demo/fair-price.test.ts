import { of } from "rxjs";
import { describe, expect, it } from "vitest";
import { type BookSides, fairPrice$ } from "./fair-price.ts";

function book(bids: readonly string[], asks: readonly string[]): BookSides {
  return { bids: bids.map((price) => ({ price })), asks: asks.map((price) => ({ price })) };
}

function fairOf(sides: BookSides, own: readonly string[]): string[] {
  const heard: string[] = [];
  fairPrice$(of(sides), () => new Set(own)).subscribe((price) => heard.push(price));
  return heard;
}

describe("fairPrice$", () => {
  it("is the exact middle of the best prices", () => {
    expect(fairOf(book(["100", "99"], ["101"]), [])).toEqual(["100.5"]);
    expect(fairOf(book(["0.1234"], ["0.1235"]), [])).toEqual(["0.12345"]);
  });

  it("does not look at our own levels", () => {
    expect(fairOf(book(["100", "90"], ["101", "120"]), ["100", "101"])).toEqual(["105"]);
  });

  it("is silent while nobody else stands on a side", () => {
    expect(fairOf(book(["100"], ["101"]), ["100"])).toEqual([]);
    expect(fairOf(book([], ["101"]), [])).toEqual([]);
  });
});
