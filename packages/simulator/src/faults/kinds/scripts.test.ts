import { describe, expect, it } from "vitest";
import { ALICE } from "../../desk.fixture.ts";
import { REJECTED } from "../../ledger/order.ts";
import { channels, deskWith, oidOf, order, place, resting, two } from "../plan-desk.fixture.ts";

const ok = (type: string, statuses: unknown[]): object => ({
  status: "ok",
  response: { type, data: { statuses } },
});

describe("scriptAnswer", () => {
  it("situation 17: an error for each element, and nothing is done", () => {
    const error = "Order would increase open interest too quickly";
    const desk = deskWith({ what: "scriptAnswer", error, to: { type: "order" } });
    expect(desk.act(two)).toEqual(ok("order", [{ error }, { error }]));
    expect([channels(desk), resting(desk)]).toEqual([["post"], 0]);
  });

  it("one error for all", () => {
    const error = "Order value too large. Max is $5000000.";
    const desk = deskWith({ what: "scriptAnswer", error, each: false });
    expect(desk.act(two)).toEqual(ok("order", [{ error }]));
  });

  it("situation 55: a cancel that is refused over and over", () => {
    const error = "Order was never placed, already canceled, or filled. asset=0";
    const desk = deskWith({ what: "scriptAnswer", error, to: { type: "cancel" } });
    const oid = oidOf(desk.place(order("64000")));
    const cancel = { type: "cancel", cancels: [{ a: 0, o: oid }] };
    for (const nth of [1, 2, 3]) {
      expect(desk.act(cancel), `${nth}`).toEqual(ok("cancel", [{ error }]));
    }
    expect(resting(desk)).toBe(1);
  });

  it("situation 74: a modify that is refused, in a batch and alone", () => {
    const error = "Cannot modify canceled or filled order";
    const desk = deskWith([
      { what: "scriptAnswer", error, to: { type: "batchModify" } },
      { what: "scriptAnswer", error, to: { type: "modify" } },
    ]);
    const oid = oidOf(desk.place(order("64000")));
    const one = { oid, order: order("63000") };
    expect(desk.act({ type: "batchModify", modifies: [one] })).toEqual(ok("order", [{ error }]));
    expect(desk.act({ type: "modify", ...one })).toEqual({ status: "err", response: error });
    expect(resting(desk)).toBe(1);
  });

  it.each([
    "Multi-sig required",
    "Unexpected error (code=148)",
    "Action disabled when unified account is active",
    "L1 error: User or API Wallet 0x4444444444444444444444444444444444444444 does not exist.",
  ])("situation 16: a whole request is refused, its nonce may be used again: %s", (refusal) => {
    const desk = deskWith({ what: "scriptAnswer", refusal, times: 1 });
    const nonce = desk.clock.wallMs();
    expect(desk.act(two, { nonce })).toEqual({ status: "err", response: refusal });
    expect(desk.act(two, { nonce })).toMatchObject({ status: "ok" });
    expect(resting(desk)).toBe(2);
  });

  it("spends the nonce where told so, and as a rule", () => {
    for (const terms of [{ refusal: "No.", spendsNonce: true }, { error: "No." }]) {
      const desk = deskWith({ what: "scriptAnswer", ...terms, times: 1 });
      const nonce = desk.clock.wallMs();
      desk.act(place, { nonce });
      expect(desk.act(place, { nonce })).toEqual({
        status: "err",
        response: `Invalid nonce: duplicate nonce ${nonce}`,
      });
    }
  });

  it("situation 36: it is run, and answered with an error all the same", () => {
    const desk = deskWith({ what: "scriptAnswer", error: "No.", executed: true });
    expect(desk.act(place)).toEqual(ok("order", [{ error: "No." }]));
    expect([channels(desk), resting(desk)]).toEqual([["orderUpdates", "post"], 1]);
  });

  it("any statuses", () => {
    const statuses = [{ resting: { oid: 5 } }, "waitingForFill", { someNew: {} }];
    const desk = deskWith({ what: "scriptAnswer", statuses, executed: false });
    expect(desk.act(place)).toEqual(ok("order", statuses));
    expect(resting(desk)).toBe(0);
  });

  it("what is wrong with the action itself is told first", () => {
    const desk = deskWith({ what: "scriptAnswer", error: "No." });
    const nonce = desk.clock.wallMs() - 3 * 86_400_000;
    expect(desk.act(place, { nonce })).toMatchObject({
      response: expect.stringMatching(/^Invalid nonce: nonce too low/) as string,
    });
  });
});

describe("rejectOrders", () => {
  it.each(REJECTED)("each status word has an order that ends with it: %s", (status) => {
    const desk = deskWith({ what: "rejectOrders", status, error: `No: ${status}.` });
    const error = `No: ${status}.`;
    expect(desk.act(two)).toEqual(ok("order", [{ error }, { error }]));
    const [updates] = desk.heard("orderUpdates") as [{ order: { oid: number } }[]];
    expect(updates).toMatchObject([{ status }, { status }]);
    const oid = updates[0]?.order.oid;
    expect(desk.info({ type: "orderStatus", user: ALICE, oid })).toMatchObject({
      status: "order",
      order: { status },
    });
    expect(resting(desk)).toBe(0);
  });

  it("a TP/SL of a position may have size 0 here too", () => {
    const desk = deskWith({ what: "rejectOrders", status: "badTriggerPxRejected", error: "No." });
    const t = { trigger: { isMarket: true, triggerPx: "65000", tpsl: "tp" } };
    const orders = [{ a: 0, b: false, p: "65000", s: "0", r: true, t }];
    expect(desk.act({ type: "order", orders, grouping: "positionTpsl" })).toEqual(
      ok("order", [{ error: "No." }]),
    );
    expect(desk.heard("orderUpdates")).toMatchObject([[{ status: "badTriggerPxRejected" }]]);
  });

  it("what is statically wrong is told first, and other actions run", () => {
    const desk = deskWith({ what: "rejectOrders", status: "oracleRejected", error: "No." });
    expect(desk.act({ ...place, orders: [order("64000", "0")] })).toMatchObject(
      ok("order", [{ error: expect.stringMatching(/size/) as string }]),
    );
    expect(desk.act({ type: "noop" })).toMatchObject({ status: "ok" });
  });
});

describe("repeatAction", () => {
  it("situation 12: sent twice on the way, the second answer is heard", () => {
    const desk = deskWith({ what: "repeatAction", heard: "second" });
    const nonce = desk.clock.wallMs();
    expect(desk.act(place, { nonce })).toEqual({
      status: "err",
      response: `Invalid nonce: duplicate nonce ${nonce}`,
    });
    expect([channels(desk), resting(desk)]).toEqual([["orderUpdates", "post"], 1]);
  });

  it("or the first one", () => {
    const desk = deskWith({ what: "repeatAction", heard: "first" });
    expect(desk.act(place)).toMatchObject({ status: "ok" });
    expect([desk.heard("post").length, resting(desk)]).toEqual([1, 1]);
  });
});
