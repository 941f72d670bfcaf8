import { type Failure, failure } from "../verify/failure.js";

/** Why papers of another version, or of another build of it, are not compared. */
export function otherVersion(made: string, here: string): string {
	return `made by another version of Clew (${made}) than this one (${here})`;
}

/** Says of each paper that is missing, or is other than what it was made again as. */
export function differing(
	files: ReadonlyMap<string, Uint8Array>,
	papers: ReadonlyMap<string, string | Uint8Array>,
	madeFrom = "the rows give",
): Failure[] {
	const failures: Failure[] = [];
	for (const [path, content] of papers) {
		const given = files.get(path);
		if (given === undefined) failures.push(failure("papers", path, "is missing"));
		else if (!Buffer.from(content).equals(given)) failures.push(failure("papers", path, `is not what ${madeFrom}`));
	}
	return failures;
}
