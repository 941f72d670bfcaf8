import type { Figure, LinkView, Money, NodeView, TraceView } from "../view/model.js";

/** Decimals that a picture shows; the details have all. */
const DECIMALS = 4;

/** What each figure is, in a sentence. */
export const FIGURES: Readonly<Record<Figure, string>> = {
	fifo: "first in, first out: what came first leaves first.",
	lifo: "last in, first out: what came last leaves first.",
	haircut: "every payment takes a proportional share.",
	poison: "any traced money taints a whole payment: for screening only; it is not conserved.",
	libr: "lowest intermediate balance: clean money leaves first; a claim, never summed over seeds.",
	tiho: "highest outputs first.",
	difo: "traced money leaves first.",
	dilo: "traced money leaves last.",
	agreed: "what every conserving rule agrees on.",
	"at-most": "the most that any conserving rule says; several of these cannot all be true at once.",
};

/** An amount with groups of thousands, cut to a few decimals and marked so. */
export function short(amount: string): string {
	const [whole = "", fraction = ""] = amount.split(".");
	const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
	const cut = fraction.slice(0, DECIMALS);
	return `${grouped}${fraction === "" ? "" : `.${cut}`}${fraction.length > DECIMALS ? "…" : ""}`;
}

const UNIT = 18;
/** The amount and its unit, for the picture. */
export function brief({ assets }: TraceView, { asset, amount }: Money): string {
	return `${short(amount)} ${middle(assets[asset]?.name ?? "", UNIT)}`;
}

/** Least and most, for the picture; empty where nothing is open. */
export function briefRange({ range }: Money): string {
	return range === undefined ? "" : `${short(range[0])} to ${short(range[1])}`;
}

/** Whole and exact. */
export function whole({ assets }: TraceView, { asset, amount, range }: Money): string {
	const open = range === undefined ? "" : ` (between ${range[0]} and ${range[1]})`;
	return `${amount} ${assets[asset]?.name ?? ""}${open}`;
}

/** A text of at most so many signs, cut in its middle: both ends of an address tell it apart. */
export function middle(text: string, most: number): string {
	const signs = [...text];
	if (signs.length <= most) return text;
	const head = Math.ceil((most - 1) / 2);
	return `${signs.slice(0, head).join("")}…${signs.slice(signs.length - (most - 1 - head)).join("")}`;
}

const ROLES: Readonly<Record<NodeView["role"], string>> = {
	seed: "seed",
	followed: "followed",
	end: "end",
	service: "service",
	dust: "dust",
	payers: "payers",
	others: "not drawn one by one",
	group: "group",
	hidden: "hidden",
};

/** What a box is, in a word or two. */
export function roleWords({ role }: NodeView): string {
	return ROLES[role];
}

/** A box as it is read out. */
export function nodeWords(view: TraceView, node: NodeView): string {
	const ends = node.ends.map(({ reason, money }) => `${reason} ${whole(view, money)}`);
	const gaps = node.gaps === 0 ? [] : [`${node.gaps} ${node.gaps === 1 ? "gap" : "gaps"}`];
	const marks = [
		...(node.decision === undefined ? [] : [`decision: ${node.decision}`]),
		...(node.notes === undefined ? [] : [`${node.notes} ${node.notes === 1 ? "note" : "notes"}`]),
	];
	const name = node.address === undefined || node.address === node.name ? [node.name] : [node.name, node.address];
	return [...name, roleWords(node), ...(ends.length === 0 ? [] : [`ends here: ${ends.join("; ")}`]), ...gaps, ...marks].join(", ");
}

/** An arrow as it is read out. */
export function linkWords(view: TraceView, link: LinkView): string {
	const [from, to] = [view.nodes[link.from]?.name ?? "", view.nodes[link.to]?.name ?? ""];
	const into = link.into === undefined ? "" : `, exchanged into ${whole(view, link.into)}`;
	const rows = `${link.transfers} ${link.transfers === 1 ? "transfer" : "transfers"}`;
	return `from ${from} to ${to}: ${whole(view, link.money)}${into}, ${rows}, ${link.tiers.join(" and ")}`;
}
