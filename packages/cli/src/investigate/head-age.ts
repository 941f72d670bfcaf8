import { type BlockHeader, type ChainId, type ChainNode, chainName, countOf, isoTime, knownFamily, NodeError } from "@clew/core";

/** A node's newest block when it was asked, and how old it was then. */
export interface HeadAge {
	/** UTC. */
	readonly time: string;
	/** Seconds, 0 at least; undefined where its time is none. */
	readonly age: number | undefined;
	/** True where it is older than the chain's blocks let expect: the node is behind. */
	readonly late: boolean;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];
/** How old a newest block may be. Blocks of account chains come every few seconds; of Bitcoin's some come after more than an hour. */
const OLDEST = { accounts: HOUR, outputs: 3 * HOUR } as const;

/** Asks a node for its newest block. `now`: ISO. Undefined where it does not tell. Of a chain without a known pace none is late. */
export async function headAge(node: ChainNode, now: string): Promise<HeadAge | undefined> {
	try {
		return ageOf(node.chain, await node.head(), now);
	} catch (error) {
		if (!(error instanceof NodeError)) throw error;
		return undefined;
	}
}

function ageOf(chain: ChainId, { time }: BlockHeader, now: string): HeadAge {
	const family = knownFamily(chain);
	const isPaced = family?.chainName(chain) !== undefined && !chainName(chain).includes("regtest");
	const seconds = Math.floor(Date.parse(now) / 1000) - time;
	const age = Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
	return { time: isoTime(time), age, late: isPaced && family !== undefined && (age === undefined || age > OLDEST[family.ledger]) };
}

/** An age in its largest unit, rounded down: `3 days`, `20 minutes`. */
export function ageWords(age: number | undefined): string {
	if (age === undefined) return "of no known age";
	const [unit, seconds] =
		age >= 2 * DAY ? (["day", DAY] as const) : age >= 2 * HOUR ? (["hour", HOUR] as const) : (["minute", MINUTE] as const);
	return `${countOf(Math.floor(age / seconds), unit)} old`;
}

/** What is not known for a head that is behind. */
export function lateWords({ time, age }: HeadAge): string {
	return `what happened since ${time}: the node's newest block is ${ageWords(age)}, so that it is not in step with the chain; give --rpc of one that is`;
}
