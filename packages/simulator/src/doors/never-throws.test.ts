import fc from "fast-check";
import { expect, it } from "vitest";
import { ALICE, Desk, limit, openExchange, signedEnvelope } from "../desk.fixture.ts";

const placed = {
  type: "order",
  orders: [limit({ b: true, p: "64000", s: "0.001" })],
  grouping: "na",
};
const frames: readonly object[] = [
  { method: "subscribe", subscription: { type: "l2Book", coin: "BTC", nSigFigs: 5, mantissa: 2 } },
  { method: "subscribe", subscription: { type: "userFills", user: ALICE } },
  {
    method: "post",
    id: 1,
    request: { type: "info", payload: { type: "userFillsByTime", user: ALICE, startTime: 0 } },
  },
  {
    method: "post",
    id: 1,
    request: {
      type: "action",
      payload: signedEnvelope(ALICE, placed, { nonce: 1_700_000_000_000 }),
    },
  },
];

/** A frame of the venue with one of its values replaced by anything. */
const spoiled = fc
  .record({ frame: fc.constantFrom(...frames), at: fc.nat(30), by: fc.jsonValue({ maxDepth: 2 }) })
  .map(({ frame, at, by }) => {
    let count = 0;
    return JSON.stringify(frame, (key, value: unknown) => {
      count += 1;
      return key !== "" && count === at ? by : value;
    });
  });
const anything = fc.oneof({ weight: 3, arbitrary: spoiled }, fc.json(), fc.string());

it("answers whatever it is sent, and goes on", () => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 10 }), (texts) => {
      const at = openExchange();
      const desk = new Desk(at, ALICE);
      for (const text of texts) {
        desk.send(text);
        if (desk.closes.length > 0) return;
        expect(desk.http("/info", text).status).toBeGreaterThanOrEqual(200);
        expect(desk.http("/exchange", text).status).toBeGreaterThanOrEqual(200);
      }
      desk.pass();
      desk.forget();
      desk.send({ method: "ping" });
      expect(desk.closes.length > 0 || desk.heard("pong").length === 1).toBe(true);
    }),
    { numRuns: 150, seed: 20261125 },
  );
});
