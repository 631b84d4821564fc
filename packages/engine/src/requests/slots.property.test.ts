import fc from "fast-check";
import { expect, it } from "vitest";
import { type SlotKind, Slots } from "./slots.ts";

const op = fc.oneof(
  fc.record({
    do: fc.constant("wait" as const),
    kind: fc.constantFrom<SlotKind>("cancel", "modify", "place"),
  }),
  fc.record({ do: fc.constant("release" as const), which: fc.nat() }),
);

it("situation 27: a cancel waits for at most one release, and nobody passes it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(op, { maxLength: 60 }),
      (inFlightMax, cancelReserve, ops) => {
        const slots = new Slots({ inFlightMax, cancelReserve });
        const held: { id: number; kind: SlotKind }[] = [];
        const waiting: { id: number; kind: SlotKind }[] = [];
        const wait = (id: number, kind: SlotKind): void => {
          waiting.push({ id, kind });
          slots.wait({
            ...{ id, kind },
            grant: () => {
              const at = waiting.findIndex((one) => one.id === id);
              held.push(...waiting.splice(at, 1));
            },
          });
        };
        for (const [id, step] of ops.entries()) {
          const first = waiting.find(({ kind }) => kind === "cancel");
          const before = held.length;
          if (step.do === "wait") wait(id, step.kind);
          else {
            const [freed] = held.splice(step.which % Math.max(1, held.length), 1);
            if (freed !== undefined) slots.release(freed.id);
          }
          const isFreed = step.do === "release" && before > 0;
          slots.pump(() => true);
          if (isFreed && first !== undefined) expect(held).toContainEqual(first);
          const isCancelWaiting = waiting.some(({ kind }) => kind === "cancel");
          if (isCancelWaiting) expect(held).toHaveLength(inFlightMax + cancelReserve);
          const ordinary = held.filter(({ kind }) => kind !== "cancel");
          expect(ordinary.length).toBeLessThanOrEqual(inFlightMax);
          expect(slots).toMatchObject({ inFlight: held.length, queued: waiting.length });
        }
      },
    ),
    { seed: 27, numRuns: 300 },
  );
});
