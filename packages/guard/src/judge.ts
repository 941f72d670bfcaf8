import { actionInWords, amountInWords, type Unit } from "./action-words.js";
import {
	type Asking,
	acting,
	dealing,
	type Finding,
	handingOver,
	letting,
	MEANT,
	muchOf,
	naming,
	refunding,
	runningAs,
	ZERO,
} from "./findings.js";
import type { Action, Intent } from "./intent.js";
import { judgeEffect } from "./judge-effect.js";
import type { NodeFacts } from "./node-facts.js";

/** What is known of an address that a transaction deals with; `clew check` says the same of it. */
export interface LookedAt {
	readonly verdict: "danger" | "caution" | "clear" | "not-checked";
	/** One plain sentence. */
	readonly sentence: string;
	/** In plain words. */
	readonly reasons: readonly string[];
	readonly whatToDo: readonly string[];
}

/** What a judgement asks: the node behind the guard, and whoever knows addresses. */
export interface Facts extends NodeFacts {
	/** Everything that is known of an address for somebody who is about to deal with it. */
	look(address: string, from: string | undefined): Promise<LookedAt>;
	/** What lists and a case know of it; nobody is asked. For addresses that are only named, of which there may be many. */
	glance(address: string): Promise<LookedAt>;
	/** The listed addresses that stand anywhere in hex digits, at any byte; not `whole`: it is longer than is searched. Nobody is asked. */
	search(data: string): Promise<{ readonly found: readonly string[]; readonly whole: boolean }>;
	/** How people count an asset, as far as it is published; `token` undefined: the coin. */
	unit(token: string | undefined): Unit | undefined;
}

/** So much of an asset in base units; `token` undefined: the coin. */
export interface Moved {
	readonly token: string | undefined;
	readonly amount: bigint;
}

/** What leaves a sender and what comes, as the node tried it out. */
export interface Effect {
	readonly leaves: readonly Moved[];
	readonly comes: readonly Moved[];
	/** Whom it would let take tokens of the sender, lower case. */
	readonly lets: readonly string[];
	/** Who gets something, the sender aside, lower case. */
	readonly receives: readonly string[];
	/** It would fail. */
	readonly fails: boolean;
	/** The node took it only without its fee and gas, which code can see. */
	readonly bare: boolean;
}

/** What becomes of a transaction. `notice`: it is passed on, and these are told; `hold`: it is not, until its owner says so. */
export interface Judgement {
	readonly outcome: "pass" | "notice" | "hold";
	/** One plain and short sentence; empty where nothing is said. */
	readonly sentence: string;
	/** With all details. */
	readonly reasons: readonly string[];
	readonly whatToDo: readonly string[];
	/** In words, each of them. */
	readonly actions: readonly string[];
}

const RANK = { pass: 0, notice: 1, hold: 2 } as const;

/** Whether one outcome stands above another. */
export const isWorse = (one: Judgement["outcome"], other: Judgement["outcome"]): boolean => RANK[one] > RANK[other];

/** How long the node is still waited for where lists alone hold something back, in milliseconds. */
const GRACE = 500;

/** Judges what a transaction would do, before it leaves. `strict` holds what else is told. Throws what facts throw. */
export async function judge(intent: Intent, facts: Facts, strict = false): Promise<Judgement> {
	const [partners, named] = await judgeListed(intent, facts);
	const all = judgeAll(intent, facts);
	// Awaited below; what it throws is thrown there.
	all.catch(() => {});
	const isListed = [...partners, ...named].some(({ outcome }) => outcome === "hold");
	const more = isListed ? await Promise.race([all, late(partners)]) : await all;
	return judgementOf(intent, [...more, ...named], facts, strict);
}

function late(known: readonly Finding[]): Promise<readonly Finding[]> {
	return new Promise((resolve) => setTimeout(resolve, GRACE, [...known, LATE]));
}

const LATE: Finding = { outcome: "notice", says: "The node did not answer in time, so that there may be more to say." };

function judgementOf(intent: Intent, findings: readonly Finding[], facts: Facts, strict: boolean): Judgement {
	const worst = findings.reduce<Judgement["outcome"]>((most, { outcome }) => (isWorse(outcome, most) ? outcome : most), "pass");
	const outcome = strict && worst === "notice" ? "hold" : worst;
	const said = findings.filter((one) => one.outcome !== "pass").sort((a, b) => RANK[b.outcome] - RANK[a.outcome]);
	return {
		outcome,
		sentence: said[0]?.says ?? "",
		reasons: [...new Set(said.map(({ reason, says }) => reason ?? says))],
		whatToDo: [...new Set(said.flatMap(({ whatToDo = [] }) => whatToDo))],
		actions: intent.actions.filter(({ kind }) => kind !== "names").map((action) => actionInWords(action, facts.unit)),
	};
}

