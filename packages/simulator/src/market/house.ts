import { add, type Decimal, ZERO } from "@cloister/model";
import type { Ledger } from "../ledger/ledger.ts";

/** Books what the exchange itself took in; negative is what it gave. */
export function addToHouse(ledger: Ledger, purse: string, amount: Decimal): void {
  const { house } = ledger.market;
  house.set(purse, add(house.get(purse) ?? ZERO, amount));
}
