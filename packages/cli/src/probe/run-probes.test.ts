import { ASSUMPTIONS, testSigner } from "@cloister/hyperliquid";
import { describe, expect, it } from "vitest";
import { PROBES } from "./all-probes.ts";
import { printReport } from "./print-report.ts";
import {
  AGENT,
  engineOver,
  faulty,
  openAt,
  OTHER,
  positionAt,
  probeWorld,
  settle,
  THIN,
  told,
} from "./probe-world.fixture.ts";

const ALL = Object.values(ASSUMPTIONS).flat();

describe("the probe at an exchange of default rules", () => {
  it("finds every assumption that it can measure as assumed, and leaves nothing open", async () => {
    const { exchange, probe } = probeWorld();
    const report = await probe();
    expect([report.troubles, told(report, "differs")]).toEqual([[], []]);
    expect(report.rows.map(({ assumption, verdict }) => [assumption.id, verdict])).toEqual(
      ALL.map(({ id, probe: how }) => [id, how === "alone" ? "measured" : "assumed"]),
    );
    expect([openAt(exchange), positionAt(exchange), report.left]).toEqual([0, undefined, []]);
    for (const { verdict, said, assumption } of report.rows) {
      if (verdict === "measured") expect(said, assumption.id).not.toBe("");
    }
  });

  it("keeps what the venue said, and prints the table", async () => {
    const { probe } = probeWorld();
    const report = await probe();
    const row = report.rows.find(({ assumption }) => assumption.id === "noop-proof");
    expect(row?.raw.join("\n")).toContain('{"status":"ok","response":{"type":"default"}}');
    expect(row?.raw.join("\n")).toContain("duplicate nonce");
    const printed = printReport(report);
    for (const { id } of ALL) expect(printed).toContain(` ${id} `);
    expect(printed).toContain("nothing is left open\nRESULT: 31 measured, ");
    expect(printed).toContain(", 0 differ\n");
  });

  it("measures by trading what only that shows, where it may, and ends as flat as it began", async () => {
    const { exchange, probe } = probeWorld({ exchange: { crowd: THIN } });
    const report = await probe({ trade: true });
    expect([report.troubles, told(report, "differs"), report.left]).toEqual([[], [], []]);
    const traded = report.rows.filter(({ assumption }) => assumption.probe === "trade");
    expect(traded.map(({ verdict, said }) => `${verdict}: ${said}`)).toEqual([
      "measured: it ended filled",
      expect.stringMatching(/^measured: of .* at its end: sz 0\.0/),
      expect.stringMatching(/^measured: of .*; told: nothing$/),
    ]);
    expect([openAt(exchange), positionAt(exchange)]).toEqual([0, undefined]);
  });
});

describe("the probe in trouble", () => {
  it("closes the door of an action whose answer was lost, and takes away what it did", async () => {
    const lost = { what: "loseAnswer", to: { type: "order" }, times: 2 };
    const { exchange, probe } = probeWorld({ exchange: { crowd: THIN }, ...faulty(lost) });
    const report = await probe();
    expect(report.troubles).toHaveLength(2);
    expect([openAt(exchange), report.left]).toEqual([0, []]);
  });

  it("has no late order either, of an action that was held on its way", async () => {
    const held = { what: "holdAction", ms: 30_000, to: { type: "order" }, times: 1 };
    const { clock, exchange, probe } = probeWorld({ exchange: { crowd: THIN }, ...faulty(held) });
    const report = await probe();
    expect([report.troubles.length, report.left]).toEqual([1, []]);
    clock.advanceBy(60_000);
    expect(openAt(exchange)).toBe(0);
  });

  it("says what is left where the venue does not answer any more", async () => {
    const dead = { what: "loseAnswer", when: { afterMs: 2_000 }, to: { path: "/info" } };
    const { probe } = probeWorld({ exchange: { crowd: false, blockMs: 500 }, ...faulty(dead) });
    const report = await probe();
    expect(report.left).toEqual([expect.stringContaining("orders whose cloid begins with 0x")]);
    expect(printReport(report)).toContain("LEFT the sweep failed");
  });

  it("sweeps when somebody stops it in between", async () => {
    let stop = (): void => undefined;
    const stopAsked = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { exchange, probe } = probeWorld();
    const open: number[] = [];
    const report = await probe({
      stopAsked,
      progress: (text) => {
        if (!text.includes("silent") && !text.includes("latest-cloid")) return;
        open.push(openAt(exchange));
        stop();
      },
    });
    expect(open[0]).toBeGreaterThan(0);
    expect([report.isStopped, report.troubles, report.left]).toEqual([true, [], []]);
    expect(told(report, "assumed").join("\n")).toContain("noop-proof: stopped before");
    expect(openAt(exchange)).toBe(0);
  });

  it("begins with nothing where the key may not trade, or the coin is not listed", async () => {
    const { exchange, probe } = probeWorld();
    await expect(probe({ signer: testSigner(OTHER) })).rejects.toThrow("may not trade for");
    const other = probeWorld();
    await expect(other.probe({ coin: "NOPE" })).rejects.toThrow("NOPE is not listed");
    expect(openAt(exchange)).toBe(0);
  });

  it("takes nothing of somebody else away, and does not trade beside it", async () => {
    const { clock, exchange, probe } = probeWorld({ exchange: { crowd: THIN } });
    const engine = await settle(clock, engineOver(exchange, clock));
    const bid = { coin: "BTC", side: "buy", price: "30000", size: "0.001", tif: "Gtc" } as const;
    await settle(clock, engine.place(bid).acknowledged);
    const beside = await probe({ trade: true, signer: testSigner(AGENT) });
    expect(told(beside, "assumed").join()).toContain("silent-resize: the account has open orders");
    await settle(clock, engine.place({ ...bid, price: "70000", tif: "Ioc" }).closed);
    const held = positionAt(exchange);
    const report = await probe({ trade: true, signer: testSigner(AGENT) });
    expect(held).toBeDefined();
    expect(told(report, "assumed").join()).toContain("silent-resize: the account holds a position");
    expect([openAt(exchange), positionAt(exchange), report.left]).toEqual([1, held, []]);
    await settle(clock, engine.close());
  });

  it("does not trade back what others traded meanwhile, but says so", async () => {
    const { clock, exchange, probe } = probeWorld({ exchange: { crowd: THIN } });
    const engine = await settle(clock, engineOver(exchange, clock));
    const bid = { coin: "BTC", side: "buy", price: "70000", size: "0.0003", tif: "Ioc" } as const;
    const report = await probe({
      signer: testSigner(AGENT),
      progress: (text) => {
        if (text.includes("growing-oids")) engine.place(bid);
      },
    });
    expect(positionAt(exchange)).toBe("0.0003");
    expect(report.left).toEqual(["the position changed by 0.0003 BTC"]);
    await settle(clock, engine.close());
  });
});

it("there is a probe for each row that says so, and for no other", () => {
  const measured = ALL.filter(({ probe }) => probe !== "no").map(({ id }) => id);
  expect(Object.keys(PROBES).toSorted()).toEqual(measured.toSorted());
});
