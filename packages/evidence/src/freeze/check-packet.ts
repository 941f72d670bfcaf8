import { lockHash } from "../bundle/bundle.js";
import { bundleText } from "../bundle/bundle-text.js";
import { differing, otherVersion } from "../bundle/compare.js";
import { type Failure, failure } from "../verify/failure.js";
import { packetFolders } from "../verify/packet/packet.js";
import { type VerifyReport, withCompared, withFailures } from "../verify/report.js";
import { defaultTemplate } from "./packet.js";
import { papersOfRequest } from "./papers.js";
import type { RequestDocument } from "./request-document.js";

/** Papers whose words come from the template. */
const WORDED = ["request.txt", "request.pdf"];
const OWN_WORDS = "the wording is the maker's own, not Clew's: the papers say what request.json says, and what else that wording says";

/**
 * Makes text, PDF, table and spreadsheet of every freeze request again from its `request.json`, and compares the bytes. Papers of the
 * maker's own wording are compared, too, but do not count as checked: a template may say anything.
 */
export async function checkPacketPapers(
	files: ReadonlyMap<string, Uint8Array>,
	report: VerifyReport,
	version: string,
): Promise<VerifyReport> {
	const failures: Failure[] = [];
	const compared: string[] = [];
	let why: string | undefined;
	for (const folder of packetFolders(files)) {
		const { tool } = JSON.parse(bundleText(files, `${folder}packet.json`)) as { tool: { version: string; lockSha256: string } };
		if (tool.version !== version || tool.lockSha256 !== lockHash()) {
			why = otherVersion(tool.version, version);
			continue;
		}
		const request = JSON.parse(bundleText(files, `${folder}request.json`)) as RequestDocument;
		try {
			const papers = new Map([...(await papersOfRequest(request))].map(([path, content]) => [`${folder}${path}`, content]));
			failures.push(...differing(files, papers, "request.json gives"));
			const own = request.template !== defaultTemplate();
			if (own) why ??= OWN_WORDS;
			compared.push(...[...papers.keys()].filter((path) => !(own && WORDED.some((name) => path === `${folder}${name}`))));
		} catch (error) {
			failures.push(failure("papers", `${folder}request.json`, `no papers can be made of it: ${(error as Error).message}`));
		}
	}
	return withFailures(withCompared(report, compared, why), failures);
}
