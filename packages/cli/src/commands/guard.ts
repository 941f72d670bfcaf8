import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
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
	familyOf,
	type GraphStore,
	InputError,
	NodeError,
	parseAccountOn,
	parseDecimal,
	parseFollowedChain,
	trustedAccountId,
} from "@clew/core";
import { type Decision, type Facts, type LookedAt, type NodeFacts, nodeFacts, openGuard, Upstream } from "@clew/guard";
import { type Assessment, adviceOf, assess, lookAlikeReasons, type Messages, onlineReasons, type Reason } from "@clew/risk";
import { Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import type { Context } from "../context.js";
import { dataFile } from "../data-file.js";
import { placeOf } from "../endpoint-book.js";
import { LABELS_OPTION, type LabelsOption } from "../label-library-file.js";
import { withNamedCase } from "../look.js";
import { lookAtAccount } from "../risk-facts.js";
import { MESSAGES_OPTION, wordsAsked, wordsOption } from "../words-option.js";
import { starterWhereNone } from "./label-starter.js";

const LISTEN = "127.0.0.1:8546";
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/;

/** `clew guard`: a wallet's node, with somebody looking at what is about to leave. */
export function guardCommand(context: Context) {
	return new Command("guard")
		.description(
			"stand between a wallet and its node: what is about to leave is judged first, and what is dangerous is held back with a reason",
		)
		.requiredOption("--rpc <url>", "the node behind it, or the name of one of clew endpoints")
		.option("--listen <host:port>", "where the wallet finds it, on this machine; port 0: any", LISTEN)
		.option("--case <place>", "a case with your own history: look-alikes of whom you paid, stolen money, behaviour")
		.option(...LABELS_OPTION)
		.option("--chain <chain>", "of the node (default: what it says)")
		.option("--strict", "hold back also what else would be told only", false)
		.option("--max-value <amount>", "of the coin, in all while the guard runs, that may leave without a person; all else is held back")
		.option("--receiver <address>", "who alone may be dealt with without a person; may come several times", collect, [])
		.addOption(wordsOption())
		.option(...MESSAGES_OPTION)
		.action(async (options) => {
			const messages = await wordsAsked(options, context);
			const [, host = "", port = ""] = LOOPBACK.exec(options.listen) ?? [];
			if (host === "" || Number(port) > 65_535)
				throw new InputError(`${options.listen} is not on this machine alone`, {
					code: "USAGE",
					hint: "Write 127.0.0.1:PORT, localhost:PORT or [::1]:PORT.",
				});
			const place = placeOf(options.rpc, options.chain === undefined ? DEFAULT_CHAIN : parseFollowedChain(options.chain), "blocks");
			const upstream = new Upstream(place.url);
			const node = nodeFacts(upstream);
			const chain = options.chain === undefined ? await chainOfNode(node) : parseFollowedChain(options.chain);
			if (familyOf(chain) !== familyOf(DEFAULT_CHAIN)) throw new InputError("clew guard stands before EVM nodes so far", { code: "USAGE" });
			const limits = {
				maxValue: options.maxValue === undefined ? undefined : parseDecimal(options.maxValue, coinOf(chain).decimals),
				receivers:
					options.receiver.length === 0 ? undefined : new Set(options.receiver.map((one) => addressOf(parseAccountOn(chain, one)))),
			};
			starterWhereNone(context, options);
			await withNamedCase({ case: options.case }, async (store) => {
				const log = new GuardLog();
				const facts = factsOf(context, { chain, url: place.url, store, labels: options.labels, node, log, messages });
				const guard = await openGuard({
					upstream,
					host: host.replace(/^\[|\]$/g, ""),
					port: Number(port),
					facts,
					strict: options.strict,
					limits,
					now: () => new Date().toISOString(),
					onDecision: (decision) => {
						log.add(decision);
						if (decision.outcome !== "pass") context.print(inWords(decision));
					},
				});
				context.print(`guard of ${chainName(chain) ?? chain}: give your wallet ${guard.url} as the network's RPC address`);
				context.print("open the same in a browser to see what was judged");
				context.print("signatures that never reach a node (permits, orders, messages) cannot be seen here; Ctrl-C ends it");
				await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
				await guard.close();
			});
		});
}

async function chainOfNode(node: NodeFacts): Promise<ChainId> {
	const told = await node.chainId();
	if (told === undefined || told > BigInt(Number.MAX_SAFE_INTEGER))
		throw new NodeError("NODE_BAD_ANSWER", "the node", "does not tell of which chain it is");
	return evmChainId(Number(told));
}

function inWords({ at, outcome, reasons, hash, method, actions }: Decision): string {
	const what = { hold: "HELD BACK", notice: "told", pass: "passed", "sent anyway": "SENT ANYWAY" }[outcome];
	return defangLong(`${at} ${what}: ${reasons.join(" ")} (${hash ?? method}${actions.length === 0 ? "" : `: ${actions.join("; ")}`})`);
}

/** What was judged, a JSON line each, for its owner; whom an account paid through the guard is known by it. */
class GuardLog {
	private readonly path = dataFile("guard.jsonl", "CLEW_GUARD_LOG");
	private readonly paid = new Map<string, Set<string>>();

	constructor() {
		if (!existsSync(this.path)) return;
		for (const line of readFileSync(this.path, "utf8").split("\n")) this.note(decisionIn(line));
	}

	add(decision: Decision): void {
		mkdirSync(dirname(this.path), { recursive: true });
		appendFileSync(this.path, `${JSON.stringify(decision)}\n`, { mode: 0o600 });
		this.note(decision);
	}

	paidBy(from: string): ReadonlySet<string> {
		return this.paid.get(from) ?? new Set();
	}

	private note({ from, pays = [], outcome }: Partial<Decision>): void {
		if (from === undefined || outcome === "hold" || !Array.isArray(pays)) return;
		const known = this.paid.get(from) ?? new Set();
		for (const address of pays) if (typeof address === "string") known.add(address);
		this.paid.set(from, known);
	}
}

/** A line that is none of ours says nothing. */
function decisionIn(line: string): Partial<Decision> {
	try {
		const read: unknown = JSON.parse(line);
		return typeof read === "object" && read !== null ? read : {};
	} catch {
		return {};
	}
}

interface Knowing extends LabelsOption {
	readonly chain: ChainId;
	readonly url: string;
	readonly store: GraphStore | undefined;
	readonly node: NodeFacts;
	readonly log: GuardLog;
	readonly messages: Messages;
}

/** What `clew check` says of an address, and whom its payer paid through the guard. */
function factsOf(context: Context, { chain, url, store, labels, node, log, messages }: Knowing): Facts {
	return {
		...node,
		async look(address, from) {
			const account = accountId(chain, address);
			const payer = from === undefined ? undefined : accountId(chain, from);
			const { assessment } = await lookAtAccount(account, { store, labels, from: payer }, context);
			const paid = from === undefined ? [] : [...log.paidBy(from)].map((one) => trustedAccountId(chain, one));
			const alike = assessment.reasons.some(({ code }) => code === "look-alike" || code === "paid-before")
				? []
				: lookAlikeReasons(account, paid);
			return inShort(
				assess(account, [...assessment.reasons, ...alike, ...(await ofNode(context, url, account))], assessment.open),
				messages,
			);
		},
	};
}

/** Whether it was ever used, and what acts for it; nothing where the node does not tell. */
async function ofNode({ signal }: Context, url: string, account: AccountId): Promise<readonly Reason[]> {
	try {
		const facts = await readerOf(chainOf(account)).accountFacts?.(url, account, undefined, { signal });
		return facts === undefined ? [] : onlineReasons(facts);
	} catch (error) {
		if (error instanceof NodeError) return [];
		throw error;
	}
}

function inShort(assessment: Assessment, messages: Messages): LookedAt {
	const { sentence, reasons, whatToDo } = adviceOf(assessment, messages);
	return { verdict: assessment.verdict, sentence, reasons, whatToDo };
}
