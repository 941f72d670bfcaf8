import type { ChainEvent, EventKind } from "./event.js";
import type { ChainId } from "./ids.js";
import type { EventReader } from "./ports/ledger-reader.js";
import { after, startOf } from "./position.js";

const PAGE = 5_000;

/** All events of a kind on a chain, in order; a page at a time is read. */
export async function* eventsOfKind(source: EventReader, chain: ChainId, kind: EventKind): AsyncGenerator<ChainEvent> {
	for (let from = startOf(0); ; ) {
		const page = await source.events(chain, kind, from, PAGE);
		yield* page;
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE) return;
		from = after(last.position);
	}
}
