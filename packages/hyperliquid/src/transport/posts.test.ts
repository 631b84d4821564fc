import { describe, expect, it } from "vitest";
import { postFrame, postTable } from "./posts.ts";

describe("postTable", () => {
  it("gives each copy an id of its own and knows it again, once", () => {
    const posts = postTable();
    const first = posts.open(7);
    const second = posts.open(8);
    expect(second).not.toBe(first);
    expect(posts.take(second)).toBe(8);
    expect(posts.take(first)).toBe(7);
    expect(posts.take(first)).toBeUndefined();
    expect(posts.take(999)).toBeUndefined();
  });

  it("forgets the oldest first when too many are open", () => {
    const posts = postTable(2);
    const ids = [1, 2, 3].map((copy) => posts.open(copy));
    expect(ids.map((id) => posts.take(id))).toEqual([undefined, 2, 3]);
  });
});

describe("postFrame", () => {
  it("carries the signed bytes untouched", () => {
    const payload = '{"action":{"type":"noop"},"nonce":1}';
    const frame = postFrame(41, payload);
    expect(frame).toContain(payload);
    expect(JSON.parse(frame)).toEqual({
      method: "post",
      id: 41,
      request: { type: "action", payload: { action: { type: "noop" }, nonce: 1 } },
    });
  });
});
