import { add, maxDecimal, multiply, parseDecimal, subtract, ZERO } from "@cloister/model";
import type { Core } from "../core.ts";
import type { Account, Worth } from "../ledger/account.ts";
import { worthNow } from "../market/worth.ts";
import { printDecimal } from "../print.ts";
import { forUser, value } from "./answer.ts";

const DAY_MS = 24 * 3_600_000;
/** How far back each period looks, ms. */
const PERIODS = [
  ["day", "perpDay", DAY_MS],
  ["week", "perpWeek", 7 * DAY_MS],
  ["month", "perpMonth", 30 * DAY_MS],
  ["allTime", "perpAllTime", Number.POSITIVE_INFINITY],
] as const;

/** What an account was worth, what it made of it and what it traded: all of it, then its perpetuals alone. */
export const portfolio = forUser((core, { account }) => value(portfolioView(core, account)));

function portfolioView(core: Core, account: Account | undefined): object[] {
  return [
    ...PERIODS.map(([name, , backMs]) => [name, period(core, account, { of: "total", backMs })]),
    ...PERIODS.map(([, name, backMs]) => [name, period(core, account, { of: "perp", backMs })]),
  ];
}

function period(
  core: Core,
  account: Account | undefined,
  asked: { of: keyof Worth; backMs: number },
): object {
  if (account === undefined) return { accountValueHistory: [], pnlHistory: [], vlm: "0.0" };
  const { of, backMs } = asked;
  const sinceMs = core.blockMs() - backMs;
  const notes = [...account.worths, worthNow(core.ledger, account)].filter(
    ({ atMs }) => atMs >= sinceMs,
  );
  const begin = notes[0]?.gain[of] ?? ZERO;
  return {
    accountValueHistory: notes.map(({ atMs, worth }) => [
      atMs,
      printDecimal(maxDecimal(ZERO, worth[of])),
    ]),
    pnlHistory: notes.map(({ atMs, gain }) => [atMs, printDecimal(subtract(gain[of], begin))]),
    vlm: printDecimal(volumeSince(account, { of, sinceMs })),
  };
}

/** What the fills that are still kept traded. */
function volumeSince(account: Account, asked: { of: keyof Worth; sinceMs: number }) {
  let volume = ZERO;
  for (const { time, coin, px, sz } of account.fills) {
    const spot = coin.startsWith("@") || coin.includes("/");
    if (time < asked.sinceMs || (spot && asked.of === "perp")) continue;
    volume = add(volume, multiply(parseDecimal(px), parseDecimal(sz)));
  }
  return volume;
}
