import { parseOid, type Query } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { covers, isRecent, widest } from "./covers.ts";
import { first } from "./read-rank.ts";

const LIST: Query = { kind: "openOrders" };
const since = (fromMs: number): Query => ({ kind: "fills", fromMs });
const status = (oid: number): Query => ({ kind: "orderStatus", key: parseOid(oid) });

describe("one answer to several questions", () => {
  it("is the same list, the same order, or a window that reaches as far back", () => {
    expect(covers(LIST, LIST)).toBe(true);
    expect(covers(LIST, since(1))).toBe(false);
    expect(covers(status(1), status(1))).toBe(true);
    expect(covers(status(1), status(2))).toBe(false);
    expect(covers(since(5), since(6))).toBe(true);
    expect(covers(since(6), since(5))).toBe(false);
  });

  it("what is not sent yet becomes wide enough for both", () => {
    expect(widest(since(6), since(5))).toEqual(since(5));
    expect(widest(LIST, LIST)).toEqual(LIST);
    expect(widest(status(1), status(2))).toBeUndefined();
    expect(widest(LIST, since(5))).toBeUndefined();
  });

  it("an answer counts later for who wants no younger one", () => {
    const begun = { query: since(5), begunAt: 100 };
    expect(isRecent(begun, since(7), 100)).toBe(true);
    expect(isRecent(begun, since(7), 101)).toBe(false);
    expect(isRecent(begun, since(4), 100)).toBe(false);
  });

  it("what is urgent goes first, else what came first", () => {
    const waiting = [
      { rank: "compare", name: "a" },
      { rank: "account", name: "b" },
      { rank: "urgent", name: "c" },
      { rank: "urgent", name: "d" },
    ] as const;
    expect(first(waiting)?.name).toBe("c");
    expect(first(waiting.slice(0, 2))?.name).toBe("b");
    const none: readonly { readonly rank: "urgent" }[] = [];
    expect(first(none)?.rank).toBeUndefined();
  });
});
