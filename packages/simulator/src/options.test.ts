import { ManualClock, seededRandom } from "@cloister/model";
import { expect, it } from "vitest";
import { createExchange } from "./exchange.ts";
import type { ExchangeOptions } from "./options.ts";
import { DEFAULT_UNIVERSE } from "./market/universe.ts";

const ADDRESS = "0x1111111111111111111111111111111111111111";

it.each<[string, Partial<ExchangeOptions>]>([
  ["accounts.address", { accounts: [{ address: "0x1", deposit: "1" }] }],
  ["accounts.deposit", { accounts: [{ address: ADDRESS, deposit: "1e3" }] }],
  ["accounts.deposit", { accounts: [{ address: ADDRESS, deposit: "-1" }] }],
  ["accounts.spot", { accounts: [{ address: ADDRESS, deposit: "1", spot: { PURR: "x" } }] }],
  [
    "accounts.agents",
    { accounts: [{ address: ADDRESS, deposit: "1", agents: [{ address: "me" }] }] },
  ],
  [
    "accounts",
    {
      accounts: [
        { address: ADDRESS, deposit: "1" },
        { address: ADDRESS, deposit: "2" },
      ],
    },
  ],
  ["accounts", { accounts: [{ address: ADDRESS, deposit: "1", agents: [{ address: ADDRESS }] }] }],
  ["blockMs", { blockMs: 0 }],
  ["blockMs", { blockMs: 1.5 }],
  ["rules.cadence.bookMs", { rules: { cadence: { bookMs: -1 } } }],
  ["rules.recordsKept", { rules: { recordsKept: 0 } }],
  ["limits.addressRequests", { limits: { addressRequests: -1 } }],
  ["limits.trickleMs", { limits: { trickleMs: 0.5 } }],
  ["rules.scheduleCancelVolume", { rules: { scheduleCancelVolume: "NaN" } }],
  ["crowd.takersPerBlock", { crowd: { takersPerBlock: Number.NaN } }],
  ["crowd.levelValue", { crowd: { levelValue: 0.5 } }],
  ["crowd.levels", { crowd: { levels: 10_000_000_000 } }],
  [
    "universe",
    { universe: { ...DEFAULT_UNIVERSE, pairs: [{ index: 1, token: "NOPE", price: "1" }] } },
  ],
  [
    "universe",
    {
      universe: {
        ...DEFAULT_UNIVERSE,
        dexes: [
          { name: "abc", coins: [{ name: "X", sizeDecimals: 1, maxLeverage: 3, price: "1" }] },
        ],
      },
    },
  ],
])("names %s when it is wrong", (field, options) => {
  const open = (): unknown =>
    createExchange({ clock: new ManualClock(), random: seededRandom(1), accounts: [], ...options });
  expect(open).toThrow(
    expect.objectContaining({
      code: "invalidOption",
      details: expect.objectContaining({ field }) as object,
    }) as Error,
  );
});

it.each(["0", "-1"])("refuses %s as a mark price", (price) => {
  const exchange = createExchange({
    clock: new ManualClock(),
    random: seededRandom(1),
    accounts: [],
    crowd: false,
  });
  expect(() => exchange.setMark("BTC", price)).toThrow(
    expect.objectContaining({ code: "invalidOption" }) as Error,
  );
});
