import { describe, expect, it } from "vitest";
import { decodePost } from "./post.codec.ts";

describe("post (protocol §3)", () => {
  it("hands on an action's answer as it is", () => {
    const payload = { status: "ok", response: { type: "default" } };
    expect(decodePost({ id: 42, response: { type: "action", payload } })).toEqual({
      kind: "post",
      id: 42,
      type: "action",
      body: payload,
    });
  });

  it("unwraps an info answer", () => {
    const payload = { type: "orderStatus", data: { status: "unknownOid" } };
    expect(decodePost({ id: 41, response: { type: "info", payload } })).toEqual({
      kind: "post",
      id: 41,
      type: "info",
      infoType: "orderStatus",
      body: { status: "unknownOid" },
    });
  });

  it("an error is a text", () => {
    expect(
      decodePost({ id: 43, response: { type: "error", payload: "429 Too Many Requests" } }),
    ).toEqual({
      kind: "post",
      id: 43,
      type: "error",
      body: "429 Too Many Requests",
    });
  });

  it.each([
    [{ type: "explorer", payload: 1 }],
    [{ type: "error", payload: { code: 1 } }],
    [{ type: "info", payload: null }],
    [null],
    [undefined],
  ])("once the id is read the answer is never lost: %j", (response) => {
    expect(decodePost({ id: 7, response })).toMatchObject({ kind: "post", id: 7, type: "error" });
  });

  it.each([[null], [{}], [{ id: "7", response: {} }], [{ id: 1.5 }]])("refuses %j", (data) => {
    expect(decodePost(data)).toMatchObject({ kind: "unrecognized", channel: "post" });
  });
});
