import { parseAddress } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeFrame } from "../codec/decode-frame.ts";
import { postTable } from "../transport/posts.ts";
import { factsOfFrame } from "./frame-facts.ts";

const ACCOUNT = parseAddress(`0x${"ab".repeat(20)}`);
const OTHER = parseAddress(`0x${"cd".repeat(20)}`);

function hear(frame: unknown, posts = postTable()) {
  const text = typeof frame === "string" ? frame : JSON.stringify(frame);
  return factsOfFrame(decodeFrame(text), text, { account: ACCOUNT, posts });
}

function answered(id: number, response: unknown) {
  return { channel: "post", data: { id, response } };
}

describe("factsOfFrame", () => {
  it("matches an answer to its copy, once", () => {
    const posts = postTable();
    const id = posts.open(70);
    const frame = answered(id, {
      type: "action",
      payload: { status: "ok", response: { type: "default" } },
    });
    expect(hear(frame, posts)).toEqual([
      { type: "copy.answered", copy: 70, mouth: "socket", answer: { admission: "admittedBare" } },
    ]);
    expect(hear(frame, posts)).toMatchObject([{ type: "ignored", what: "post" }]);
  });

  it("reads an error answer by the status that it mirrors", () => {
    const posts = postTable();
    const id = posts.open(71);
    const frame = answered(id, { type: "error", payload: "429 Too Many Requests" });
    expect(hear(frame, posts)).toMatchObject([
      { copy: 71, answer: { admission: "notAdmitted", reason: "throttled" } },
    ]);
  });

  it("takes `too many pending post requests` as: this copy was not admitted", () => {
    const posts = postTable();
    const id = posts.open(72);
    const text = `too many pending post requests id=${id}`;
    expect(hear({ channel: "error", data: text }, posts)).toEqual([
      {
        type: "copy.answered",
        copy: 72,
        mouth: "socket",
        answer: { admission: "notAdmitted", reason: "tooManyPosts", text },
      },
    ]);
  });

  it("keeps another account's news from this account's orders", () => {
    const fills = (user: string) => ({
      channel: "userFills",
      data: { user, isSnapshot: true, fills: [] },
    });
    expect(hear(fills(OTHER))).toMatchObject([{ type: "unrecognized", channel: "userFills" }]);
    expect(hear(fills(ACCOUNT))).toMatchObject([{ type: "ignored", what: "userFills" }]);
  });

  it.each([["userFills"], ["openOrders"], ["clearinghouseState"]])(
    "%s of nobody who can be named is not this account's",
    (channel) => {
      const state = { assetPositions: [], time: 1 };
      const lists = { fills: [], orders: [], clearinghouseState: state };
      for (const user of [5, "0x12", ACCOUNT.slice(2), [ACCOUNT], ""]) {
        expect(hear({ channel, data: { user, ...lists } })).toMatchObject([
          { type: "unrecognized", channel },
        ]);
      }
    },
  );

  it("an info answer says nothing of a write, even in the words of one", () => {
    const posts = postTable();
    const id = posts.open(73);
    const data = { status: "ok", response: { type: "default" } };
    const frame = answered(id, { type: "info", payload: { type: "orderStatus", data } });
    expect(hear(frame, posts)).toMatchObject([{ copy: 73, answer: { admission: "unknown" } }]);
  });

  it.each<[string, unknown, string]>([
    ["a pong", { channel: "pong" }, "ignored"],
    ["the greeting", "Websocket connection established.", "ignored"],
    [
      "an acknowledgement",
      {
        channel: "subscriptionResponse",
        data: { method: "subscribe", subscription: { type: "orderUpdates" } },
      },
      "ignored",
    ],
    ["an error", { channel: "error", data: "Cannot track more than 15 total users." }, "ignored"],
    ["prices", { channel: "allMids", data: { mids: { BTC: "1.0" } } }, "ignored"],
    ["garbage", "{broken", "unrecognized"],
    ["an unknown channel", { channel: "surprise", data: 1 }, "unrecognized"],
  ])("makes exactly one fact of %s", (_name, frame, type) => {
    expect(hear(frame)).toMatchObject([{ type }]);
    expect(hear(frame)).toHaveLength(1);
  });

  it("keeps the text of what it does not understand", () => {
    expect(hear("{broken")).toMatchObject([{ type: "unrecognized", text: "{broken" }]);
  });
});
