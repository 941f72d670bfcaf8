import { type ErrorCode, NodeError } from "@clew/core";

/**
 * What a refusal of a node, a provider or an explorer means for who asked:
 * - `too-much`: a range or its result is too large; less of it is answered
 * - `batch`: too many calls in one request, or batches at all
 * - `too-often`: wait and ask again
 * - `spent`: the plan's allowance is used up; waiting does not help within this run
 * - `key`: whoever asks is refused
 * - `plan`: the plan of this key does not include it
 * - `no-state`: the node does not keep what was asked of that height
 * - `absent`: the method is not offered
 * - `again`: a failure that passes
 */
export type RefusalKind = "too-much" | "batch" | "too-often" | "spent" | "key" | "plan" | "no-state" | "absent" | "again";

/** A refusal as it came. */
export interface Said {
	readonly message: string;
	/** Code of a JSON-RPC error. */
	readonly code?: number | undefined;
	/** HTTP status. */
	readonly status?: number | undefined;
	/** True where a range of blocks was asked for, so that less can be. */
	readonly ranged?: boolean | undefined;
}

interface Rule {
	readonly kind: RefusalKind;
	readonly says: RegExp;
	/** Codes that mean it whatever is said. */
	readonly codes?: readonly number[];
	/** It means this only where a range was asked for. */
	readonly ranged?: true;
}

/**
 * The first rule that fits decides. Wordings are those of geth, erigon, nethermind, reth, besu, Bor, Infura, Alchemy, QuickNode, dRPC,
 * Ankr, Cloudflare, BNB, Base, Polygon and Avalanche's public nodes, Etherscan, Blockscout, Routescan, TronGrid, Esplora, ElectrumX and
 * electrs; `refusals.test.ts` has one of each.
 */
const RULES: readonly Rule[] = [
	{
		kind: "batch",
		says: /batch (request )?(was |is )?too (large|big)|batch of more than|batch size|max(imum)? batch|maxbatch|batch(es| requests?)? (is |are )?(not|disabled|limit)|too many (calls|requests) in (a |the )?batch/i,
	},
	{
		kind: "too-much",
		ranged: true,
		says: /returned more than|too many (results|logs|blocks)|(response|result)( set| size)? (is )?(too (big|large)|exceed)|exceed(s|ed)? (the )?(max(imum)?|allowed|limit)|max (results|range)|block range|blocks? (distance|gap)|ranges? (over|exceed|too|of|is|[0-9])|(is |are )?limited to|up to a [0-9,.]+k? block|(query|execution|request) (timeout|timed out)|deadline exceeded|narrow|limit exceeded|please limit/i,
	},
	{
		kind: "too-much",
		says: /history (is )?too (large|long)|too many history entries|found, query may take a long time|response too large/i,
	},
	{
		kind: "key",
		says: /(missing|invalid|no such|unknown|wrong).{0,12}(api|access|project)?.?(key|token|project id)\b|unauthori[sz]ed|must be authenticated/i,
	},
	{
		kind: "plan",
		says: /free (api )?(access|plan|tier) (is |does )?not|not (available|supported|allowed|included) (on|in|for|with) (the |your )?(free|current|this)|upgrade your plan|api pro endpoint|freetier|paid (plan|tier)/i,
	},
	{
		kind: "spent",
		says: /daily|monthly|quota|credits? (is |are )?(exhausted|used up|exceeded)|out of (credits|cu)|max(imum)? (daily )?rate limit reached.*day|allowance/i,
	},
	{
		kind: "too-often",
		codes: [429, -32005, -32007, -32012, -32029, -32090, -32097],
		says: /rate.?limit|too many requests|calls per sec|per.?second|limit exceeded|capacity|throughput|throttl|request count exceeded|frequency limit|suspended for|credits limited|slow down|excessive resource usage/i,
	},
	{
		kind: "no-state",
		codes: [4444],
		says: /missing.?trie.?node|state (is )?(not|un)available|historical (state|data|rpc)|pruned|no state available|archive|state .{0,60}(missing|not found|expired)|old data not available|distance to target block/i,
	},
	{
		kind: "absent",
		codes: [-32601, -32004, -32700],
		says: /method (is )?not|(does not exist|is not available|not found).{0,8}method|unknown method|not supported|unsupported|not implemented|not whitelisted|disabled/i,
	},
	{
		kind: "again",
		says: /header not found|unknown block|block.{0,30}not (found|available)|not yet|timeout|timed out|deadline exceeded|temporar|try again|overloaded|busy|upstream|no (healthy|available) (node|backend|upstream|server)|bad gateway|service unavailable|cannot fulfill|internal (server )?error/i,
	},
];

const ENTITY_TOO_LARGE = 413;
const PAYMENT = 402;
const TOO_MANY = 429;

/** A contract's own words, which may be any. */
const REVERTED = /^(vm exception.{0,40}|execution )?revert|^invalid opcode/i;
const REVERT_CODE = 3;

/** What a refusal means; undefined for an answer to the question itself, such as a call that reverts. */
export function refusalOf({ message, code, status, ranged = false }: Said): RefusalKind | undefined {
	if (code === REVERT_CODE || REVERTED.test(message)) return undefined;
	const rule = RULES.find(
		(one) => (one.ranged !== true || ranged) && (one.says.test(message) || (code !== undefined && one.codes?.includes(code))),
	);
	// Whoever says so by status may say anything besides.
	if (status === TOO_MANY && rule?.kind !== "spent") return "too-often";
	if (status === PAYMENT) return "spent";
	if (rule === undefined && status === ENTITY_TOO_LARGE) return ranged ? "too-much" : "batch";
	return rule?.kind;
}

