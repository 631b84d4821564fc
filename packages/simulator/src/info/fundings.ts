import type { Core } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { NO_HASH } from "../ledger/ids.ts";
import type { WireFunding } from "../market/fill.ts";
import { fundingRateOf } from "../market/funding.ts";
import { printDecimal } from "../print.ts";
import { forUser, type InfoAnswer, MALFORMED, value } from "./answer.ts";
import { pageOf, readWindow } from "./window.ts";

const HOUR_MS = 3_600_000;

/** The rates a coin had, oldest first. */
export function fundingHistory(core: Core, request: JsonObject): InfoAnswer {
  const { coin } = request;
  const window = readWindow(request, core.blockMs());
  if (typeof coin !== "string" || window === undefined) return MALFORMED;
  const asset = core.ledger.universe.byCoin(coin);
  const rates = asset === undefined ? [] : core.ledger.market.fundingRates.get(asset.id);
  return value(pageOf(rates ?? [], window));
}

/** The rate that would be paid at the end of this hour; other venues are not known here. */
export function predictedFundings(core: Core): InfoAnswer {
  const { ledger } = core;
  const nextFundingTime = (Math.floor(core.blockMs() / HOUR_MS) + 1) * HOUR_MS;
  const perps = ledger.universe.dex("") ?? [];
  return value(
    perps
      .filter(({ market }) => !market.delisted)
      .map((asset) => [
        asset.coin,
        [
          [
            "HlPerp",
            {
              fundingRate: printDecimal(fundingRateOf(ledger, asset)),
              nextFundingTime,
              fundingIntervalHours: 1,
            },
          ],
        ],
      ]),
  );
}

/** What an account paid and got for holding positions, oldest first. */
export const userFunding = forUser((core, { account, request }) => {
  const window = readWindow(request, core.blockMs());
  if (window === undefined) return MALFORMED;
  return value(pageOf(account?.fundings ?? [], window).map(fundingRow));
});

function fundingRow({ time, ...delta }: WireFunding): object {
  return { time, hash: NO_HASH, delta: { type: "funding", ...delta } };
}
