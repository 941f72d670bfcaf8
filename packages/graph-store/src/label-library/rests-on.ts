import type { LibraryVersion } from "./library.js";

/**
 * The versions on which an answer rests, of those that claim to answer one question: of each publisher its newest whole copy, which stands
 * for older ones and for parts; where there is none, the newest copy of each of its parts. A copy without a date is older than any. All
 * publishers count: an answer is as old as the oldest of these, and of no known date where one of them has none.
 */
export function restsOn(claiming: readonly LibraryVersion[]): readonly LibraryVersion[] {
	return distinct(claiming, "publisher").flatMap((copies) => {
		const whole = copies.filter(({ part }) => part === "");
		return distinct(whole.length > 0 ? whole : copies, "part").flatMap(newestOf);
	});
}

function distinct(versions: readonly LibraryVersion[], by: "publisher" | "part"): (readonly LibraryVersion[])[] {
	return [...new Set(versions.map((one) => one[by]))].map((value) => versions.filter((one) => one[by] === value));
}

function newestOf(copies: readonly LibraryVersion[]): readonly LibraryVersion[] {
	return [...copies].sort((a, b) => (a.retrievedAt < b.retrievedAt ? 1 : a.retrievedAt > b.retrievedAt ? -1 : 0)).slice(0, 1);
}