const SUGGESTED = /\[\s*(0x[0-9a-f]+|[0-9]+)\s*,\s*(0x[0-9a-f]+|[0-9]+)\s*\]/i;
const MOST =
	/(?:up to(?: an?)?|limited to(?: an?)?(?: \d+ *-)?|limit(?: of|:)?|max(?:imum)?(?: (?:allowed|block range|is|set to|range|is set to|allowed is|block range is))*:?|ranges over|exceed maximum block range:?|more than)\s*\(?([0-9][0-9,_.]*)\s*(k)?\b/i;
const COUNTED = /returned [0-9,]+ (logs|results)/i;
const ABOUT_RESULTS = /results|logs|response|entries|size|bytes|mb\b/i;
const THOUSAND = 1_000;

/**
 * So many blocks at once a refusal says are answered; undefined where it names none, or speaks of results, which another range has fewer
 * of.
 */
export function mostBlocks(message: string): number | undefined {
	const [, from, to] = SUGGESTED.exec(message) ?? [];
	if (from !== undefined && to !== undefined) {
		const span = Number(BigInt(to) - BigInt(from)) + 1;
		return Number.isSafeInteger(span) && span > 0 ? span : undefined;
	}
	if (COUNTED.test(message)) return undefined;
	const [found, digits, thousands] = MOST.exec(message) ?? [];
	if (found === undefined || digits === undefined) return undefined;
	const after = message.slice(message.indexOf(found) + found.length, message.indexOf(found) + found.length + 12);
	if (ABOUT_RESULTS.test(after)) return undefined;
	const most = Number(digits.replace(/[,_.]/g, "")) * (thousands === undefined ? 1 : THOUSAND);
	return Number.isSafeInteger(most) && most > 0 ? most : undefined;
}

/** True where the refusal holds for every range of this length, not for this one because so much lies in it. */
export function isOfLength(message: string): boolean {
	return (
		/range|blocks? (distance|gap)|blocks are/i.test(message) && !/results|response size|too many logs|timeout|timed out/i.test(message)
	);
}

/** Calls a second that a refusal names. */
export function perSecond(message: string): number | undefined {
	const [, rate] = /\(?([0-9]{1,4})\s*(?:\/|per |calls? per |requests? per )\s*sec/i.exec(message) ?? [];
	return rate === undefined ? undefined : Number(rate);
}

/** Calls in one request that a refusal names as the most; 1 where batches are refused at all. */
export function mostCalls(message: string): number | undefined {
	const [, most] =
		/(?:more than|limit(?: of|:| is)?|max(?:imum)?(?: batch size)?(?: is|:| of)?|exceeds?(?: max(?:imum)?)?(?: limit)?(?: of)?)\s*\(?([0-9]{1,5})\b/i.exec(
			message,
		) ?? [];
	if (most !== undefined) return Math.max(1, Number(most));
	return /batch(es|ing| requests?)? (is |are )?(not (supported|allowed|enabled|available)|disabled)/i.test(message) ? 1 : undefined;
}

type NodeCode = Extract<ErrorCode, `NODE_${string}`>;

/** What a refusal is as an error: its code, whether asking again may help, and what to do. */
export const REFUSAL_ERRORS: Readonly<
	Record<RefusalKind, { readonly code: NodeCode; readonly retryable: boolean; readonly hint?: string }>
> = {
	"too-much": { code: "NODE_TOO_MUCH", retryable: false, hint: "Ask for fewer blocks at once." },
	batch: { code: "NODE_TOO_MUCH", retryable: true, hint: "Try --batch 1." },
	"too-often": { code: "NODE_RATE_LIMIT", retryable: true, hint: "Wait, or lower --concurrency." },
	spent: {
		code: "NODE_RATE_LIMIT",
		retryable: false,
		hint: "The allowance of this key is used up: use another endpoint, or go on when it is renewed.",
	},
	key: { code: "NODE_UNREACHABLE", retryable: false, hint: "Check the key." },
	plan: { code: "NODE_UNSUPPORTED", retryable: false, hint: "Use another endpoint for this, or another plan of this one." },
	"no-state": { code: "NODE_UNSUPPORTED", retryable: false, hint: "Use an archive node." },
	absent: { code: "NODE_UNSUPPORTED", retryable: false },
	again: { code: "NODE_BAD_ANSWER", retryable: true },
};

/** What a refused request tells besides that it was refused. */
export interface RefusalDetail {
	readonly kind: RefusalKind;
	/** The words of the refusal, without secrets. */
	readonly said: string;
	/** A wait in ms that was asked for. */
	readonly waitMs?: number | undefined;
}

/** A {@link NodeError} of which it is known what kind of refusal it is. */
export class RefusedError extends NodeError {
	readonly kind: RefusalKind;
	readonly said: string;
	readonly waitMs: number | undefined;

	constructor(node: string, text: string, detail: RefusalDetail, cause?: Error) {
		const { code, ...options } = REFUSAL_ERRORS[detail.kind];
		super(code, node, text, { ...options, ...(cause === undefined ? {} : { cause }) });
		this.kind = detail.kind;
		this.said = detail.said;
		this.waitMs = detail.waitMs;
	}
}
