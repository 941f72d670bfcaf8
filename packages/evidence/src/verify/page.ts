/// <reference lib="dom" />
import { gatherFiles } from "./encoding/paths.js";
import { unzip } from "./encoding/zip.js";
import { Refusal } from "./failure.js";
import { parseCertificates, parseKeyId, parseTrustedHeader } from "./trust.js";
import { type Trust, verifyFiles } from "./verify-bundle.js";
import { VERDICT_COLOUR, wording } from "./wording.js";

/** The page verify.html: the same checks in a browser, from a file, without network. */

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const output = element<HTMLPreElement>("result");

async function bytesOfFile(file: File): Promise<Uint8Array> {
	return new Uint8Array(await file.arrayBuffer());
}

/** A chosen folder, or one zip. */
async function chosenFiles(): Promise<Map<string, Uint8Array>> {
	const [zip] = element<HTMLInputElement>("zip").files ?? [];
	if (zip !== undefined) return unzip(await bytesOfFile(zip));
	const { files, add } = gatherFiles();
	for (const file of element<HTMLInputElement>("folder").files ?? []) {
		const path = file.webkitRelativePath.split("/").slice(1).join("/");
		add(path, await bytesOfFile(file));
	}
	if (files.size === 0) throw new Refusal("choose the bundle's folder, or its zip");
	return files;
}

async function trusted(): Promise<Trust> {
	const lines = (id: string) =>
		element<HTMLTextAreaElement>(id)
			.value.split(/\s+/)
			.filter((line) => line !== "");
	const certificates = await Promise.all([...(element<HTMLInputElement>("roots").files ?? [])].map(bytesOfFile));
	return {
		headers: lines("headers").map(parseTrustedHeader),
		keys: lines("keys").map(parseKeyId),
		timeRoots: certificates.flatMap(parseCertificates),
	};
}

// The last choice counts: another one that is left standing would win unseen.
for (const [chosen, other] of [
	["zip", "folder"],
	["folder", "zip"],
] as const)
	element(chosen).addEventListener("change", () => {
		element<HTMLInputElement>(other).value = "";
	});

element("verify").addEventListener("click", async () => {
	output.className = "";
	output.textContent = "checking ...";
	try {
		const report = await verifyFiles(await chosenFiles(), await trusted());
		output.className = VERDICT_COLOUR[report.verdict];
		output.textContent = wording(report, true).join("\n");
	} catch (error) {
		output.className = "bad";
		output.textContent = `FAILED ${(error as Error).message.slice(0, 300)}`;
	}
});
