import { existsSync } from "node:fs";
import { readerOf } from "@clew/chains";
import {
	type AccountId,
	accountId,
	addressOf,
	type ChainId,
	chainName,
	chainOf,
	coinOf,
	DEFAULT_CHAIN,
	defangLong,
	evmChainId,
	type GraphStore,
	InputError,
	NodeError,
	parseAccountOn,
	parseDecimal,
	parseFollowedChain,
	sharedEnds,
	tokenAsset,
	trustedAccountId,
} from "@clew/core";
import { type LabelLibrary, openLabelLibrary } from "@clew/graph-store/label-library";
import { type Decision, type Facts, type LookedAt, type NodeFacts, nodeFacts, openGuard, PATIENCE } from "@clew/guard";
import { type Assessment, adviceOf, assess, lookAlikeReasons, type Messages, onlineReasons, type Reason } from "@clew/risk";
import { starterWhereNone } from "./commands/label-starter.js";
import type { Context } from "./context.js";
import { placeOf } from "./endpoint-book.js";
import { GuardLog } from "./guard-log.js";
import { speakingTo, upstreamAt } from "./guard-speech.js";
import { type LabelsOption, libraryPath, withLibrary } from "./label-library-file.js";
import { addressOfDigits, ListedBytes } from "./listed-bytes.js";
import { withNamedCase } from "./look.js";
import { publishedInfo } from "./output.js";
import { lookAtAccount } from "./risk-facts.js";
import { wordsAsked } from "./words-option.js";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/;

/** What `clew guard` was asked for. */
export interface GuardRequest extends LabelsOption {
	readonly rpc: string;
	readonly listen: string;
	readonly case?: string | undefined;
	readonly chain?: string | undefined;
	readonly strict: boolean;
	readonly maxValue?: string | undefined;
	readonly receiver: readonly string[];
	readonly lang: Parameters<typeof wordsAsked>[0]["lang"];
	readonly messages?: string | undefined;
}

/** Stands between a wallet and its node until it is ended. Throws InputError, NodeError, and what the store and the socket throw. */
export async function standGuard(options: GuardRequest, context: Context): Promise<void> {
	const messages = await wordsAsked(options, context);
	const [, host = "", port = ""] = LOOPBACK.exec(options.listen) ?? [];
	if (host === "" || Number(port) > 65_535)
		throw new InputError(`${options.listen} is not on this machine alone`, {
			code: "USAGE",
			hint: "Write 127.0.0.1:PORT, localhost:PORT or [::1]:PORT.",
		});
	const place = placeOf(options.rpc, options.chain === undefined ? DEFAULT_CHAIN : parseFollowedChain(options.chain), "blocks");
	const chain = options.chain === undefined ? await chainOfNode(place.url) : parseFollowedChain(options.chain);
	const { dialect, upstream, node } = await speakingTo(place.url, chain);
	const limits = {
		maxValue: options.maxValue === undefined ? undefined : parseDecimal(options.maxValue, coinOf(chain).decimals),
		receivers: options.receiver.length === 0 ? undefined : new Set(options.receiver.map((one) => addressOf(parseAccountOn(chain, one)))),
	};
	starterWhereNone(context, options);
	// Asked at every judgement: opening it anew takes longer than asking.
	await keeping(options, async (library) =>
		withNamedCase({ case: options.case }, async (store) => {
			const log = new GuardLog();
			// Over a WebSocket the node is asked through the guard itself, whose reads pass.
			const at = { url: place.url };
			const facts = factsOf(context, { chain, at, store, library, node, log, messages });
			const guard = await openGuard({
				dialect,
				upstream,
				host: host.replace(/^\[|\]$/g, ""),
				port: Number(port),
				facts,
				strict: options.strict,
				limits,
				now: () => new Date().toISOString(),
				onDecision: (decision) => {
					log.add(decision, chain);
					if (decision.outcome !== "pass") context.print(inWords(decision));
				},
			});
			if (upstream.socketUrl !== undefined) at.url = guard.url;
			context.print(`guard of ${chainName(chain) ?? chain}: give your wallet ${guard.url} as the network's RPC address`);
			context.print("open the same in a browser to see what was judged");
			context.print("signatures that never reach a node (permits, orders, messages) cannot be seen here; Ctrl-C ends it");
			await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
			await guard.close();
		}),
	);
}

/** Work with the library of labels open, where there is one. */
async function keeping(options: LabelsOption, work: (library: LabelLibrary | undefined) => Promise<void>): Promise<void> {
	const path = libraryPath(options);
	if (options.labels === undefined && !existsSync(path)) return work(undefined);
	// Says so where there is none.
	withLibrary(options, false, () => {});
	const library = openLabelLibrary(path, { create: false });
	try {
		await work(library);
	} finally {
		library.close();
	}
}

async function chainOfNode(url: string): Promise<ChainId> {
	const upstream = upstreamAt(url);
	const told = await nodeFacts(upstream).chainId();
	upstream.close();
	if (told === undefined || told > BigInt(Number.MAX_SAFE_INTEGER))
		throw new NodeError(
			"NODE_BAD_ANSWER",
			"the node",
			"does not tell of which chain it is (nodes of Tron and Bitcoin: name it by --chain)",
		);
	return evmChainId(Number(told));
}

