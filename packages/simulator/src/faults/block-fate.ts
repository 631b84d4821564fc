import type { Address } from "@cloister/model";
import type { SystemCancel } from "../ledger/order.ts";
import type { Limits } from "../limits/limits.ts";

/** What the exchange itself suffers in one block. */
export type BlockFate =
  /** Its clock is so many ms ahead (below zero: behind). */
  | { readonly kind: "skew"; readonly ms: number }
  /** The next block comes so many ms later. */
  | { readonly kind: "pace"; readonly ms: number }
  | { readonly kind: "limits"; readonly limits: Partial<Limits> }
  /** New oids are distinct and do not increase. */
  | { readonly kind: "shuffledOids" }
  /** Only post-only orders are taken (protocol §7.4). */
  | { readonly kind: "postOnly" }
  /** Approved keys end now: those of an account, a single one, or all. */
  | { readonly kind: "endAgents"; readonly account?: Address; readonly signer?: Address }
  /** Live orders end with a word, oldest first: those of an account, or of everybody. */
  | {
      readonly kind: "endOrders";
      readonly status: "canceled" | SystemCancel;
      readonly count: number;
      readonly account?: Address;
    };
