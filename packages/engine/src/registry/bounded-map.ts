/** A map with a limit: the entry that was set first is forgotten first, and who forgets is told. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  readonly #forget: (key: K, value: V) => void;

  constructor(limit: number, forget: (key: K, value: V) => void = () => undefined) {
    this.#limit = limit;
    this.#forget = forget;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    for (const [oldest, old] of this.#entries) {
      this.#entries.delete(oldest);
      this.#forget(oldest, old);
      return;
    }
  }

  delete(key: K): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }
}
