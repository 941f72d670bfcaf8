import { formatAmount } from "@clew/core";
import type { Action } from "./intent.js";

/** How people count an asset. */
export interface Unit {
	readonly decimals: number;
	readonly symbol: string;
}

type UnitOf = (token: string | undefined) => Unit | undefined;

/** So much of an asset as people count it; where its unit is not published, in base units. */
export function amountInWords(amount: bigint, token: string | undefined, unitOf: UnitOf): string {
	const unit = unitOf(token);
	if (unit === undefined) return token === undefined ? `${amount} base units of the coin` : `${amount} base units of the token ${token}`;
	return `${formatAmount(amount, unit.decimals)} ${unit.symbol}`;
}

/** The same for a page, with base units and the token's address. */
function inDetail(amount: bigint, token: string | undefined, unitOf: UnitOf): string {
	const words = amountInWords(amount, token, unitOf);
	if (unitOf(token) === undefined) return words;
	return `${words} (${amount} base units${token === undefined ? "" : ` of the token ${token}`})`;
}

/** One action in words, in every detail. */
export function actionInWords(action: Action, unitOf: UnitOf): string {
	switch (action.kind) {
		case "pay":
			return `pays ${inDetail(action.amount, undefined, unitOf)} to ${action.to}`;
		case "pay-token":
			return `sends ${inDetail(action.amount, action.token, unitOf)} to ${action.to}`;
		case "take-token":
			return `takes ${inDetail(action.amount, action.token, unitOf)} from ${action.from} for ${action.to}`;
		case "let-spend":
			if (action.amount === undefined) return `lets ${action.spender} take any amount of the token ${action.token}`;
			return `lets ${action.spender} take ${inDetail(action.amount, action.token, unitOf)}`;
		case "let-all":
			return `${action.approved ? "lets" : "no longer lets"} ${action.operator} ${action.what ?? "take everything of the collection"} (${action.collection})`;
		case "hand-over":
			return `hands over ${action.what} (${action.where})${action.to === undefined ? "" : ` to ${action.to}`}`;
		case "runs-as":
			return `runs the code of ${action.code} as that of ${action.account}`;
		case "refund":
			return `pays ${action.to} for its fee, ${inDetail(action.least, action.token, unitOf)} or more`;
		case "endangers":
			return action.name;
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
