import type { ChainEvent, ChainId, EventKind, EventReader, Position } from "@clew/core";
import { eventFrom, eventText } from "../rules/events.js";
import { endOfChain, eventRange, packHeight, packPosition, packTransaction } from "../rules/keys.js";
import { BOUND_LIMIT, type Db } from "./database.js";
import type { Interning } from "./interning.js";

type Synchronous<T> = { [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never };

export interface EventTable extends Synchronous<EventReader> {
	/** Replaces the events of a height. */
	set(chain: number, height: number, events: readonly ChainEvent[]): void;
	at(chain: number, height: number): ChainEvent[];
	rollback(chain: number, height: number): void;
}

/** Decoded events of a case. Synchronous. */
export function eventTable(db: Db, names: Interning): EventTable {
	const insert = db.prepare(`INSERT INTO events (pos, kind, key, json) VALUES (?, ?, ?, ?)`);
	const remove = db.prepare(`DELETE FROM events WHERE pos >= ? AND pos < ?`);
	const between = db.prepare(`SELECT json FROM events WHERE pos >= ? AND pos < ? ORDER BY pos`).pluck();
	const ofKind = db.prepare(`SELECT json FROM events WHERE kind = ? AND pos >= ? AND pos < ? ORDER BY pos ${BOUND_LIMIT}`).pluck();
	const ofKey = db.prepare(`SELECT json FROM events WHERE key = ? ORDER BY pos`).pluck();
	const read = (rows: unknown[]) => (rows as string[]).map(eventFrom);
	const at = (chain: number, height: number) => read(between.all(packHeight(chain, height), packHeight(chain, height + 1)));
	return {
		at,
		set(chain, height, events) {
			remove.run(packHeight(chain, height), packHeight(chain, height + 1));
			for (const event of events) insert.run(packPosition(chain, event.position), event.kind, event.key ?? null, eventText(event));
		},
		rollback: (chain, height) => void remove.run(packHeight(chain, height), endOfChain(chain)),
		events(chainName: ChainId, kind: EventKind, from: Position, limit: number) {
			const chain = names.knownChain(chainName);
			return chain === undefined ? [] : read(ofKind.all(kind, packPosition(chain, from), endOfChain(chain), limit));
		},
		eventsOfTransaction(chainName, { height, txIndex }) {
			const chain = names.knownChain(chainName);
			if (chain === undefined) return [];
			const [first, end] = eventRange(packTransaction(chain, height, txIndex));
			return read(between.all(first, end));
		},
		eventsByKey: (key) => read(ofKey.all(key)),
	};
}
