import { describe, expect, it } from "vitest";
import { decodeError } from "./error.codec.ts";

const SUBSCRIPTION = { type: "userFills", user: "0x1111111111111111111111111111111111111111" };
const ECHO = JSON.stringify(SUBSCRIPTION);

describe("the error channel (protocol §2.3)", () => {
  it.each([
    `Already subscribed: ${ECHO}`,
    `Already unsubscribed: ${ECHO}`,
    `Invalid subscription ${ECHO}`,
  ])("names the subscription: %s", (text) => {
    expect(decodeError(text)).toEqual({ kind: "error", text, subscription: SUBSCRIPTION });
  });

  it("names the post that was one too many", () => {
    const text = "too many pending post requests id=1234";
    expect(decodeError(text)).toEqual({ kind: "error", text, postId: 1234 });
  });

  it("a frame that was not understood is repeated: a post or a subscription in it is named", () => {
    const intro = "Error parsing JSON into valid websocket request: ";
    const post = `${intro}{"method":"post","id":9,"request":{"type":"explorer"}}`;
    expect(decodeError(post)).toEqual({ kind: "error", text: post, postId: 9 });
    const subscribe = `${intro}{"method":"subscribe","subscription":{"type":"nope"}}`;
    expect(decodeError(subscribe)).toEqual({
      kind: "error",
      text: subscribe,
      subscription: { type: "nope" },
    });
    const broken = `${intro}{"method":`;
    expect(decodeError(broken)).toEqual({ kind: "error", text: broken });
  });

  it.each([["Cannot track more than 15 total users."], ["Already subscribed: {oops"], [""]])(
    "keeps any other text: %s",
    (text) => {
      expect(decodeError(text)).toEqual({ kind: "error", text });
    },
  );

  it("keeps what is no text as text", () => {
    expect(decodeError({ code: 1 })).toEqual({ kind: "error", text: '{"code":1}' });
    expect(decodeError(undefined)).toEqual({ kind: "error", text: "nothing" });
  });
});
