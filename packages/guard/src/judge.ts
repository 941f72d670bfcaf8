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
}

/** What leaves a sender and what comes, as the node tried it out. */
export interface Effect {
	readonly leaves: readonly string[];
	readonly comes: readonly string[];
	/** Whom it would let take tokens of the sender, lower case. */
	readonly lets: readonly string[];
	/** Who gets something, the sender aside, lower case. */
	readonly receives: readonly string[];
	/** It would fail. */
	readonly fails: boolean;
}

/** What becomes of a transaction. `notice`: it is passed on, and these are told; `hold`: it is not, until its owner says so. */
export interface Judgement {
	readonly outcome: "pass" | "notice" | "hold";
	/** One plain sentence; empty where nothing is said. */
	readonly sentence: string;
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
	readonly reason: string;
	readonly whatToDo?: readonly string[];
}

/** Judges what a transaction would do, before it leaves. `strict` holds what else is told. Throws what facts throw. */
export async function judge(intent: Intent, facts: Facts, strict = false): Promise<Judgement> {
	const looked = new Map<string, Promise<LookedAt>>();
	const look = (address: string) => {
		const known = looked.get(address) ?? facts.look(address, intent.from);
		looked.set(address, known);
		return known;
	};
	const findings: Finding[] = wrongChain(intent, await facts.chainId());
	const effect = judgeEffect(intent, { facts, look });
	// Awaited below; what it throws is thrown there.
	effect.catch(() => {});
	for (const action of intent.actions) findings.push(...(await judgeAction(action, intent, { facts, look })));
	findings.push(...(await effect));
	const worst = findings.reduce<Judgement["outcome"]>((most, { outcome }) => (isWorse(outcome, most) ? outcome : most), "pass");
	const outcome = strict && worst === "notice" ? "hold" : worst;
	const said = findings.filter((one) => one.outcome !== "pass").sort((a, b) => RANK[b.outcome] - RANK[a.outcome]);
	const reasons = [...new Set(said.map(({ reason }) => reason))];
	return {
		outcome,
		sentence: reasons[0] ?? "",
		reasons,
		whatToDo: [...new Set(said.flatMap(({ whatToDo = [] }) => whatToDo))],
		actions: intent.actions.filter(({ kind }) => kind !== "names").map(actionInWords),
	};
}

/** A node of another chain takes no such transaction; another place may. */
function wrongChain({ chainId }: Intent, node: bigint | undefined): Finding[] {
	if (chainId === undefined || node === undefined || chainId === node) return [];
	return [{ outcome: "hold", reason: `It is signed for chain ${chainId}, and this node is of chain ${node}.` }];
}

interface Asking {
	readonly facts: Facts;
	readonly look: (address: string) => Promise<LookedAt>;
}

async function judgeAction(action: Action, intent: Intent, asking: Asking): Promise<Finding[]> {
	switch (action.kind) {
		case "pay":
		case "pay-token":
		case "take-token":
		case "call":
			return dealing(await asking.look(action.to));
		case "let-spend":
			return action.amount === 0n ? [] : letting(action.spender, await isUnlimited(action, intent, asking), asking);
		case "permit":
			return action.owner === intent.from || intent.from === undefined ? letting(action.spender, true, asking) : [];
		case "let-all":
			return letting(action.operator, true, asking);
		case "let-act":
			return acting(action, intent, asking);
		case "create":
			return intent.value > 0n ? [{ outcome: "notice", reason: givenAway(intent.value) }] : [];
		case "named":
			return [];
		case "names":
			return naming(NAMED[action.where], await asking.facts.glance(action.to), action.to);
		case "names-more":
			return [{ outcome: "notice", reason: `${NAMED[action.where]} names more addresses than are looked up.` }];
		case "signs":
			return [{ outcome: "notice", reason: `Your node would sign ${action.name}: whoever gets it may use it elsewhere.` }];
		case "set-signers":
			return [
				{
					outcome: "hold",
					reason: `It changes who may sign for ${action.owner}, and can shut its owner out for good: ${action.signers}.`,
					whatToDo: ["Nobody who is honest asks you to do this to get paid, verified or refunded. Send it only if you meant to."],
				},
			];
		case "unknown":
			return [{ outcome: "hold", reason: `What it does is not known: ${action.name}.`, whatToDo: [UNREAD] }];
		case "unreadable":
			return [{ outcome: "hold", reason: `What its call of ${action.to} does cannot be read.`, whatToDo: [UNREAD] }];
	}
}

const NAMED = { call: "Its call", code: "The contract that it creates", message: "What it signs" } as const;
const givenAway = (value: bigint) => `It gives ${value} base units of the coin to a contract that it creates, whose code is not read.`;

