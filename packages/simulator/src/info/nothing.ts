import { readAddress } from "@cloister/model";
import type { Core } from "../core.ts";
import type { JsonObject } from "../json.ts";
import { forUser, type InfoAnswer, type InfoHandler, MALFORMED, value } from "./answer.ts";

/** Reads about what this exchange has none of: the answer of an account, or a venue, without any. */

const noRows: InfoHandler = () => value([]);
const noRowsOfUser: InfoHandler = forUser(() => value([]));
const nullOfUser: InfoHandler = forUser(() => value(null));

/** What an address will be asked before money is sent to it: nothing, and nobody is barred. */
function preTransferCheck(core: Core, request: JsonObject): InfoAnswer {
  const user = readAddress(request["user"]);
  const source = readAddress(request["source"]);
  if (user === undefined || source === undefined) return MALFORMED;
  const account = core.ledger.accounts.get(user);
  return value({
    fee: "0.0",
    isSanctioned: false,
    userExists: account !== undefined,
    userHasSentTx: account !== undefined && account.requests.length > 0,
  });
}

/** There are no vaults: the venue answers null for an address that is none. */
function vaultDetails(_core: Core, request: JsonObject): InfoAnswer {
  return readAddress(request["vaultAddress"]) === undefined ? MALFORMED : value(null);
}

/** Staking, vaults, lending, votes, annotations, multi-sig: empty in the venue's shape. */
export const NOTHING: Readonly<Record<string, InfoHandler>> = {
  delegations: noRowsOfUser,
  delegatorHistory: noRowsOfUser,
  delegatorRewards: noRowsOfUser,
  delegatorSummary: forUser(() =>
    value({
      delegated: "0.0",
      undelegated: "0.0",
      totalPendingWithdrawal: "0.0",
      nPendingWithdrawals: 0,
    }),
  ),
  userVaultEquities: noRowsOfUser,
  leadingVaults: noRowsOfUser,
  vaultSummaries: noRows,
  vaultDetails,
  isVip: forUser(() => value(false)),
  legalCheck: forUser(() => value({ ipAllowed: true, acceptedTerms: true, userAllowed: true })),
  liquidatable: noRows,
  gossipRootIps: noRows,
  userToMultiSigSigners: nullOfUser,
  userDexAbstraction: nullOfUser,
  userBorrowLendInterest: noRowsOfUser,
  allBorrowLendReserveStates: noRows,
  borrowLendUserState: forUser(() =>
    value({ tokenToState: [], health: "healthy", healthFactor: null }),
  ),
  perpCategories: noRows,
  perpConciseAnnotations: noRows,
  validatorL1Votes: noRows,
  validatorSummaries: noRows,
  preTransferCheck,
};
