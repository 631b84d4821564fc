import { describe, expect, it } from "vitest";
import { admitted, resting, rig, settled, SPEC } from "./rig.fixture.ts";

/** What a caller without types could pass. */
function untyped(json: string) {
  return JSON.parse(json);
}

describe("options that nobody reads", () => {
  it("are refused by name, and nothing is done", async () => {
    const { engine, venue } = await rig();
    const order = engine.place(SPEC);
    venue.replies(admitted(resting(7)));
    const sequence = engine.snapshot().sequence;
    const field = (name: string) => ({ code: "invalidSpec", details: { field: name } });
    await expect(engine.cancelAll(untyped('{"coins":"BTC"}'))).rejects.toMatchObject(
      field("cancelAll.coins"),
    );
    await expect(engine.close(untyped('{"order":"leave"}'))).rejects.toMatchObject(
      field("close.order"),
    );
    // Neither cancel nor leave: it would have waited for ever.
    await expect(engine.close(untyped('{"orders":"keep"}'))).rejects.toMatchObject(field("orders"));
    expect(() => engine.placeMany([SPEC], untyped('{"groping":"na"}'))).toThrow("groping");
    expect(() => engine.placeMany([SPEC], untyped('{"grouping":"oco"}'))).toThrow("grouping");
    // What is no text could not be journaled.
    expect(() => engine.halt(untyped('{"why":1}'))).toThrow("reason");
    expect(engine.snapshot().sequence).toBe(sequence);
    expect(order.view().state).toBe("resting");
    expect(await settled(engine.close({ orders: "leave" }))).not.toBe("open");
  });

  it("a closed engine says so to every command", async () => {
    const { engine } = await rig();
    await engine.close({ orders: "leave" });
    const unknown = `0x${"ab".repeat(16)}`;
    await expect(engine.modify(unknown, { price: "1" })).rejects.toMatchObject({ code: "closed" });
    await expect(engine.cancel(unknown)).rejects.toMatchObject({ code: "closed" });
    await expect(engine.cancelAll()).rejects.toMatchObject({ code: "closed" });
    expect(() => engine.place(SPEC)).toThrow("closed");
    expect(() => engine.halt("x")).toThrow("closed");
    expect(await settled(engine.close())).toMatchObject({ canceled: [] });
  });
});
