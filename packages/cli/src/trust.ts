import { readFileSync } from "node:fs";
import { type ChainId, FEE_CONVENTIONS, InputError, type TraceResult } from "@clew/core";
import { checkPapers, parseCertificates, parseKeyId, parseTrustedHeader, type Trust, type VerifyReport } from "@clew/evidence";
import { conventionsOf } from "@clew/tracer";

/** Texts of the options by which who checks a bundle says what they know from elsewhere; each may come several times. */
export const TRUST_HEADER_OPTION = [
	"--trust-header <header>",
	"chain:height:hash that you know from elsewhere; several times for several",
] as const;
export const TRUST_KEY_OPTION = ["--trust-key <id>", "id of a key that must have signed; several: one of them"] as const;
export const TRUST_TIME_OPTION = [
	"--trust-time <certificate>",
	"certificate (PEM) of a time stamp authority or its root; a time stamp must lead to it",
] as const;

interface TrustOptions {
	readonly trustHeader: readonly string[];
	readonly trustKey: readonly string[];
	readonly trustTime: readonly string[];
}

/** What was said to be known. What cannot be read is a mistake in usage: throws InputError (USAGE). */
export function trustOf({ trustHeader, trustKey, trustTime }: TrustOptions): Trust {
	try {
		return {
			headers: trustHeader.map(parseTrustedHeader),
			keys: trustKey.map(parseKeyId),
			timeRoots: trustTime.flatMap((file) => parseCertificates(readCertificate(file))),
		};
	} catch (cause) {
		if (cause instanceof InputError) throw cause;
		throw new InputError((cause as Error).message, { code: "USAGE", cause });
	}
}

function readCertificate(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
		throw new InputError(`the certificate ${missing ? "is not there" : "cannot be read"}`, { where: path, cause, code: "USAGE" });
	}
}

/** The report once what people read was made again and compared, as far as this version made it. */
export function withPapers(files: ReadonlyMap<string, Uint8Array>, report: VerifyReport, version: string): Promise<VerifyReport> {
	return checkPapers(files, report, version, statedConventions);
}

/** The conventions that this version states of such a trace. */
function statedConventions({ chain, parameters, direction }: TraceResult): TraceResult["conventions"] {
	return conventionsOf(chain as ChainId, FEE_CONVENTIONS.find((fee) => fee === parameters["fee"]) ?? "last", direction);
}
