import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Conversation } from "./conversation.ts";

const USER = "0x1111111111111111111111111111111111111111";
const post = (id: unknown, request: unknown): string =>
  JSON.stringify({ method: "post", id, request });

it("knows an answer by the id of what was asked, once", () => {
  const talk = new Conversation();
  const payload = { action: { type: "order" }, nonce: 5 };
  expect(talk.asks(post(1, { type: "action", payload }))).toEqual({ type: "order", nonce: 5 });
  const read = { type: "openOrders", user: USER };
  expect(talk.asks(post(2, { type: "info", payload: read }))).toBeUndefined();
  const answer = (id: number): string => JSON.stringify({ channel: "post", data: { id } });
  expect(talk.about(answer(1))).toEqual({ channel: "post", type: "order" });
  expect(talk.about(answer(1))).toEqual({ channel: "post" });
  expect(talk.about(answer(2))).toEqual({ channel: "post", type: "openOrders", account: USER });
});

it("tells an acknowledgement, a pong and what nobody asked for as what they are", () => {
  const talk = new Conversation();
  const subscription = { type: "userFills", user: USER };
  const told = { channel: "subscriptionResponse", data: { method: "subscribe", subscription } };
  expect(talk.about(JSON.stringify(told))).toEqual({
    channel: "subscriptionResponse",
    type: "userFills",
    account: USER,
  });
  expect(talk.about('{"channel":"pong"}')).toEqual({ channel: "pong" });
  expect(talk.about('{"channel":"userFills","data":{}}')).toEqual({ channel: "userFills" });
  expect(talk.about("{nope")).toEqual({ channel: "" });
});

it("remembers a bounded number of posts that nobody answers", () => {
  const talk = new Conversation();
  const request = { type: "info", payload: { type: "meta" } };
  for (let id = 0; id <= 10_000; id += 1) talk.asks(post(id, request));
  expect(talk.about('{"channel":"post","data":{"id":0}}')).toEqual({ channel: "post" });
  expect(talk.about('{"channel":"post","data":{"id":1}}')).toMatchObject({ type: "meta" });
});

it("takes whatever either side says", () => {
  const words = ["method", "id", "request", "payload", "action", "channel", "data", "user"];
  const keys = fc.constantFrom(...words, "subscription", "type", "nonce");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom("post", "action", "subscribe", "unsubscribe", USER, 1, null, true),
      fc.dictionary(keys, tie("tree")),
      fc.array(tie("tree"), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 12 }), (said) => {
      const talk = new Conversation();
      for (const one of said) {
        talk.asks(JSON.stringify(one));
        expect(typeof talk.about(JSON.stringify(one)).channel).toBe("string");
      }
    }),
    { seed: 6, numRuns: 300 },
  );
});
