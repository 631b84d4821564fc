import { seededRandom } from "@cloister/model";
import { makeAccounts } from "@cloister/simulator";
import { expect, it } from "vitest";
import { limit, openWorld, WAYS } from "./independent-client.fixture.ts";
import { walletOf } from "./independent-client-wallet.fixture.ts";

it.each(WAYS)(
  "approves a key on %s over %s that then signs for its master",
  async (network, way) => {
    const { alice, client, info } = await openWorld(network, way);
    const [fresh] = makeAccounts(1, seededRandom(99)).map(walletOf);
    if (fresh === undefined) throw new Error("no key was made");
    const order = { orders: [limit({ b: true, p: "60000", s: "0.001" })] };
    await expect(client(fresh).order(order)).rejects.toThrow("does not exist");
    await expect(
      alice.exchange.approveAgent({ agentAddress: fresh.address, agentName: "second" }),
    ).resolves.toEqual({ status: "ok", response: { type: "default" } });
    await client(fresh).order(order);
    expect(await info.openOrders({ user: alice.user })).toHaveLength(1);
    expect((await info.extraAgents({ user: alice.user })).map(({ name }) => name)).toEqual([
      "desk",
      "second",
    ]);
  },
);
