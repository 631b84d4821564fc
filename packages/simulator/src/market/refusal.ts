import type { OrderStatus } from "../ledger/order.ts";

/** A refusal while running: a status of the record, and the text of the answer (protocol §7.2). */
export type Refusal = { readonly status: OrderStatus; readonly text: string };
