import { existsSync, readFileSync } from "node:fs";
import { InputError, sha256Hex } from "@clew/core";
import { dataFile } from "./data-file.js";
import { writePrivately } from "./private-file.js";

/** Needs no permission: it goes to whoever runs the command. */
const ALWAYS = "stdout";

/** Where this machine keeps which places a case may tell. */
const placesPath = (): string => dataFile("allowed-places.json", "CLEW_PLACES");

/** A place of a case as it is noted: by its hash, since it may hold a secret. */
const markOf = (caseId: string, place: string): string => sha256Hex(`${caseId}\n${place}`);

function readMarks(): string[] {
	const path = placesPath();
	if (!existsSync(path)) return [];
	try {
		const marks: unknown = JSON.parse(readFileSync(path, "utf8"));
		if (Array.isArray(marks) && marks.every((mark) => typeof mark === "string")) return marks;
	} catch (cause) {
		throw new InputError("is not readable", { where: path, cause });
	}
	throw new InputError("is no list of allowed places", { where: path, hint: "Remove the file, and allow places again: clew watch allow." });
}

/**
 * Whether somebody on this machine has allowed a case to tell a place. A case that came from somebody else names programs and URLs that
 * nobody here chose: they are off until allowed.
 */
export function isAllowed(caseId: string, place: string): boolean {
	return place === ALWAYS || readMarks().includes(markOf(caseId, place));
}

/** Allows places of a case on this machine. */
export function allowPlaces(caseId: string, places: readonly string[]): void {
	const path = placesPath();
	const marks = new Set([...readMarks(), ...places.filter((place) => place !== ALWAYS).map((place) => markOf(caseId, place))]);
	writePrivately(path, `${JSON.stringify([...marks].sort())}\n`);
}
