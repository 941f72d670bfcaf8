import type { Fail } from "../failure.js";
import type { Manifest } from "./formats.js";

const CHANGED =
	"; custody entries, titles and notes that named them are changed, and the log is chained anew; label files are left out(; [1-9][0-9]{0,6} imported files that held one are left out)?";
const COUNT = "[1-9][0-9]{0,6} names of victims are replaced";
/** What a manifest says was withheld: one of these, as every version writes it. */
const NOTHING = /^no label of the case names a victim: nothing was replaced$/;
const GONE = new RegExp(`^${COUNT} and not in this bundle(${CHANGED})?$`);
const ENCRYPTED = new RegExp(`^${COUNT}; victims\\.age holds them, encrypted(${CHANGED})?$`);
const NAMES = "victims.age";

/** What was withheld is said in one of the sentences that there are, and the encrypted names are there where it says so, and only there. */
export function checkWithheld({ redacted, files }: Pick<Manifest, "redacted" | "files">, fail: Fail): void {
	const encrypted = redacted !== undefined && ENCRYPTED.test(redacted);
	if (redacted !== undefined && !encrypted && !NOTHING.test(redacted) && !GONE.test(redacted))
		fail("manifest.json", `says of what was withheld what no bundle says: ${JSON.stringify(redacted.slice(0, 100))}`);
	if (files.some(({ path }) => path === NAMES) !== encrypted)
		fail(
			"manifest.json",
			encrypted ? `says that ${NAMES} holds the names, and does not list it` : `lists ${NAMES}, and does not say what it holds`,
		);
}
