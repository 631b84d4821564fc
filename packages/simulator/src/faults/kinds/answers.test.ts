import { describe, expect, it } from "vitest";
import { ALICE, signedEnvelope } from "../../desk.fixture.ts";
import {
  deafDeskWith,
  deskWith,
  order,
  place,
  readOverSocket,
  resting,
  two,
} from "../plan-desk.fixture.ts";

const listed = { type: "openOrders", user: ALICE };
const sent = (desk: ReturnType<typeof deskWith>, action: object): unknown =>
  JSON.parse(
    desk.http(
      "/exchange",
      JSON.stringify(signedEnvelope(ALICE, action, { nonce: desk.clock.wallMs() })),
    ).body,
  );

it("situation 96: truncatePage over the socket too", () => {
  const desk = deskWith({ what: "truncatePage", keep: 1, to: { type: "openOrders" } });
  desk.act(two);
  expect(readOverSocket(desk, listed)).toHaveLength(1);
  expect(readOverSocket(desk, { ...listed, type: "frontendOpenOrders" })).toHaveLength(2);
  expect(desk.info(listed)).toHaveLength(1);
});

it("situation 98: httpStatus for so long, once it began: a maintenance", () => {
  const fault = { what: "httpStatus", status: 502, body: "html", ms: 300_000 };
  const desk = deafDeskWith({ ...fault, when: { afterMs: 1_000 }, times: 1, to: {} });
  const status = (): number => desk.http("/info", '{"type":"allMids"}').status;
  expect(status()).toBe(200);
  desk.clock.advanceTo(1_000);
  expect(status()).toBe(502);
  desk.clock.advanceTo(300_000);
  expect(status()).toBe(502);
  desk.clock.advanceTo(301_000);
  expect(status()).toBe(200);
});

describe("postError", () => {
  it("situation 23: a post that is answered with a status", () => {
    const text = "429 Too Many Requests: null";
    const desk = deskWith({ what: "postError", text, to: { type: "order" } });
    const id = desk.post(place);
    desk.pass();
    expect(desk.answer(id)).toBe(text);
    expect(desk.heard("post")).toMatchObject([{ id, response: { type: "error" } }]);
    expect(resting(desk)).toBe(1);
    expect(readOverSocket(desk, listed)).toHaveLength(1);
  });
});

describe("scriptRead", () => {
  it("situation 113: a read says what somebody wrote, over HTTP and over the socket", () => {
    const data = { assetPositions: [{ szi: "9" }] };
    const request = { type: "clearinghouseState", user: ALICE };
    const desk = deskWith({ what: "scriptRead", data, to: { type: "clearinghouseState" } });
    expect([desk.info(request), readOverSocket(desk, request)]).toEqual([data, data]);
    expect(desk.info(listed)).toEqual([]);
  });
});

describe("resizeStatuses", () => {
  const three = { type: "order", orders: ["3", "2", "1"].map((at) => order(`6400${at}`)) };
  const batch = { ...three, grouping: "na" };
  const count = (answer: unknown): unknown[] =>
    (answer as { response: { data: { statuses: unknown[] } } }).response.data.statuses;

  it("situation 18: fewer or more statuses than orders", () => {
    const few = deskWith({ what: "resizeStatuses", count: 1 });
    expect([count(few.act(batch)).length, resting(few)]).toEqual([1, 3]);
    const many = deskWith({ what: "resizeStatuses", count: 5 });
    const statuses = count(many.act(batch));
    expect(statuses).toHaveLength(5);
    expect(statuses[4]).toEqual(statuses[2]);
    const none = deskWith({ what: "resizeStatuses", count: 0 });
    expect(count(none.act(batch))).toEqual([]);
  });

  it("over HTTP too; what has no statuses stays", () => {
    const desk = deskWith({ what: "resizeStatuses", count: 2 });
    expect(count(sent(desk, batch))).toHaveLength(2);
    expect(sent(desk, { type: "noop" })).toEqual({ status: "ok", response: { type: "default" } });
  });
});
