import { sameOwner } from "@clew/core";
import { DESKS } from "./desk-table.js";

/** How an entity takes requests of authorities, as its own page publishes it. */
export interface Desk {
	/** As label lists name it; a renamed entity goes by any of its names. */
	readonly entity: string;
	/** Other names of it that are no renaming, nor the same in other letters. */
	readonly aliases: readonly string[];
	readonly kind: "exchange" | "issuer" | "bridge" | "other";
	/** A portal that the page leads to; a mail address; or one that the page names and the copy that was read does not show. */
	readonly channel:
		| { readonly by: "portal"; readonly name: string }
		| { readonly by: "mail"; readonly address: string }
		| { readonly by: "mail on the page" };
	/** What a request must hold, a few words each; empty: the page was not seen to say. */
	readonly asks: readonly string[];
	/** In which it takes requests: ISO 639-1; empty: the page was not seen to say. */
	readonly languages: readonly string[];
	/** What the page says to victims, counsel and other private persons; absent: it was not seen to say anything. */
	readonly others?: string;
	/** The entity's own page that says all of it. */
	readonly source: string;
	/** The day of which the page says it is; absent: it was not seen to bear one. */
	readonly dated?: string;
	/** The day on which a stored copy of the page was read, which may be older than that. */
	readonly read: string;
}

/** A longer text describes an account, and names more than one owner. */
const WORDS_OF_A_NAME = 4;

/** The desks that ship with Clew, in the order of their names. */
export function shippedDesks(): readonly Desk[] {
	return DESKS;
}

/**
 * The desk of an entity by the name that a label has for it, as {@link sameOwner} compares names; undefined where none ships, for a text
 * that describes an account rather than naming its owner, and for one that may mean two. None says nothing on whether the entity has one.
 */
export function deskOf(entity: string): Desk | undefined {
	if (entity.trim().split(/\s+/u).length > WORDS_OF_A_NAME) return undefined;
	const [desk, ...others] = DESKS.filter((one) => namesOf(one).some((name) => sameOwner(name, entity)));
	return others.length === 0 ? desk : undefined;
}

/** Every name that a desk goes by here. */
export function namesOf({ entity, aliases }: Desk): readonly string[] {
	return [entity, ...aliases];
}

/** The way to a desk, in words that may follow "by". */
export function wayTo({ channel }: Desk): string {
	if (channel.by === "portal") return channel.name;
	return channel.by === "mail" ? `mail to ${channel.address}` : "mail to the address that its page names";
}

/** Of when what a desk publishes is: the day that its page bears, else that it bears none and when a copy was read. */
export function ageOf({ dated, read }: Desk): string {
	return dated === undefined ? `of no date, in a copy read ${read}` : `as of ${dated}`;
}

/** What a request says of a desk's channel: the way, where and of when it was published, and that it is to be verified. */
export function publishedChannel(desk: Desk): string {
	return `${wayTo(desk)}; published channel (${ageOf(desk)}, ${desk.source}): verify before use`;
}
