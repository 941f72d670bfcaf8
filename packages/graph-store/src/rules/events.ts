import { type ChainEvent, canonicalJson } from "@clew/core";

/** An event as a backend keeps it, next to its place, its kind and its key. */
export function eventText(event: ChainEvent): string {
	return canonicalJson(event);
}

/** The event that {@link eventText} wrote. */
export function eventFrom(text: string): ChainEvent {
	return JSON.parse(text) as ChainEvent;
}
