import { compare, decimalOf, multiply, negate, parseDecimal, subtract } from "@cloister/model";
import { addCash, marginOf } from "../market/funds.ts";
import { addToHouse } from "../market/house.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { Work } from "./work.ts";

/** In USDC. */
const PRICE_OF_REQUEST = parseDecimal("0.0005");

/** Buys requests with the money of the first dex (protocol §6.2). */
export function reserveRequests(work: Work, weight: number): ActionAnswer {
  const { account, ledger } = work;
  const price = multiply(PRICE_OF_REQUEST, decimalOf(weight));
  const { accountValue, used } = marginOf(ledger, account, "");
  if (compare(price, subtract(accountValue, used)) > 0) {
    return refused("Insufficient margin to reserve request weight.");
  }
  addCash(account, "", negate(price));
  addToHouse(ledger, "dex ", price);
  account.requestsReserved += weight;
  ledger.news.users.add(account.address);
  return DONE;
}
