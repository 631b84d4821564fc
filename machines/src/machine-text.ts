import { parseCloid, parseCoin, parseDecimal } from "@cloister/model";
import type { AnyStateMachine } from "xstate";
import { openCancel } from "./cancel.facts.ts";
import { cancelMachine } from "./cancel.machine.ts";
import { openConnection } from "./connection.facts.ts";
import { connectionMachine } from "./connection.machine.ts";
import { newOrder } from "./order.facts.ts";
import { orderMachine } from "./order.machine.ts";
import { openRequest } from "./request.facts.ts";
import { requestMachine } from "./request.machine.ts";
import { type SupervisorContext, supervisorMachine } from "./supervisor.machine.ts";

/**
 * The machine as one `createMachine(...)` call, for the XState visualizer. The context is a literal sample, since a
 * function cannot be printed; guards and actions are names, so the call behaves the same once ours are provided.
 */
export function machineText(machine: AnyStateMachine, sampleContext: object): string {
  return `createMachine(${JSON.stringify({ ...machine.config, context: sampleContext }, null, 2)})`;
}

/** Every machine of this room, with a context to show it by. */
export const MACHINES: readonly {
  readonly name: "order" | "request" | "cancel" | "supervisor" | "connection";
  readonly machine: AnyStateMachine;
  readonly sample: () => object;
}[] = [
  { name: "order", machine: orderMachine, sample: sampleOrder },
  { name: "request", machine: requestMachine, sample: sampleRequest },
  { name: "cancel", machine: cancelMachine, sample: sampleCancel },
  { name: "supervisor", machine: supervisorMachine, sample: sampleSupervisor },
  { name: "connection", machine: connectionMachine, sample: () => openConnection() },
];

const SAMPLE_CLOID = parseCloid("0x000000000000000000000000000000a1");

function sampleOrder(): object {
  const price = parseDecimal("64000");
  const size = parseDecimal("0.001");
  const coin = parseCoin("BTC");
  const terms = { coin, side: "buy", price, size, tif: "Alo", reduceOnly: false } as const;
  return newOrder({ cloid: SAMPLE_CLOID, terms });
}

function sampleRequest(): object {
  const children = [{ cloid: SAMPLE_CLOID }];
  return openRequest({ id: 1, kind: "place", children, commandMs: 0 });
}

function sampleCancel(): object {
  return openCancel({ id: 2, cloids: [SAMPLE_CLOID] });
}

function sampleSupervisor(): SupervisorContext {
  return { brakeAtStart: "released", barriers: 1, halts: 0 };
}
