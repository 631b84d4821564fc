import { add, type Decimal, multiply, parseDecimal, ZERO } from "@cloister/model";
import type { Core } from "../core.ts";
import type { Account } from "../ledger/account.ts";
import { printDecimal } from "../print.ts";
import { forUser, value } from "./answer.ts";

const DAY_MS = 24 * 3_600_000;
const DAYS = 15;

/** What an account pays: here everybody pays the same, without tiers or discounts. */
export const userFees = forUser((core, { account }) => {
  const { fees } = core.settings.rules;
  const cross = printDecimal(fees.perpTaker);
  const maker = printDecimal(fees.perpMaker);
  const spotCross = printDecimal(fees.spotTaker);
  const spotAdd = printDecimal(fees.spotMaker);
  return value({
    dailyUserVlm: dailyVolumes(core, account),
    feeSchedule: {
      cross,
      add: maker,
      spotCross,
      spotAdd,
      tiers: { vip: [], mm: [] },
      referralDiscount: "0.0",
      stakingDiscountTiers: [],
    },
    userCrossRate: cross,
    userAddRate: maker,
    userSpotCrossRate: spotCross,
    userSpotAddRate: spotAdd,
    activeReferralDiscount: "0.0",
    trial: null,
    feeTrialEscrow: "0.0",
    nextTrialAvailableTimestamp: null,
    stakingLink: null,
    activeStakingDiscount: { bpsOfMaxSupply: "0.0", discount: "0.0" },
  });
});

type Volume = { cross: Decimal; add: Decimal };

/** Each of the last days, UTC, oldest first; today is the last one. */
function dailyVolumes(core: Core, account: Account | undefined): object[] {
  const today = Math.floor(core.blockMs() / DAY_MS);
  const own = ownVolumes(account, today - DAYS + 1);
  return Array.from({ length: DAYS }, (_, index) => {
    const day = today - DAYS + 1 + index;
    const { cross, add: added } = own.get(day) ?? { cross: ZERO, add: ZERO };
    return {
      date: new Date(day * DAY_MS).toISOString().slice(0, "2023-11-14".length),
      userCross: printDecimal(cross),
      userAdd: printDecimal(added),
      exchange: printDecimal(core.ledger.candles.valueOn(day)),
    };
  });
}

function ownVolumes(account: Account | undefined, firstDay: number): ReadonlyMap<number, Volume> {
  const volumes = new Map<number, Volume>();
  for (const { time, px, sz, crossed } of account?.fills ?? []) {
    const day = Math.floor(time / DAY_MS);
    if (day < firstDay) continue;
    const volume = volumes.get(day) ?? { cross: ZERO, add: ZERO };
    volumes.set(day, volume);
    const side = crossed ? "cross" : "add";
    volume[side] = add(volume[side], multiply(parseDecimal(px), parseDecimal(sz)));
  }
  return volumes;
}
