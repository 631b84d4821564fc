import { describe, expect, it } from "vitest";
import { CHANNELS } from "./channels.ts";
import { decodeFrame } from "./decode-frame.ts";
import { decodeAnything } from "../decode.ts";

function frame(channel: unknown, data?: unknown): string {
  return JSON.stringify({ channel, data });
}

describe("decodeFrame", () => {
  it("knows the channels of the engine and of market data", () => {
    expect([...CHANNELS].sort()).toEqual(
      [
        "allMids",
        "bbo",
        "clearinghouseState",
        "error",
        "l2Book",
        "openOrders",
        "orderUpdates",
        "pong",
        "post",
        "subscriptionResponse",
        "trades",
        "user",
        "userFills",
      ].sort(),
    );
  });

  it("pong and the greeting", () => {
    expect(decodeFrame('{"channel":"pong"}')).toEqual({ kind: "pong" });
    expect(decodeFrame("Websocket connection established.")).toEqual({ kind: "greeting" });
    expect(decodeFrame("Websocket connection established.\n")).toEqual({ kind: "greeting" });
  });

  it.each([
    ["<html>", "the text is not JSON"],
    ["", "the text is not JSON"],
    ['{"channel":"orderUp', "the text is not JSON"],
    ["[]", "the frame is not an object"],
    ["null", "the frame is not an object"],
    ['"pong"', "the frame is not an object"],
    ["{}", "the frame names no channel"],
    ['{"channel":1}', "the frame names no channel"],
  ])("situation 99: %s", (text, reason) => {
    expect(decodeFrame(text)).toEqual({ kind: "unrecognized", channel: "", reason });
  });

  it.each(["newChannel", "constructor", "__proto__", "toString", "PONG"])(
    "situation 99: unknown channel %s",
    (channel) => {
      expect(decodeFrame(frame(channel, []))).toEqual({
        kind: "unrecognized",
        channel,
        reason: "unknown channel",
      });
    },
  );

  it.each(["webData2", "webData3", "notification", "userFundings", "activeAssetCtx"])(
    "%s is ignored, and says so",
    (channel) => {
      expect(decodeFrame(frame(channel, {}))).toMatchObject({
        kind: "facts",
        facts: [{ type: "ignored", what: channel }],
      });
    },
  );

  it.each(CHANNELS.filter((channel) => channel !== "pong" && channel !== "error"))(
    "situation 99: %s without data is refused, not thrown",
    (channel) => {
      for (const data of [undefined, null, 0, "x", [null], {}]) {
        const decoded = decodeFrame(frame(channel, data));
        const facts = decoded.kind === "facts" ? decoded.facts : [];
        const broken = decoded.kind === "market" ? decoded.broken : [];
        const told =
          decoded.kind === "unrecognized" || facts[0]?.type === "unrecognized" || broken.length > 0;
        expect(told, `${channel} of ${JSON.stringify(data)}`).toBe(true);
      }
    },
  );

  it("situation 99: nesting too deep to be written again is refused, not thrown", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const channel of CHANNELS) {
      for (const data of [deep, `[${deep}]`, `{"fills":[${deep}],"orders":[${deep}]}`]) {
        expect(() => decodeFrame(`{"channel":"${channel}","data":${data}}`)).not.toThrow();
      }
    }
    expect(decodeFrame(`{"channel":"orderUpdates","data":[${deep}]}`)).toMatchObject({
      facts: [{ type: "unrecognized", text: "nested too deep to be written" }],
    });
    expect(() => decodeAnything(deep)).not.toThrow();
  });
});