function inWords({ at, outcome, reasons, hash, method, actions }: Decision): string {
	const what = { hold: "HELD BACK", notice: "told", pass: "passed", "sent anyway": "SENT ANYWAY" }[outcome];
	return defangLong(`${at} ${what}: ${reasons.join(" ")} (${hash ?? method}${actions.length === 0 ? "" : `: ${actions.join("; ")}`})`);
}

interface Knowing {
	readonly chain: ChainId;
	/** Where its node is asked. */
	readonly at: { readonly url: string };
	readonly store: GraphStore | undefined;
	readonly library: LabelLibrary | undefined;
	readonly node: NodeFacts;
	readonly log: GuardLog;
	readonly messages: Messages;
}

/** What `clew check` says of an address, and whom its payer paid through the guard. */
function factsOf(context: Context, { chain, at, store, library, node, log, messages }: Knowing): Facts {
	const listed = library === undefined ? undefined : new ListedBytes(library);
	const glance = async (address: string) => {
		const account = accountId(chain, address);
		return inShort((await lookAtAccount(account, { store, library }, context)).assessment, messages);
	};
	return {
		...node,
		glance,
		async search(data) {
			const found: string[] = [];
			let looked = 0;
			for (const digits of listed?.candidates(data) ?? []) {
				if (++looked > MAX_CANDIDATES) return { found, whole: false };
				const address = addressOfDigits(chain, digits);
				if (address !== undefined && (await glance(address)).verdict === "danger") found.push(address);
			}
			return { found, whole: true };
		},
		unit: (token) => (token === undefined ? coinOf(chain) : publishedInfo(tokenAsset(chain, token))),
		async look(address, from) {
			const account = accountId(chain, address);
			const payer = from === undefined ? undefined : accountId(chain, from);
			const { assessment } = await lookAtAccount(account, { store, library, from: payer }, context);
			const paid = [...log.paidBy(from, chain)].map((one) => trustedAccountId(chain, one));
			const alike = assessment.reasons.some(({ code }) => code === "look-alike" || code === "paid-before")
				? []
				: // That it was paid once, perhaps in spite of a notice, speaks for nobody.
					lookAlikeReasons(account, paid).filter(({ code }) => code === "look-alike");
			const told = await ofNode(context, at.url, account);
			const found = inShort(assess(account, [...assessment.reasons, ...alike, ...(told ?? [])], assessment.open), messages);
			const looked = told === undefined ? untold(found, address) : found;
			return looked.verdict === "danger" || alike.length > 0 ? looked : atOneEnd(looked, address, log.paidBy(from, chain));
		},
	};
}

/** Of bytes that begin as a listed address does; chance makes one in thousands. */
const MAX_CANDIDATES = 200;

/** As many characters at one end alone are told: who compares only that end is misled. */
const ONE_END = 6;

function atOneEnd(looked: LookedAt, address: string, paid: ReadonlySet<string>): LookedAt {
	if (paid.has(address)) return looked;
	const other = [...paid].find((one) => {
		const { start, end } = sharedEnds(address, one);
		return start >= ONE_END || end >= ONE_END;
	});
	if (other === undefined) return looked;
	const { start, end } = sharedEnds(address, other);
	const [count, where] = start >= end ? [start, "first"] : [end, "last"];
	const reason = `The ${where} ${count} characters of ${address} are those of ${other}, which you paid before; the others are not: compare all of them.`;
	if (looked.verdict === "caution") return { ...looked, reasons: [...looked.reasons, reason] };
	return {
		verdict: "caution",
		sentence: reason,
		reasons: [reason],
		whatToDo: ["Take the address from where you know it, not from a list of payments."],
	};
}

/** What nobody told is no all-clear. */
function untold(looked: LookedAt, address: string): LookedAt {
	if (looked.verdict === "danger") return looked;
	const reason = `Your node does not tell whether ${address} was ever used, and what acts for it.`;
	if (looked.verdict === "caution") return { ...looked, reasons: [...looked.reasons, reason] };
	return { verdict: "caution", sentence: reason, reasons: [reason], whatToDo: ["Compare the whole address with the one that you know."] };
}

/** Code is 24 KiB at most (EIP-170), and 64 on some chains. */
const MAX_FACTS = 1 << 20;

/** Whether it was ever used, and what acts for it; undefined where the node does not tell. */
async function ofNode({ signal }: Context, url: string, account: AccountId): Promise<readonly Reason[] | undefined> {
	const bounds = { signal, timeoutMs: PATIENCE, attempts: 1, maxBytes: MAX_FACTS };
	try {
		const facts = await readerOf(chainOf(account)).accountFacts?.(url, account, undefined, bounds);
		return facts === undefined ? [] : onlineReasons(facts);
	} catch (error) {
		if (error instanceof NodeError) return undefined;
		throw error;
	}
}

function inShort(assessment: Assessment, messages: Messages): LookedAt {
	const { sentence, reasons, whatToDo } = adviceOf(assessment, messages);
	return { verdict: assessment.verdict, sentence, reasons, whatToDo };
}
