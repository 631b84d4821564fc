import { ALICE, Desk, limit, openExchange } from "../desk.fixture.ts";
import { readFaultPlan } from "./fault-plan.ts";
import { faultsOf } from "./planned-faults.ts";

/** A desk behind a plan, for the tests of what plans do. */

export type At = ReturnType<typeof openExchange>;

export const order = (p: string, s = "0.001"): object => limit({ b: true, p, s });
export const place = { type: "order", orders: [order("64000")], grouping: "na" };
export const two = { type: "order", orders: [order("64000"), order("63000")], grouping: "na" };

/** A desk of ALICE who hears her orderUpdates; the plan's time begins when it is made. */
export function deskWith(faults: object | readonly object[], at: At = openExchange()): Desk {
  const desk = deafDeskWith(faults, at);
  desk.subscribe({ type: "orderUpdates", user: ALICE });
  desk.forget();
  return desk;
}

/** The same, without a subscription. */
export function deafDeskWith(faults: object | readonly object[], at: At = openExchange()): Desk {
  const plan = readFaultPlan({ faults: Array.isArray(faults) ? faults : [faults] });
  return new Desk(at, ALICE, { faults: faultsOf(plan, { clock: at.clock }) });
}

export const channels = (desk: Desk): unknown[] => desk.frames.map(({ channel }) => channel);

export const resting = (desk: Desk): number =>
  (desk.info({ type: "openOrders", user: ALICE }) as object[]).length;

/** The data of the answer to a read over the socket. */
export function readOverSocket(desk: Desk, request: object): unknown {
  desk.forget();
  desk.send({ method: "post", id: 77, request: { type: "info", payload: request } });
  return (desk.answer(77) as { data?: unknown } | undefined)?.data;
}

/** The oid that an order rests with, or 0. */
export function oidOf(status: unknown): number {
  return (status as { resting?: { oid: number } }).resting?.oid ?? 0;
}

export const statusOf = (desk: Desk, oid: number | string): unknown =>
  (desk.info({ type: "orderStatus", user: ALICE, oid }) as { status: string }).status;
