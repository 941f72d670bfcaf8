import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Refusal } from "./failure.js";
import { readBundle } from "./node.js";
import { parseCertificates, parseKeyId, parseTrustedHeader } from "./trust.js";
import { type Trust, verifyFiles } from "./verify-bundle.js";
import { wording } from "./wording.js";

const USAGE = `usage: node verify.mjs [bundle folder or zip] [--trust-header chain:height:hash]... [--trust-key id]... [--trust-time certificate.pem]... [--rows] [--json]
Checks an evidence bundle without network and without anything installed. Without a path it checks the folder that it lies in.
Exit code 0: it holds together; the first line says how much of it is proven. 1: it does not; each failure is named. 2: it was not called as above.`;

async function main(args: readonly string[]): Promise<number> {
	const trust = { headers: [], keys: [], timeRoots: [] } as { -readonly [K in keyof Trust]: Trust[K][number][] };
	const paths: string[] = [];
	let [rows, json] = [false, false];
	try {
		for (let i = 0; i < args.length; i++) {
			const arg = args[i] as string;
			const value = () => args[++i] ?? "";
			if (arg === "--trust-header") trust.headers.push(parseTrustedHeader(value()));
			else if (arg === "--trust-key") trust.keys.push(parseKeyId(value()));
			else if (arg === "--trust-time") trust.timeRoots.push(...parseCertificates(readFileSync(value())));
			else if (arg === "--rows") rows = true;
			else if (arg === "--json") json = true;
			else if (arg === "--help" || arg === "-h" || arg.startsWith("-") || paths.length > 0) throw new Refusal(USAGE);
			else paths.push(arg);
		}
	} catch (error) {
		console.error((error as Error).message);
		return 2;
	}
	try {
		const report = await verifyFiles(await readBundle(paths[0] ?? fileURLToPath(new URL(".", import.meta.url))), trust);
		console.log(json ? asciiJson(report) : wording(report, rows).join("\n"));
		return report.ok ? 0 : 1;
	} catch (error) {
		console.log(`FAILED ${(error as Error).message.slice(0, 300)}`);
		return 1;
	}
}

/** JSON in which every letter that a terminal could obey, or nobody sees, is escaped. */
function asciiJson(value: unknown): string {
	return JSON.stringify(value, null, 2).replace(/[^\n\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

process.exitCode = await main(process.argv.slice(2));
