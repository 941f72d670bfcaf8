import { actionInWords, amountInWords, type Unit } from "./action-words.js";
import type { Action, Intent } from "./intent.js";
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

const ZERO = `0x${"0".repeat(40)}`;
const RANK = { pass: 0, notice: 1, hold: 2 } as const;

/** Whether one outcome stands above another. */
export const isWorse = (one: Judgement["outcome"], other: Judgement["outcome"]): boolean => RANK[one] > RANK[other];

interface Finding {
	readonly outcome: Judgement["outcome"];
	/** A short sentence. */
	readonly says: string;
	/** The same with its details; absent: there are none. */
	readonly reason?: string;
	readonly whatToDo?: readonly string[];
}

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

interface Asking {
	readonly facts: Facts;
	readonly look: (address: string) => Promise<LookedAt>;
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

const MEANT = "Nobody who is honest asks you to do this to get paid, verified or refunded. Send it only if you meant to.";

function handingOver({ where, to, what }: Extract<Action, { kind: "hand-over" }>): Finding {
	const says = `It hands over ${what}${to === undefined ? "" : `, to ${to}`}.`;
	return {
		outcome: "hold",
		says,
		reason: `${says} Who may decide over ${where} changes, and its owner can be shut out.`,
		whatToDo: [MEANT],
	};
}

function runningAs({ account, code, several }: Extract<Action, { kind: "runs-as" }>): Finding {
	const says = `It lets the code of ${code} run as the account's own.`;
	const reason = `${says} That code can do everything that ${account} can, whatever its call looks like.`;
	return { outcome: several ? "notice" : "hold", says, reason, whatToDo: [MEANT] };
}

function refunding({ to, token, least }: Extract<Action, { kind: "refund" }>, { unit }: Facts): Finding {
	const says = `It pays ${to} for the fee, ${amountInWords(least, token, unit)} or more.`;
	return {
		outcome: "notice",
		says,
		reason: `${says} How much more, whoever sends it chooses.`,
		whatToDo: ["Pay back fees only to whom you know."],
	};
}

const NAMED = { call: "Its call", code: "The contract that it creates", message: "What it signs" } as const;

/** Of an address that is only named, nothing but a danger counts. */
function naming(who: string, { verdict, sentence, reasons, whatToDo }: LookedAt, address: string, does = "names"): Finding[] {
	if (verdict !== "danger") return [];
	const says = `${who} ${does} ${address}.`;
	return [{ outcome: "hold", says: `${says} ${sentence}`, reason: [says, sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

/** Whether a permission is for all that the owner holds, for a part of it, or for nobody knows how much of it. */
async function muchOf({ amount, token }: Extract<Action, { kind: "let-spend" }>, { from }: Intent, facts: Facts): Promise<Much> {
	if (amount === undefined) return "all";
	const held = from === undefined ? undefined : await facts.holds(token, from);
	if (held === undefined) return "unknown";
	return amount > held ? "all" : "part";
}

type Much = "all" | "part" | "unknown";

const UNREAD = "Do not send what cannot be read; ask your wallet or the site to make it plainly.";

/** As `clew check` says it: a danger is held back, care is told. */
function dealing({ verdict, sentence, reasons, whatToDo }: LookedAt): Finding[] {
	if (verdict !== "danger" && verdict !== "caution") return [];
	const outcome = verdict === "danger" ? "hold" : "notice";
	return [{ outcome, says: sentence, reason: [sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

const REVOKE = "If you do not know who this is, do not sign; a permission that stands is taken back by approving 0.";

/**
 * Somebody may take or act from now on: a person's address has no reason to, and no limit is more than a payment needs. Where nobody sees
 * whether it is a person's, it may be.
 */
async function letting(who: string, amount: Much | Promise<Much>, { facts, look }: Asking, does = "take your tokens"): Promise<Finding[]> {
	const [looked, hasCode, much] = await Promise.all([look(who), facts.hasCode(who), amount]);
	const findings = dealing(looked);
	if (hasCode !== true) {
		const person = `It lets ${who}, which is no contract but somebody's own address, ${does}.`;
		const untold = `It lets ${who} ${does}, and your node does not tell whether that is somebody's own address.`;
		return [...findings, { outcome: "hold", says: hasCode === false ? person : untold, whatToDo: [REVOKE] }];
	}
	if (much === "part") return findings;
	const as = does === "take your tokens" ? "take as much as you have, now and later" : `${does}, now and later`;
	const unsure = much === "all" ? "" : " perhaps (the node does not tell how much you have)";
	return [...findings, { outcome: "notice", says: `It lets ${who}${unsure} ${as}.`, whatToDo: [REVOKE] }];
}

/** Whoever signed lets a contract do everything that the account can. */
async function acting(
	{ delegate, signer, everyChain }: Extract<Action, { kind: "let-act" }>,
	{ from }: Intent,
	{ look, facts }: Asking,
): Promise<Finding[]> {
	if (delegate === ZERO) return [];
	const whose = signer === undefined || signer === from ? "your account" : `the account ${signer}`;
	const [looked, hasCode] = await Promise.all([look(delegate), facts.hasCode(delegate)]);
	const findings = dealing(looked);
	const where = everyChain ? ", on every chain" : "";
	if (hasCode !== true) {
		const what = hasCode === false ? "has no code now" : "may have no code: the node does not tell";
		const says = `It lets ${delegate} act for ${whose}${where}, which ${what}.`;
		const reason = `${says} Whoever puts code there later could take everything that is there.`;
		return [...findings, { outcome: "hold", says, reason, whatToDo: [OWN_WALLET] }];
	}
	const says = `It lets the contract ${delegate} act for ${whose}${where}: it could take everything that is there.`;
	return [...findings, { outcome: "notice", says, whatToDo: [OWN_WALLET] }];
}

const OWN_WALLET = "Do this only for a wallet's own contract that you know.";

/** More receivers are not looked up. */
const MAX_RECEIVERS = 100;

/** Of what moves something: who gets it, and whom it lets take tokens. Of calls whose code is not read, too: that nothing comes. */
async function judgeEffect(intent: Intent, asking: Asking): Promise<Finding[]> {
	const { actions, data, to, value } = intent;
	const isUnread = actions.some(({ kind }) => kind === "call");
	if (value === 0n && data === "0x" && !isUnread) return [];
	const effect = await asking.facts.effect(intent);
	if (effect === undefined) return isUnread ? [{ outcome: "notice", says: UNTRIED }] : [];
	if (effect.fails) return isUnread ? [{ outcome: "notice", says: FAILS }] : [];
	const { facts } = asking;
	const findings: Finding[] = effect.bare && isUnread ? [{ outcome: "notice", says: BARE }] : [];
	const others = effect.receives.filter((one) => one !== to && one !== ZERO);
	for (const one of others.slice(0, MAX_RECEIVERS)) findings.push(...naming("Tried out, it", await facts.glance(one), one, "pays"));
	if (others.length > MAX_RECEIVERS)
		findings.push({ outcome: "notice", says: `Tried out, it pays ${others.length} addresses; ${MAX_RECEIVERS} were looked up.` });
	const spoken = new Set(actions.flatMap((action) => Object.values(action)));
	for (const spender of effect.lets) if (!spoken.has(spender)) findings.push(...(await letting(spender, "all", asking)));
	if (isUnread && effect.leaves.length > 0 && effect.comes.length === 0) findings.push(losing(effect, facts));
	return findings;
}

const UNTRIED = "Your node did not try it out, so that nobody saw whom its call pays, and whom it lets take something.";
const FAILS = "Tried out, it fails, so that nobody saw whom its call would pay.";
const BARE = "Your node tried it out without its fee and gas only, which a contract can notice.";

function losing({ leaves }: Effect, { unit }: Facts): Finding {
	const words = leaves.map(({ token, amount }) => amountInWords(amount, token, unit));
	const some = leaves.map((one, i) =>
		unit(one.token) === undefined && one.token !== undefined ? `some of the token ${one.token}` : words[i],
	);
	const more = some.length > 1 ? ` and ${some.length - 1} more` : "";
	return {
		outcome: "notice",
		says: `Tried out, it takes ${some[0]}${more} from you, and nothing comes back.`,
		reason: `Tried out, it takes ${words.join(", ")} from you, and nothing comes back in the same transaction.`,
	};
}