/** What lists, and a case, say of everybody whom it deals with or names: nobody is asked for that. */
async function judgeListed({ actions, from, to, data }: Intent, facts: Facts): Promise<[partners: Finding[], named: Finding[]]> {
	const [dealt, findings]: [Finding[], Finding[]] = [[], []];
	const partners = new Set(actions.flatMap(partnersOf));
	for (const one of partners) dealt.push(...dealing(await facts.glance(one)).filter(({ outcome }) => outcome === "hold"));
	const known = new Set([...partners, ...actions.flatMap((action) => Object.values(action)), from, to]);
	for (const action of actions)
		if (action.kind === "names") findings.push(...naming(NAMED[action.where], await facts.glance(action.to), action.to));
	const { found, whole } = data === "0x" ? { found: [], whole: true } : await facts.search(data.slice(2));
	for (const one of found)
		if (!known.has(one)) findings.push(...naming("What goes with it", await facts.glance(one), one, "holds, among its bytes,"));
	if (!whole) findings.push({ outcome: "notice", says: "What goes with it is longer than is searched for listed addresses." });
	return [dealt, findings];
}

/** With whom an action deals, such that a danger there is one for it. */
function partnersOf(action: Action): readonly string[] {
	switch (action.kind) {
		case "pay":
		case "pay-token":
		case "take-token":
		case "call":
		case "refund":
			return [action.to];
		case "let-spend":
			return action.amount === 0n ? [] : [action.spender];
		case "let-all":
			return action.approved ? [action.operator] : [];
		case "hand-over":
			return action.to === undefined ? [] : [action.to];
		case "runs-as":
			return [action.code];
		case "let-act":
			return action.delegate === ZERO ? [] : [action.delegate];
		default:
			return [];
	}
}

/** Actions that are looked at together. */
const AT_ONCE = 16;

/** What else there is, for which a node may be asked. */
async function judgeAll(intent: Intent, facts: Facts): Promise<Finding[]> {
	const looked = new Map<string, Promise<LookedAt>>();
	const look = (address: string) => {
		const known = looked.get(address) ?? facts.look(address, intent.from);
		looked.set(address, known);
		return known;
	};
	const effect = judgeEffect(intent, { facts, look });
	// Awaited below; what it throws is thrown there.
	effect.catch(() => {});
	const chain = facts.chainId();
	chain.catch(() => {});
	const findings: Finding[] = [];
	// A silent node is waited for once for many.
	for (let i = 0; i < intent.actions.length; i += AT_ONCE) {
		const some = intent.actions.slice(i, i + AT_ONCE);
		findings.push(...(await Promise.all(some.map((action) => judgeAction(action, intent, { facts, look })))).flat());
	}
	return [...wrongChain(intent, await chain), ...findings, ...(await effect)];
}

/** A node of another chain takes no such transaction; another place may. */
function wrongChain({ chainId }: Intent, node: bigint | undefined): Finding[] {
	if (chainId === undefined || node === undefined || chainId === node) return [];
	return [{ outcome: "hold", says: `It is signed for chain ${chainId}, and this node is of chain ${node}.` }];
}

async function judgeAction(action: Action, intent: Intent, asking: Asking): Promise<Finding[]> {
	const { facts, look } = asking;
	switch (action.kind) {
		case "pay":
		case "pay-token":
		case "take-token":
		case "call":
			return dealing(await look(action.to));
		case "let-spend":
			return action.amount === 0n ? [] : letting(action.spender, muchOf(action, intent, facts), asking);
		case "permit":
			return action.owner === intent.from || intent.from === undefined ? letting(action.spender, "all", asking) : [];
		case "let-all":
			return action.approved ? letting(action.operator, "all", asking, action.what) : [];
		case "let-act":
			return acting(action, intent, asking);
		case "hand-over":
			return [...(action.to === undefined ? [] : dealing(await look(action.to))), handingOver(action)];
		case "runs-as":
			return [...dealing(await look(action.code)), runningAs(action)];
		case "refund":
			return [...dealing(await look(action.to)), refunding(action, facts)];
		case "create":
			return intent.value > 0n
				? [{ outcome: "notice", says: `It gives ${amountInWords(intent.value, undefined, facts.unit)} to a contract that it creates.` }]
				: [];
		case "named":
		case "names":
			return [];
		case "names-more":
			return [{ outcome: "notice", says: `${NAMED[action.where]} names more addresses than are looked up.` }];
		case "signs":
			return [{ outcome: "notice", says: `Your node would sign ${action.name}: whoever gets it may use it elsewhere.` }];
		case "endangers":
			return [{ outcome: "hold", says: `It ${action.name}.`, whatToDo: ["Nobody who is honest asks a wallet or a page for this."] }];
		case "set-signers":
			return [
				{
					outcome: "hold",
					says: `It changes who may sign for ${action.owner}, and can shut its owner out for good.`,
					reason: `It changes who may sign for ${action.owner}, and can shut its owner out for good: ${action.signers}.`,
					whatToDo: [MEANT],
				},
			];
		case "unknown":
			return [{ outcome: "hold", says: `What it does is not known: ${action.name}.`, whatToDo: [UNREAD] }];
		case "unreadable":
			return [{ outcome: "hold", says: `What its call of ${action.to} does cannot be read.`, whatToDo: [UNREAD] }];
	}
}

const UNREAD = "Do not send what cannot be read; ask your wallet or the site to make it plainly.";

const NAMED = { call: "Its call", code: "The contract that it creates", message: "What it signs" } as const;
