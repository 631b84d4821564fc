import { beforeEach, expect, it } from "vitest";
import { ALICE, Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";
import type { Exchange } from "../exchange.ts";
import {
  type HttpAnswer,
  type HttpRequest,
  NOT_JSON,
  NOT_JSON_TYPE,
  NOT_TYPED,
} from "./http-front.ts";

let desk: Desk;
beforeEach(() => {
  desk = new Desk(openExchange(), ALICE);
});

const order = (change: object) => ({
  type: "order",
  orders: [{ ...limit({ b: true, p: "64000", s: "0.001" }), ...change }],
  grouping: "na",
});
const envelope = (action: object, change: object = {}) =>
  JSON.stringify({ ...signedEnvelope(ALICE, action, { nonce: 1_700_000_000_000 }), ...change });

it.each([
  ["no JSON", "/info", "{nope", 400, NOT_JSON],
  ["nothing", "/exchange", "", 400, NOT_JSON],
  ["an unknown read", "/info", '{"type":"nope"}', 422, NOT_TYPED],
  ["a read without its user", "/info", '{"type":"openOrders"}', 422, NOT_TYPED],
  ["a user that is none", "/info", '{"type":"openOrders","user":"0x12"}', 422, NOT_TYPED],
  ["a list for a read", "/info", "[]", 422, NOT_TYPED],
  ["a number out of range", "/info", '{"type":"l2Book","coin":"BTC","nSigFigs":6}', 500, "null"],
  ["an unknown coin", "/info", '{"type":"l2Book","coin":"NOPE"}', 200, "null"],
  [
    "an action without a signature",
    "/exchange",
    '{"action":{"type":"noop"},"nonce":1}',
    422,
    NOT_TYPED,
  ],
  ["an unknown action", "/exchange", envelope({ type: "nope" }), 422, NOT_TYPED],
  [
    "an unknown field of the envelope",
    "/exchange",
    envelope({ type: "noop" }, { more: 1 }),
    422,
    NOT_TYPED,
  ],
  [
    "an unknown field of the action",
    "/exchange",
    envelope({ type: "noop", more: 1 }),
    422,
    NOT_TYPED,
  ],
  ["a number for a price", "/exchange", envelope(order({ p: 64000 })), 422, NOT_TYPED],
  ["an exponent", "/exchange", envelope(order({ p: "6e4" })), 422, NOT_TYPED],
  ["a negative size", "/exchange", envelope(order({ s: "-1" })), 422, NOT_TYPED],
  ["nine decimals", "/exchange", envelope(order({ s: "0.123456789" })), 422, NOT_TYPED],
  ["NaN", "/exchange", envelope(order({ s: "NaN" })), 422, NOT_TYPED],
  ["a short cloid", "/exchange", envelope(order({ c: "0x12" })), 422, NOT_TYPED],
] as const)("%s", (_what, path, body, status, text) => {
  expect(desk.http(path, body)).toMatchObject({ status, body: text });
});

it("ignores what trails the first value and what an order does not know", () => {
  expect(desk.http("/info", '{"type":"exchangeStatus"} and more')).toMatchObject({ status: 200 });
  expect(JSON.parse(desk.http("/exchange", envelope(order({ extra: true }))).body)).toMatchObject({
    status: "ok",
  });
});

it("does not know other paths, nor other content types", () => {
  const at = openExchange();
  const answers: HttpAnswer[] = [];
  for (const [path, contentType] of [
    ["/else", "application/json"],
    ["/info", "text/plain"],
    ["/info", undefined],
  ] as const) {
    ask(at.exchange, { path, contentType, body: "{}" }, answers);
  }
  expect(answers).toEqual([
    { status: 404, body: "" },
    { status: 415, body: NOT_JSON_TYPE },
    { status: 415, body: NOT_JSON_TYPE },
  ]);
});

it("recovers really where no lookup was asked for", () => {
  const at = openExchange();
  const answers: HttpAnswer[] = [];
  const body = envelope({ type: "noop" });
  ask(at.exchange, { path: "/exchange", contentType: "application/json", body }, answers);
  expect(answers[0]?.body).toMatch(/does not exist|Unable to recover signer/);
});

function ask(exchange: Exchange, request: HttpRequest, answers: HttpAnswer[]): void {
  exchange
    .edge()
    .answerHttp(
      request,
      { inFlightPosts: 0 },
      { answer: (answer) => answers.push(answer), cut: () => {} },
    );
}
