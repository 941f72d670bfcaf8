import { randomBytes } from "node:crypto";
import { ClewError } from "@clew/core";
import { amountInWords } from "./action-words.js";
import type { Intent } from "./intent.js";
import { type Facts, isWorse, type Judgement, judge } from "./judge.js";
import { Allowance, type Limits } from "./limits.js";
import type { Sending } from "./methods.js";
import { heldPage, listPage, MAX_LISTED, TYPED } from "./page.js";
import type { Shown } from "./respond.js";

/** A transaction that was judged: what it is, what became of it, and when (ISO). */
export interface Decision {
	readonly at: string;
	readonly method: string;
	/** Hash of a signed transaction. */
	readonly hash?: string;
	readonly from?: string;
	readonly outcome: Judgement["outcome"] | "sent anyway";
	/** Addresses that it pays, lower case. */
	readonly pays: readonly string[];
	readonly reasons: readonly string[];
	readonly actions: readonly string[];
}

/** What a desk needs. */
export interface DeskOptions {
	readonly facts: Facts;
	readonly strict: boolean;
	/** What may leave without a person's word; absent: whatever the judgement lets pass. */
	readonly limits?: Limits;
	/** Every judgement of something that leaves, and every release. */
	readonly onDecision: (decision: Decision) => void;
	readonly now: () => string;
}

/** A call that may send something. */
export interface Asked {
	/** What it is called in notes. */
	readonly name: string;
	/** The same for the same call again: what "send anyway" is said of. */
	readonly key: string;
	/** Undefined: it sends nothing. Throws for what cannot be read. */
	read(): Sending | undefined;
}

/** Why a call does not go on. */
export interface Refusal {
	/** As the wallet shows it. */
	readonly message: string;
	/** Of what would have left: reasons, and the page where its owner decides. */
	readonly held?: { readonly reasons: readonly string[]; readonly url: string };
}

interface Held {
	readonly id: string;
	/** Typed back with the release: other pages cannot read it. */
	readonly token: string;
	readonly name: string;
	readonly key: string;
	readonly judgement: Judgement;
	readonly intents: readonly Intent[];
	readonly at: string;
	released: boolean;
}

/** Held back and not released yet; the oldest goes. */
const MAX_HELD = 200;

/** Where calls are judged, and those that are held back wait for their owner's word. */
export class Desk {
	/** Where its pages are found. */
	url = "";
	private readonly options: DeskOptions;
	private readonly held = new Map<string, Held>();
	/** Calls whose owner said "send anyway": passed once more when the wallet tries again. */
	private readonly allowed = new Set<string>();
	private readonly recent: Decision[] = [];
	private readonly allowance: Allowance;

	constructor(options: DeskOptions) {
		this.options = options;
		const limits = options.limits ?? { maxValue: undefined, receivers: undefined };
		this.allowance = new Allowance(limits, (amount) => amountInWords(amount, undefined, options.facts.unit));
	}

	/** What only reads has to be known to: who may ask is no person. */
	get isLimited(): boolean {
		const { limits } = this.options;
		return limits?.maxValue !== undefined || limits?.receivers !== undefined;
	}

	/** Why a call is held back; undefined: it goes on. */
	async judged({ name, key, read }: Asked): Promise<Refusal | undefined> {
		if (this.allowed.delete(key)) return undefined;
		let sending: Sending | undefined;
		try {
			sending = read();
		} catch (error) {
			return this.hold(name, key, [], unreadable(error));
		}
		if (sending === undefined) return undefined;
		const judgements: Judgement[] = [];
		for (const intent of sending.intents) judgements.push(await this.judgeIntent(intent, sending.leaves));
		const worst = worstOf(judgements);
		if (worst === undefined) return undefined;
		if (sending.leaves) for (const [i, intent] of sending.intents.entries()) this.note(name, intent, judgements[i] as Judgement);
		if (worst.outcome !== "hold") return undefined;
		if (!sending.leaves) return { message: `Clew: ${worst.sentence} It would be held back.` };
		return this.hold(name, key, sending.intents, worst);
	}

	private async judgeIntent(intent: Intent, leaves: boolean): Promise<Judgement> {
		try {
			const judgement = await judge(intent, this.options.facts, this.options.strict);
			const beyond = judgement.outcome === "hold" ? undefined : this.allowance.beyond(intent, leaves);
			if (beyond === undefined) return judgement;
			return { ...judgement, outcome: "hold", sentence: beyond, reasons: [beyond, ...judgement.reasons] };
		} catch (error) {
			// What could not be looked at is no all-clear.
			const reason = `It could not be judged: ${error instanceof Error ? error.message : "unknown"}.`;
			return { outcome: "hold", sentence: reason, reasons: [reason], whatToDo: [], actions: [] };
		}
	}

