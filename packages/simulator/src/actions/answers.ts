/** Bodies of HTTP 200 answers to actions (protocol §7). */
export type ActionAnswer =
  | {
      readonly status: "ok";
      readonly response: {
        readonly type: string;
        /** Statuses of orders and cancels, the status of a TWAP, the address of a new sub-account. */
        readonly data?:
          | { readonly statuses: readonly unknown[] }
          | { readonly status: unknown }
          | string;
      };
    }
  | { readonly status: "err"; readonly response: string };

export const DONE: ActionAnswer = { status: "ok", response: { type: "default" } };

export function refused(text: string): ActionAnswer {
  return { status: "err", response: text };
}

export function listed(type: "order" | "cancel", statuses: readonly unknown[]): ActionAnswer {
  return { status: "ok", response: { type, data: { statuses } } };
}
