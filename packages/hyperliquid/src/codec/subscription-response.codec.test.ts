import { describe, expect, it } from "vitest";
import { decodeSubscriptionResponse } from "./subscription-response.codec.ts";

const subscription = { type: "l2Book", coin: "BTC", nSigFigs: null, mantissa: null, fast: false };

describe("subscriptionResponse (protocol §2.2)", () => {
  it("hands on the normalised subscription", () => {
    expect(decodeSubscriptionResponse({ method: "subscribe", subscription })).toEqual({
      kind: "subscribed",
      subscription,
    });
    expect(decodeSubscriptionResponse({ method: "unsubscribe", subscription })).toEqual({
      kind: "unsubscribed",
      subscription,
    });
  });

  it.each([
    [null],
    [{ method: "subscribe" }],
    [{ method: "resubscribe", subscription }],
    [{ subscription }],
  ])("refuses %j", (data) => {
    expect(decodeSubscriptionResponse(data)).toMatchObject({ kind: "unrecognized" });
  });
});
