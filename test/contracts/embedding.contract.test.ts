import { seededRandom } from "@cloister/model";
import { createExchange, makeAccounts, serveExchange, systemClock } from "@cloister/simulator";
import { describe, expect, it, vi } from "vitest";
import { quoteOnce } from "./embedding.example.ts";

describe("the embedding example", () => {
  it("runs as it is printed, over real sockets", async () => {
    const [trader] = makeAccounts(1, seededRandom(1));
    if (trader === undefined) throw new Error("no account");
    const exchange = createExchange({
      clock: systemClock(),
      random: seededRandom(2),
      network: "testnet",
      blockMs: 20,
      crowd: false,
      accounts: [{ ...trader, deposit: "100000" }],
    });
    exchange.setMark("BTC", "30200");
    const served = await serveExchange(exchange, { port: 0 });
    const said: unknown[] = [];
    const log = vi
      .spyOn(console, "log")
      .mockImplementation((line: unknown) => void said.push(line));
    try {
      const { http, ws } = served;
      const end = await quoteOnce(
        { http, ws, signatures: "testnet" },
        trader.address,
        trader.privateKey,
      );
      expect(end).toMatchObject({ state: "canceled", filled: "0", ledger: "complete" });
      expect(said[0]).toBe("resting, by venue.accepted");
      expect(said.some((line) => String(line).startsWith("canceled, by venue."))).toBe(true);
    } finally {
      log.mockRestore();
      await served.close();
      exchange.close();
    }
  });
});
