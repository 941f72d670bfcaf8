import { type ChainId, nullAccount } from "@clew/core";
import { type EndpointReport, finding, freshness } from "../../endpoint-report.js";
import type { HttpOptions } from "../../http/http-client.js";
import { connectTronSource } from "./source.js";

/** Blocks of Tron come every three seconds, and are solid a minute later. */
const RECENT = 600;
const TRIES = 3;

/** Asks a node of Tron, or TronGrid, what it can do. Throws NodeError where it does not answer, or serves another chain. */
export async function testTronNode(url: string, chain: ChainId, now: number, options: HttpOptions): Promise<EndpointReport> {
	const source = await connectTronSource(url, chain, { attempts: TRIES, ...options });
	try {
		const { client } = await source.capabilities();
		const { height, time } = await source.head();
		let kinds: readonly string[] = [];
		const listed = await finding(
			"an account's blocks, by TronGrid's lists",
			async () => {
				kinds = (await (await source.history()).activity(nullAccount(chain), height, height)).kinds;
				return true;
			},
			{ yes: "an account's payments are found", no: "where an account takes part is not known from it: use TronGrid, or an export" },
		);
		const inside = {
			about: "calls inside transactions of an account",
			answer: listed.answer === "yes" ? (kinds.includes("internal") ? ("yes" as const) : ("no" as const)) : ("not known" as const),
			means: kinds.includes("internal")
				? "blocks with payments by contracts are found"
				: "blocks with payments by contracts may be missing",
		};
		const findings = [freshness(time, now, RECENT), listed, inside];
		return { client, head: { height, time }, findings, requests: source.requests() };
	} finally {
		source.close();
	}
}
