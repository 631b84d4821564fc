import { ApiRequestError, HttpRequestError, WebSocketRequestError } from "@nktkas/hyperliquid";
import { describe, expect, it } from "vitest";
import { limit, openWorld } from "./independent-client.fixture.ts";

describe.each(["mainnet", "testnet"] as const)(
  "an independent client at its limits on %s",
  (network) => {
    it("gets a 429 of the transport when its network address weighs too much", async () => {
      const { info } = await openWorld(network, "http", { limits: { restWeight: 20 } });
      await info.meta();
      const error = await info.meta().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(HttpRequestError);
      expect(error).toMatchObject({
        response: { status: 429 },
        message: expect.stringMatching(/null$/) as string,
      });
    });

    it("finds its own post among those that are too many, by the id in the text", async () => {
      const { alice } = await openWorld(network, "ws", { limits: { postsInFlight: 0 } });
      const asked = alice.exchange.noop();
      await expect(asked).rejects.toThrow(WebSocketRequestError);
      await expect(asked).rejects.toThrow(/^too many pending post requests id=\d+$/);
    });

    it.each(["http", "ws"] as const)(
      "is told over %s when its address budget is used up",
      async (way) => {
        const { alice, info } = await openWorld(network, way, { limits: { addressRequests: 1 } });
        const order = limit({ b: true, p: "63000", s: "0.001" });
        const placed = await alice.exchange.order({ orders: [order] });
        expect(placed.response.data.statuses).toMatchObject([{ resting: {} }]);
        const refused = alice.exchange.order({ orders: [order] });
        await expect(refused).rejects.toThrow(ApiRequestError);
        await expect(refused).rejects.toThrow(/^Too many cumulative requests sent \(2 > 1\)/);
        const [open] = await info.openOrders({ user: alice.user });
        // Cancels have a reserve.
        await alice.exchange.cancel({ cancels: [{ a: 0, o: open?.oid ?? 0 }] });
        expect(await info.openOrders({ user: alice.user })).toEqual([]);
        expect(await info.userRateLimit({ user: alice.user })).toMatchObject({ nRequestsCap: 1 });
      },
    );
  },
);
