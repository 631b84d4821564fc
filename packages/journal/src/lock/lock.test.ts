import { describe, expect, it } from "vitest";
import { fakeDisk } from "../disk/fake-disk.fixture.ts";
import type { Holder, Host } from "./host.ts";
import { takeLock } from "./lock.ts";

const FOLDER = "/journal";
const LOCK = `${FOLDER}/lock`;

function hostOf(self: Holder, alive: readonly number[] = []): Host {
  return { self, isAlive: ({ pid }) => alive.includes(pid) };
}

describe("the lock of a journal", () => {
  it("lets one in at a time", () => {
    const disk = fakeDisk();
    const leave = takeLock(disk, FOLDER, hostOf({ host: "here", pid: 1 }));
    const other = hostOf({ host: "here", pid: 2 }, [1]);
    expect(() => takeLock(disk, FOLDER, other)).toThrow("process 1 of here writes the journal");
    leave();
    takeLock(disk, FOLDER, other);
  });

  it("is taken over from a process that died", () => {
    const disk = fakeDisk();
    takeLock(disk, FOLDER, hostOf({ host: "here", pid: 1 }));
    takeLock(disk, FOLDER, hostOf({ host: "here", pid: 2 }));
    expect(disk.text(LOCK)).toContain('"pid":2');
    expect(disk.paths()).toEqual([LOCK]);
  });

  it("is not taken from another machine, whose processes nobody sees from here", () => {
    const disk = fakeDisk();
    takeLock(disk, FOLDER, hostOf({ host: "there", pid: 1 }));
    expect(() => takeLock(disk, FOLDER, hostOf({ host: "here", pid: 2 }))).toThrow("of there");
  });

  it("survives a loss of power whole, so that the next life can judge it", () => {
    const disk = fakeDisk();
    takeLock(disk, FOLDER, hostOf({ host: "here", pid: 1 }));
    disk.losePower("kept");
    takeLock(disk, FOLDER, hostOf({ host: "here", pid: 2 }));
  });

  it("that names nobody is not taken either", () => {
    const disk = fakeDisk();
    disk.put(LOCK, Buffer.from('{"ho'));
    expect(() => takeLock(disk, FOLDER, hostOf({ host: "here", pid: 2 }))).toThrow("somebody");
  });

  it("that somebody else took over meanwhile is given back", () => {
    const disk = fakeDisk();
    takeLock(disk, FOLDER, hostOf({ host: "here", pid: 1 }));
    const quick = hostOf({ host: "here", pid: 3 });
    let isFirst = true;
    disk.fate = ({ call }) => {
      if (call === "rename" && isFirst) {
        isFirst = false;
        disk.remove(LOCK);
        takeLock(disk, FOLDER, quick);
      }
      return "well";
    };
    const slow = hostOf({ host: "here", pid: 2 }, [3]);
    expect(() => takeLock(disk, FOLDER, slow)).toThrow("process 3 of here");
    expect(disk.text(LOCK)).toContain('"pid":3');
  });
});
