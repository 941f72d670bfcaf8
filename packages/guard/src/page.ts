import { escapeHtml } from "@clew/core";
import type { Decision } from "./desk.js";
import type { Intent } from "./intent.js";
import type { Judgement } from "./judge.js";

/** What its owner types to send a held transaction anyway. */
export const TYPED = "send anyway";

/** Judgements that are listed, the newest. */
export const MAX_LISTED = 100;

/** What a page shows of a held transaction. */
interface HeldShown {
	readonly id: string;
	readonly token: string;
	readonly at: string;
	readonly judgement: Judgement;
	readonly intents: readonly Intent[];
	readonly released: boolean;
}

const STYLE = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}body{max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}code{overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;vertical-align:top;border-top:1px solid #8886}
input{font:inherit;padding:.3rem}button{font:inherit;padding:.3rem 1rem}.hold{border-left:.4rem solid #b30000;padding-left:1rem}`;

function page(title: string, body: string): string {
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}

const items = (list: readonly string[]) => `<ul>${list.map((one) => `<li>${escapeHtml(one)}</li>`).join("")}</ul>`;

/** The page of one held transaction: why, what to do, and how its owner sends it all the same. */
export function heldPage({ id, token, at, judgement, intents, released }: HeldShown, wrong = ""): string {
	const { sentence, reasons, whatToDo, actions } = judgement;
	// Of what was asked for by its fields alone nobody has a signed text; of what cannot be read nobody knows.
	const isUnsigned = intents.length > 0 && intents.every(({ hash }) => hash === undefined);
	const signed = isUnsigned ? "" : " If your wallet signed it, whoever has the signed text could still send it elsewhere.";
	const release = released
		? "<p><strong>You said: send anyway.</strong> Send it from your wallet again: it passes once.</p>"
		: `<form method="post" action="/held/${id}"><p>It is your money and your decision. Nobody who is honest asks you to hurry. To let it pass once, type <strong>${TYPED}</strong>; this is noted.</p>
${wrong === "" ? "" : `<p role="alert"><strong>${escapeHtml(wrong)}</strong></p>`}<input type="hidden" name="token" value="${token}"><label>Type it here: <input name="typed" autocomplete="off" required></label> <button>Let it pass</button></form>`;
	return page(
		"Clew held a transaction back",
		`<div class="hold"><p><strong>${escapeHtml(sentence)}</strong></p></div>
<p>It came at ${escapeHtml(at)}, and was not sent.${signed}</p>
<h2>Why</h2>${items(reasons)}
${actions.length === 0 ? "" : `<h2>What it does</h2>${items(actions)}`}
${whatToDo.length === 0 ? "" : `<h2>What to do</h2>${items(whatToDo)}`}
<h2>Send it anyway</h2>${release}
<p><a href="/">All that was judged</a></p>`,
	);
}

/** What was judged since the guard began; `recent` with the newest first. */
export function listPage(recent: readonly Decision[], held: readonly { readonly id: string; readonly judgement: Judgement }[]): string {
	const waiting = held.map(({ id, judgement }) => `<li><a href="/held/${id}">${escapeHtml(judgement.sentence)}</a></li>`).join("");
	const rows = recent
		.map(
			({ at, method, outcome, reasons, actions, hash }) =>
				`<tr><td>${escapeHtml(at)}</td><td>${escapeHtml(outcome)}</td><td><code>${escapeHtml(hash ?? method)}</code>${items([...reasons, ...actions])}</td></tr>`,
		)
		.join("");
	return page(
		"Clew's guard",
		`<p>It stands between your wallet and its node, and looks at what is about to leave. Signatures that never reach a node (permits, orders, messages) it cannot see.</p>
${waiting === "" ? "<p>Nothing is held back.</p>" : `<h2>Held back</h2><ul>${waiting}</ul>`}
<h2>Judged</h2>${rows === "" ? "<p>Nothing yet.</p>" : `<table><thead><tr><th>when</th><th>outcome</th><th>what</th></tr></thead><tbody>${rows}</tbody></table>`}`,
	);
}
