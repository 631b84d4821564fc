/** What a subscription said so far; whoever waits is told by the event itself. */
export class Heard<Event> {
  readonly events: Event[] = [];
  readonly #waiting: { wanted: (event: Event) => boolean; found: (event: Event) => void }[] = [];

  /** The listener to subscribe with. */
  readonly listen = (event: Event): void => {
    this.events.push(event);
    for (const wait of this.#waiting.splice(0)) {
      if (wait.wanted(event)) wait.found(event);
      else this.#waiting.push(wait);
    }
  };

  /** The first event that is wanted, past or to come. */
  async until(wanted: (event: Event) => boolean): Promise<Event> {
    const past = this.events.find(wanted);
    if (past !== undefined) return past;
    return await new Promise<Event>((found) => {
      this.#waiting.push({ wanted, found });
    });
  }
}