	private hold(name: string, key: string, intents: readonly Intent[], judgement: Judgement): Refusal {
		const known = [...this.held.values()].find((one) => one.key === key && !one.released);
		const held: Held = known ?? {
			id: randomBytes(8).toString("hex"),
			token: randomBytes(16).toString("hex"),
			name,
			key,
			judgement,
			intents,
			at: this.options.now(),
			released: false,
		};
		this.held.set(held.id, held);
		for (const old of this.held.keys()) {
			if (this.held.size <= MAX_HELD) break;
			this.held.delete(old);
		}
		const { reasons, sentence } = judgement;
		if (intents.length === 0) this.tell({ at: held.at, method: name, outcome: "hold", pays: [], reasons, actions: [] });
		const url = `${this.url}/held/${held.id}`;
		const message = `Held back by Clew: ${sentence} Nothing was sent. Reasons, what to do, and how to send it anyway: ${url}`;
		return { message, held: { reasons, url } };
	}

	private note(method: string, intent: Intent, { outcome, reasons, actions }: Judgement): void {
		this.tell({ at: this.options.now(), method, ...whose(intent), outcome, pays: paidBy(intent), reasons, actions });
	}

	private tell(decision: Decision): void {
		this.recent.unshift(decision);
		this.recent.length = Math.min(this.recent.length, MAX_LISTED);
		this.options.onDecision(decision);
	}

	/** True for paths of pages of its own. */
	hasPage(path: string): boolean {
		return path === "/" || path.startsWith("/held/");
	}

	/** Its page at a path. */
	page(path: string): Shown {
		const id = /^\/held\/([0-9a-f]{16})$/.exec(path)?.[1];
		const held = id === undefined ? undefined : this.held.get(id);
		if (held !== undefined) return { status: 200, page: heldPage(held) };
		if (path !== "/") return { status: 404, page: "" };
		const waiting = [...this.held.values()].filter((one) => !one.released);
		return { status: 200, page: listPage(this.recent, waiting) };
	}

	/** The owner's word: typed, with the page's own token, noted. The wallet then sends it again, and it passes once. */
	release(path: string, body: string, isOwnPage: boolean): Shown {
		const held = this.held.get(path.slice("/held/".length));
		const form = new URLSearchParams(body);
		if (held === undefined || !isOwnPage || form.get("token") !== held.token) return { status: 403, page: "" };
		if (form.get("typed")?.trim().toLowerCase() !== TYPED) return { status: 400, page: heldPage(held, "The words are not those above.") };
		if (!held.released) {
			held.released = true;
			this.allowed.add(held.key);
			const { at, judgement, name, intents } = held;
			const reasons = [...judgement.reasons, `held back at ${at}`];
			this.tell({
				at: this.options.now(),
				method: name,
				...whose(intents[0]),
				outcome: "sent anyway",
				pays: intents.flatMap(paidBy),
				reasons,
				actions: judgement.actions,
			});
		}
		return { status: 200, page: heldPage(held) };
	}
}

/** What was held back because it cannot be read; a short reason that somebody here gave is said. */
function unreadable(error: unknown): Judgement {
	const why = error instanceof ClewError ? ` (${error.message.slice(0, MAX_REASON)})` : "";
	const sentence = `It cannot be read, so what it does is not known${why}.`;
	return { outcome: "hold", sentence, reasons: [sentence], whatToDo: ["Do not send what your wallet cannot show you."], actions: [] };
}

const MAX_REASON = 200;

function worstOf(judgements: readonly Judgement[]): Judgement | undefined {
	return judgements.reduce<Judgement | undefined>(
		(worst, one) => (worst === undefined || isWorse(one.outcome, worst.outcome) ? one : worst),
		undefined,
	);
}

function paidBy({ actions }: Intent): readonly string[] {
	return actions.flatMap((action) => ((action.kind === "pay" && action.amount > 0n) || action.kind === "pay-token" ? [action.to] : []));
}

function whose(intent: Intent | undefined): Pick<Decision, "hash" | "from"> {
	const { hash, from } = intent ?? {};
	return { ...(hash === undefined ? {} : { hash }), ...(from === undefined ? {} : { from }) };
}
