import type { Place } from "./places.js";

/** What is sent to a chat service. */
export interface ChatRequest {
	readonly url: URL;
	readonly method: "POST" | "PUT";
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

/** In a code block services link and format nothing; `alertText` leaves no backtick that would end it. */
const block = (text: string) => `\`\`\`\n${text}\n\`\`\``;

type Written = (url: URL, text: string, id: string) => Partial<Omit<ChatRequest, "body">> & { readonly body: unknown };

/** How each service takes a message, by its maker's documentation. */
const SERVICES: Readonly<Record<string, Written>> = {
	// Incoming webhooks; `&`, `<` and `>` are control characters of mrkdwn.
	slack: (_, text) => ({
		body: {
			text: block(text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")),
			unfurl_links: false,
			unfurl_media: false,
		},
	}),
	// Execute Webhook; without `wait` a message that was not kept is no error. Flag 4 suppresses embeds.
	discord: (url, text) => {
		const waiting = new URL(url);
		waiting.searchParams.set("wait", "true");
		return { url: waiting, body: { content: block(text), allowed_mentions: { parse: [] }, flags: 4 } };
	},
	// Workflows take Adaptive Cards; a text run, unlike a text block, knows no Markdown.
	teams: (_, text) => ({
		body: {
			type: "message",
			attachments: [
				{
					contentType: "application/vnd.microsoft.card.adaptive",
					contentUrl: null,
					content: {
						$schema: "http://adaptivecards.io/schemas/adaptive-card.json",
						type: "AdaptiveCard",
						version: "1.2",
						body: text.split("\n").map((line) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text: line }] })),
					},
				},
			],
		},
	}),
	// The server takes a transaction's id once; an empty `m.mentions` mentions nobody.
	matrix: (url, text, id) => ({
		url: new URL(`/_matrix/client/v3/rooms/${encodeURIComponent(url.searchParams.get("room") ?? "")}/send/m.room.message/${id}`, url),
		method: "PUT",
		headers: { authorization: `Bearer ${url.searchParams.get("token") ?? ""}` },
		body: { msgtype: "m.text", body: text, "m.mentions": {} },
	}),
	// Inside `pre` nothing is looked for that could be linked; its length counts UTF-16 units.
	telegram: (url, text) => ({
		url: new URL(url.pathname, url),
		body: {
			chat_id: url.searchParams.get("chat_id"),
			text,
			entities: [{ type: "pre", offset: 0, length: text.length }],
			link_preview_options: { is_disabled: true },
		},
	}),
};

/** The request that brings a text to a chat; undefined for a service that is none. */
export function chatRequest({ service, url }: Place, text: string, id: string): ChatRequest | undefined {
	const written = SERVICES[service]?.(url, text, id);
	return written === undefined ? undefined : { url, method: "POST", headers: {}, ...written };
}
