import { ApiRequestError, HttpRequestError, WebSocketRequestError } from "@nktkas/hyperliquid";
import { describe, expect, it } from "vitest";
import { limit, openWorld, type Trader, WAYS } from "./independent-client.fixture.ts";

const LONG_AGO = 1_700_000_000_000;
const NOBODY = "0x00000000000000000000000000000000000000ff";
const CROSSED = "Post only order would have immediately matched, bbo was 64000@64001. asset=0";
const UNMATCHED = "could not immediately match against any resting orders. asset=0";
const INCREASES = "Reduce only order would increase position. asset=0";

describe.each(WAYS)("an independent client is refused on %s over %s", (network, way) => {
  it.each([
    ["a value below the minimum", { p: "60000", s: "0.0001" }, "must have minimum value of $10."],
    ["a price off the tick", { p: "63000.5", s: "0.001" }, "must be divisible by tick size."],
    ["a post-only order that would match", { p: "64001", s: "0.001", tif: "Alo" }, CROSSED],
    ["an Ioc that finds nobody", { p: "63000", s: "0.001", tif: "Ioc" }, UNMATCHED],
    ["a reduce-only order without a position", { p: "63000", s: "0.001", r: true }, INCREASES],
    ["a size of zero", { p: "63000", s: "0" }, "Order has zero size."],
    ["a price far off", { p: "1", s: "20" }, "95% away from the reference price"],
  ] as const)("an order: %s", async (_, terms, text) => {
    const { alice, bob, info } = await openWorld(network, way);
    await bob.exchange.order({
      orders: [
        limit({ b: true, p: "64000", s: "0.01" }),
        limit({ b: false, p: "64001", s: "0.01" }),
      ],
    });
    const error = await refusal(alice.exchange.order({ orders: [limit({ b: true, ...terms })] }));
    expect(error.message).toMatch(/^Order 0: /);
    expect(error.message).toContain(text);
    expect(error.response).toMatchObject({ status: "ok", response: { type: "order" } });
    expect(await info.openOrders({ user: alice.user })).toEqual([]);
  });

  it("one order of a batch, while the others stand", async () => {
    const { alice, info } = await openWorld(network, way);
    const orders = [
      limit({ b: true, p: "63000", s: "0.001" }),
      limit({ b: true, p: "63000", s: "0.0001" }),
    ];
    const error = await refusal(alice.exchange.order({ orders }));
    expect(error.message).toBe("Order 1: Order must have minimum value of $10. asset=0");
    expect(error.response).toMatchObject({
      response: { data: { statuses: [{ resting: {} }, {}] } },
    });
    expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
  });

  it("cancels and modifies of what is not there", async () => {
    const { alice } = await openWorld(network, way);
    const { exchange } = alice;
    const order = limit({ b: true, p: "63000", s: "0.001" });
    const gone = "Order 0: Order was never placed, already canceled, or filled. asset=0";
    const cloid = "0xc1000000000000000000000000000009";
    const cancels = [{ a: 0, o: 1 }];
    expect((await refusal(exchange.cancel({ cancels }))).message).toBe(gone);
    const byCloid = exchange.cancelByCloid({ cancels: [{ asset: 0, cloid }] });
    expect((await refusal(byCloid)).message).toBe(gone);
    const ended = "Cannot modify canceled or filled order";
    expect((await refusal(exchange.modify({ oid: 1, order }))).message).toBe(ended);
    const batch = exchange.batchModify({ modifies: [{ oid: cloid, order }] });
    expect((await refusal(batch)).message).toBe(`Order 0: ${ended}`);
  });

  it("a signer nobody knows, by the address that was recovered", async () => {
    const { stranger } = await openWorld(network, way);
    const { message } = await refusal(place(stranger));
    expect(message).toBe(`User or API Wallet ${stranger.user} does not exist.`);
  });

  it("a signature for the other network", async () => {
    const { alice, client } = await openWorld(network, way);
    const other = client(alice.wallet, { network: network === "testnet" ? "mainnet" : "testnet" });
    const { message } = await refusal(other.noop());
    expect(message).toBe("Mainnet and testnet require different signature.");
  });

  it("a vault nobody registered", async () => {
    const { alice } = await openWorld(network, way);
    const orders = [limit({ b: true, p: "63000", s: "0.001" })];
    const error = await refusal(alice.exchange.order({ orders }, { vaultAddress: NOBODY }));
    expect(error.message).toBe(`Vault not registered: ${NOBODY}`);
  });

  it("a nonce that was used, and one far from the hour", async () => {
    const { alice, client, info } = await openWorld(network, way);
    const { time } = await info.exchangeStatus();
    const once = client(alice.wallet, { nonce: time });
    await once.noop();
    const { message } = await refusal(once.noop());
    expect(message).toBe(`Invalid nonce: duplicate nonce ${time}`);
    const old = client(alice.wallet, { nonce: LONG_AGO });
    expect((await refusal(old.noop())).message).toMatch(/^Invalid nonce: nonce too low 17/);
    const far = client(alice.wallet, { nonce: 2 * time });
    expect((await refusal(far.noop())).message).toMatch(/^Invalid nonce: nonce too high /);
  });

  it("an action that expired", async () => {
    const { alice, info } = await openWorld(network, way);
    const orders = [limit({ b: true, p: "63000", s: "0.001" })];
    const late = alice.exchange.order({ orders }, { expiresAfter: LONG_AGO });
    expect((await refusal(late)).message).toBe("Action already expired");
    expect(await info.openOrders({ user: alice.user })).toEqual([]);
  });

  it("what the account may not do", async () => {
    const { alice, info } = await openWorld(network, way);
    const { exchange } = alice;
    const { time } = await info.exchangeStatus();
    const scheduled = await refusal(exchange.scheduleCancel({ time: time + 60_000 }));
    expect(scheduled.message).toMatch(/^Cannot set scheduled cancel time until enough volume/);
    const steep = { asset: 0, isCross: true, leverage: 41 };
    const leverage = await refusal(exchange.updateLeverage(steep));
    expect(leverage.response).toMatchObject({ status: "err" });
    await exchange.updateLeverage({ asset: 0, isCross: true, leverage: 1 });
    const dear = exchange.order({ orders: [limit({ b: true, p: "63000", s: "70" })] });
    expect((await refusal(dear)).message).toBe(
      "Order 0: Insufficient margin to place order. asset=0",
    );
    const cancels = Array.from({ length: 201 }, (_, at) => ({ a: 0, o: at }));
    const heavy = await refusal(exchange.cancel({ cancels }));
    expect(heavy.message).toBe("Signed action over weight limit of 200.");
  });

  it("a scheduled cancel that is too near", async () => {
    const { alice, info } = await openWorld(network, way, { rules: { scheduleCancelVolume: "0" } });
    const { time } = await info.exchangeStatus();
    const { message } = await refusal(alice.exchange.scheduleCancel({ time: time + 1_000 }));
    expect(message).toMatch(/^Scheduled cancel time too early/);
  });

  it("an action it may not simulate: in the exchange's words, never as a broken request", async () => {
    const { alice } = await openWorld(network, way);
    const { exchange, user } = alice;
    const asked: Record<string, () => Promise<unknown>> = {
      agentSetAbstraction: () => exchange.agentSetAbstraction({ abstraction: "u" }),
      convertToMultiSigUser: () =>
        exchange.convertToMultiSigUser({ signers: { authorizedUsers: [user], threshold: 1 } }),
      claimRewards: () => exchange.claimRewards(),
      tokenDelegate: () => exchange.tokenDelegate({ validator: user, wei: 1, isUndelegate: false }),
    };
    for (const [name, ask] of Object.entries(asked)) {
      expect((await refusal(ask())).message).toBe(`Action ${name} is not simulated.`);
    }
  });

  it("a request of no known shape, with a typed error of the transport", async () => {
    const { info, alice } = await openWorld(network, way);
    const { transport } = info.config_;
    const asked = transport.request("info", { type: "nothing", user: alice.user });
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(way === "ws" ? WebSocketRequestError : HttpRequestError);
    expect(String(error)).toContain("Failed to deserialize the JSON body into the target type");
    expect(String(error)).toContain("422");
    // The connection lives on.
    expect(await info.exchangeStatus()).toMatchObject({ specialStatuses: null });
  });
});

async function refusal(asked: Promise<unknown>): Promise<ApiRequestError> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ApiRequestError) return thrown;
  throw new Error(`was not refused by the exchange: ${String(thrown)}`, { cause: thrown });
}

function place({ exchange }: Trader): Promise<unknown> {
  return exchange.order({ orders: [limit({ b: true, p: "63000", s: "0.001" })] });
}