/** Of an address that is only named, nothing but a danger counts. */
function naming(who: string, { verdict, sentence, reasons, whatToDo }: LookedAt, address: string, does = "names"): Finding[] {
	if (verdict !== "danger") return [];
	return [{ outcome: "hold", reason: [`${who} ${does} ${address}.`, sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

/** Above what the owner holds there is no limit; where that is not known, above what few sums reach. */
async function isUnlimited(
	{ amount, token }: Extract<Action, { kind: "let-spend" }>,
	{ from }: Intent,
	{ facts }: Asking,
): Promise<boolean> {
	if (amount === undefined) return true;
	const held = from === undefined ? undefined : await facts.holds(token, from);
	return held === undefined ? amount >= LARGE : amount > held;
}

const LARGE = 2n ** 64n;

const UNREAD = "Do not send what cannot be read; ask your wallet or the site to make it plainly.";

/** As `clew check` says it: a danger is held back, care is told. */
function dealing({ verdict, sentence, reasons, whatToDo }: LookedAt): Finding[] {
	if (verdict !== "danger" && verdict !== "caution") return [];
	return [{ outcome: verdict === "danger" ? "hold" : "notice", reason: [sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

const REVOKE = "If you do not know who this is, do not sign; a permission that stands is taken back by approving 0.";

/** Somebody may take tokens from now on: a person's address has no reason to, and no limit is more than a payment needs. */
async function letting(spender: string, unlimited: boolean, { facts, look }: Asking): Promise<Finding[]> {
	const findings = dealing(await look(spender));
	const hasCode = await facts.hasCode(spender);
	if (hasCode === false)
		return [
			...findings,
			{
				outcome: "hold",
				reason: `It lets ${spender}, which is no contract but somebody's own address, take your tokens.`,
				whatToDo: [REVOKE],
			},
		];
	if (!unlimited) return findings;
	return [...findings, { outcome: "notice", reason: `It lets ${spender} take as much as you have, now and later.`, whatToDo: [REVOKE] }];
}

/** Whoever signed lets a contract do everything that the account can. */
async function acting(
	{ delegate, signer, everyChain }: Extract<Action, { kind: "let-act" }>,
	{ from }: Intent,
	{ look }: Asking,
): Promise<Finding[]> {
	if (delegate === ZERO) return [];
	const whose = signer === undefined || signer === from ? "your account" : `the account ${signer}`;
	const findings = dealing(await look(delegate));
	const where = everyChain ? ", on every chain" : "";
	return [
		...findings,
		{
			outcome: "notice",
			reason: `It lets the contract ${delegate} act for ${whose}${where}: it could take everything that is there.`,
			whatToDo: ["Do this only for a wallet's own contract that you know."],
		},
	];
}

/** More receivers are not looked up. */
const MAX_RECEIVERS = 100;

/** Of what moves something: who gets it. Of calls whose code is not read, too: whom it lets take tokens, and that nothing comes. */
async function judgeEffect(intent: Intent, asking: Asking): Promise<Finding[]> {
	const { actions, data, to, value } = intent;
	if (value === 0n && data === "0x" && !actions.some(({ kind }) => kind === "call")) return [];
	const effect = await asking.facts.effect(intent);
	if (effect === undefined || effect.fails) return [];
	const findings: Finding[] = [];
	const others = effect.receives.filter((one) => one !== to && one !== ZERO);
	for (const one of others.slice(0, MAX_RECEIVERS)) findings.push(...naming("Tried out, it", await asking.facts.glance(one), one, "pays"));
	if (others.length > MAX_RECEIVERS)
		findings.push({ outcome: "notice", reason: `Tried out, it pays ${others.length} addresses; ${MAX_RECEIVERS} were looked up.` });
	if (!actions.some(({ kind }) => kind === "call")) return findings;
	for (const spender of effect.lets) findings.push(...(await letting(spender, true, asking)));
	if (effect.leaves.length > 0 && effect.comes.length === 0)
		findings.push({
			outcome: "notice",
			reason: `Tried out, it takes ${effect.leaves.join(", ")} from you, and nothing comes back in the same transaction.`,
		});
	return findings;
}

/** One action in words; amounts in base units. */
export function actionInWords(action: Action): string {
	switch (action.kind) {
		case "pay":
			return `pays ${action.amount} base units of the coin to ${action.to}`;
		case "pay-token":
			return `sends ${action.amount} base units of the token ${action.token} to ${action.to}`;
		case "take-token":
			return `takes ${action.amount} base units of the token ${action.token} from ${action.from} for ${action.to}`;
		case "let-spend":
			return `lets ${action.spender} take ${action.amount ?? "any number of"} base units of the token ${action.token}`;
		case "let-all":
			return `lets ${action.operator} take everything of the collection ${action.collection}`;
		case "permit":
			return `brings the signature of ${action.owner} that lets ${action.spender} take the token ${action.token}`;
		case "let-act":
			return `lets the contract ${action.delegate} act for ${action.signer ?? "the signer"}`;
		case "call":
			return `calls ${action.selector} of ${action.to}`;
		case "unreadable":
			return `calls ${action.selector} of ${action.to} in a way that cannot be read`;
		case "create":
			return "creates a contract";
		case "set-signers":
			return `changes who may sign for ${action.owner}`;
		case "names":
			return `names ${action.to}`;
		case "names-more":
			return "names more addresses";
		case "signs":
			return `signs ${action.name}`;
		case "named":
		case "unknown":
			return action.name;
	}
}
