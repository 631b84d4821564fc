import { readAddress, ZERO } from "@cloister/model";
import type { Core } from "../core.ts";
import type { Account } from "../ledger/account.ts";
import { printDecimal } from "../print.ts";
import { forUser, MALFORMED, value } from "./answer.ts";

/** Who sent an account here, and whom it sent. Nothing is paid for it here. */
export const referral = forUser((core, { account }) =>
  value({
    referredBy: referredBy(account),
    cumVlm: printDecimal(account?.volume ?? ZERO),
    unclaimedRewards: "0.0",
    claimedRewards: "0.0",
    builderRewards: "0.0",
    referrerState: referrerState(core, account),
    rewardHistory: [],
    tokenToState: [],
  }),
);

function referredBy(account: Account | undefined): object | null {
  if (account?.referredBy === undefined) return null;
  const { referrer, code } = account.referredBy;
  return { referrer, code };
}

function referrerState(core: Core, account: Account | undefined): object {
  const code = account?.referralCode;
  if (code === undefined) return { stage: "needToCreateCode" };
  const referred = [...core.ledger.accounts.values()].filter(
    (other) => other.referredBy?.code === code,
  );
  return {
    stage: "ready",
    data: {
      code,
      nReferrals: referred.length,
      referralStates: referred.map(({ address, volume, referredBy: joined }) => ({
        cumVlm: printDecimal(volume),
        cumRewardedFeesSinceReferred: "0.0",
        cumFeesRewardedToReferrer: "0.0",
        timeJoined: joined?.atMs ?? 0,
        user: address,
        tokenToState: [],
      })),
    },
  };
}

/** Tenths of a basis point; 0 for a builder nobody approved. */
export const maxBuilderFee = forUser((_core, { account, request }) => {
  const builder = readAddress(request["builder"]);
  return builder === undefined ? MALFORMED : value(account?.builderFees.get(builder) ?? 0);
});

export const approvedBuilders = forUser((_core, { account }) =>
  value([...(account?.builderFees.keys() ?? [])]),
);
