import { createServer as createHttp, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from "node:net";
import type { GraphStore } from "@clew/core";
import { memoryRecords } from "@clew/core/testing";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { deliverDue, deliverer } from "./deliver.js";
import { type Alert, listDeliveries, RECORDS } from "./model.js";
import { parseChannel, showChannel } from "./places.js";

const HOSTILE = "@everyone <!channel> [x](https://evil.example) ``` *b* evil.example #room\r\nBcc: x@evil.example";
const alert: Alert = {
	...{ schema: "clew.alert/1", id: "00aa", watch: "w", case: "c", rules: ["any-outflow"], status: "seen", revision: 1 },
	...{ chain: "x:1", subject: "s", from: "payer", to: "payee", direction: "out", asset: "x", amount: "1", kind: "native" },
	...{ txHash: "0x1", height: 7, blockHash: "0x2", time: 12, confirmations: 1, counterparty: HOSTILE },
} as Alert;

const requests: { method: string; path: string; token: string; body: Record<string, unknown> }[] = [];
const mails: string[] = [];
let answers: { code: number; headers?: Record<string, string>; hang?: true }[] = [];
let mailAnswers: string[] = [];
let [http, smtp]: [Server, TcpServer] = [createHttp(), createTcp()];
let [web, post] = ["", ""];

/** A mail server that takes what RFC 5321 makes a client send; its answer to the content can be told. */
function serveMail(socket: Socket): void {
	let [held, data] = ["", false];
	socket.on("error", () => {});
	socket.write("220 mail.example ESMTP\r\n");
	socket.on("data", (chunk) => {
		held += chunk;
		for (;;) {
			const end = held.indexOf(data ? "\r\n.\r\n" : "\r\n");
			if (end < 0) return;
			const text = held.slice(0, end);
			held = held.slice(end + (data ? 5 : 2));
			if (data) {
				data = false;
				const answer = mailAnswers.shift() ?? "250 taken";
				if (answer.startsWith("250")) mails.push(text);
				socket.write(`${answer}\r\n`);
			} else if (/^EHLO/i.test(text)) socket.write("250-mail.example\r\n250 AUTH PLAIN\r\n");
			else if (/^AUTH/i.test(text)) socket.write("235 welcome\r\n");
			else if (/^DATA/i.test(text)) {
				data = true;
				socket.write("354 go on\r\n");
			} else socket.write("250 fine\r\n");
		}
	});
}

beforeAll(async () => {
	http = createHttp((request, response) => {
		let body = "";
		request.on("data", (part) => {
			body += part;
		});
		request.on("end", () => {
			const { code, headers, hang } = answers.shift() ?? { code: 200 };
			const token = request.headers.authorization ?? "";
			requests.push({ method: request.method ?? "", path: request.url ?? "", token, body: JSON.parse(body) });
			if (!hang) response.writeHead(code, headers).end("{}");
		});
	});
	smtp = createTcp(serveMail);
	for (const server of [http, smtp]) await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	web = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
	post = `127.0.0.1:${(smtp.address() as AddressInfo).port}`;
});
afterEach(() => {
	[requests.length, mails.length] = [0, 0];
	[answers, mailAnswers] = [[], []];
});
afterAll(() => {
	http.closeAllConnections();
	http.close();
	smtp.close();
});

const deliver = deliverer({
	allowed: () => true,
	secret: undefined,
	print: () => {},
	timeoutMs: 400,
	facts: async () => ({ amount: "1.5 evil.example", value: "no price" }),
	seconds: () => 1,
	signal: new AbortController().signal,
});
const waiting = async (channel: string) => {
	const store = memoryRecords() as GraphStore;
	const delivery = { id: "d1", channel: parseChannel(channel), alert, attempts: 0, nextAt: 0, lastError: "" };
	await store.putRecord(RECORDS.delivery, "d1", JSON.stringify(delivery));
	return store;
};
const told = async (channel: string) => {
	expect(await deliverDue(await waiting(channel), deliver, 0)).toBe(1);
	return requests.at(-1);
};
/** Whatever the service: nothing to follow, nobody to ping, no line that others wrote. */
const harmless = (text: string) => {
	expect(text).not.toMatch(/(?<!\[)@|:\/\/|evil\.example|(?<!\[)#|\r|\nBcc/);
	for (const said of ["Clew alert 00aa", "no price", "from payer", "to payee", "clew open", "watch ack 00aa"]) expect(text).toContain(said);
};

it("each chat gets the form that it documents, in which hostile names do nothing", async () => {
	const slack = String((await told(`slack:${web}/services/a`))?.body["text"]);
	harmless(slack);
	expect(slack).toMatch(/^```\n[^`]*\n```$/);
	expect(slack).not.toMatch(/[<>]/);
	const discord = await told(`discord:${web}/api/webhooks/1/key`);
	expect(discord).toMatchObject({ path: "/api/webhooks/1/key?wait=true", body: { allowed_mentions: { parse: [] }, flags: 4 } });
	expect(String(discord?.body["content"])).toMatch(/^```\n[^`]*\n```$/);
	expect(JSON.stringify(await told(`teams:${web}/w`))).not.toContain('"TextBlock"');
	expect(requests.at(-1)?.body).toMatchObject({
		type: "message",
		attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard" } }],
	});
	const matrix = await told(`matrix:${web}/?room=${encodeURIComponent("!r:home.example")}&token=t0ken`);
	expect(matrix).toMatchObject({
		method: "PUT",
		path: "/_matrix/client/v3/rooms/!r%3Ahome.example/send/m.room.message/d1",
		token: "Bearer t0ken",
		body: { msgtype: "m.text", "m.mentions": {} },
	});
	harmless(String(matrix?.body["body"]));
	const telegram = await told(`telegram:${web}/bot1:key/sendMessage?chat_id=-100`);
	const text = String(telegram?.body["text"]);
	harmless(text);
	expect(telegram).toMatchObject({ path: "/bot1:key/sendMessage", body: { chat_id: "-100" } });
	expect(telegram?.body["entities"]).toEqual([{ type: "pre", offset: 0, length: text.length }]);
	expect(telegram?.body).not.toHaveProperty("parse_mode");
});

it("a place that is busy is left alone as long as it asked, one that breaks or hangs is tried again, and each alert arrives once", async () => {
	const store = await waiting(`discord:${web}/api/webhooks/1/s3cretKey99`);
	answers = [
		{ code: 429, headers: { "retry-after": "90" } },
		{ code: 500 },
		{ code: 200, hang: true },
		{ code: 302, headers: { location: web } },
	];
	expect(await deliverDue(store, deliver, 1_000)).toBe(0);
	expect(await listDeliveries(store)).toMatchObject([{ nextAt: 91_000, lastError: expect.stringMatching(/answered 429$/) }]);
	expect(await deliverDue(store, deliver, 90_999)).toBe(0);
	expect(requests).toHaveLength(1);
	for (const now of [91_000, 200_000, 300_000]) {
		expect(await deliverDue(store, deliver, now)).toBe(0);
		expect((await listDeliveries(store))[0]?.lastError).not.toContain("s3cretKey99");
	}
	expect(await deliverDue(store, deliver, 400_000)).toBe(1);
	expect(await listDeliveries(store)).toEqual([]);
	expect(requests).toHaveLength(5);
});

it("a mail is plain text with an id that a second attempt repeats; labels add no header and no recipient", async () => {
	const channel = `mail:smtp://me:pa55word@${post}/?from=clew@home.example&to=lead@desk.example`;
	const store = await waiting(channel);
	mailAnswers = ["451 later"];
	expect(await deliverDue(store, deliver, 0)).toBe(0);
	expect(await listDeliveries(store)).toMatchObject([{ lastError: `mail:smtp://${post}/…: EMESSAGE 451` }]);
	expect(await deliverDue(store, deliver, 60_000)).toBe(1);
	await deliverDue(await waiting(channel), deliver, 0);
	expect(mails).toHaveLength(2);
	for (const mail of mails) {
		const head = mail.slice(0, mail.indexOf("\r\n\r\n"));
		expect(head).toContain("Message-ID: <clew-d1@home.example>");
		expect(head).toMatch(/^Content-Type: text\/plain/m);
		expect(head).not.toMatch(/^bcc/im);
		expect(head).toMatch(/^To: lead@desk\.example$/m);
	}
	expect(await deliverDue(await waiting(channel.replace("127.0.0.1", "localhost").replace(/:\d+\//, ":1/")), deliver, 0)).toBe(0);
});

it("places say what they need, and are shown without what is secret", () => {
	const bad = [
		"slack:ftp://a/b",
		"matrix:https://a.example/?room=!r:a",
		"telegram:https://a.example/x?chat_id=1",
		"mail:smtps://a.example",
	];
	const forged = `mail:smtps://a.example/?from=a@b.example&to=${encodeURIComponent("a@b.example\r\nBcc: c@d.example")}`;
	for (const place of [...bad, forged, "mail:smtps://a.example/?from=a@b.example&to=a@b.example,c@d.example", "irc:https://a.example"])
		expect(() => parseChannel(place), place).toThrow(/a place to notify is none/);
	expect(parseChannel("matrix:$MY_ROOM")).toBe("matrix:$MY_ROOM");
	expect(showChannel("mail:smtps://me:pw@a.example:465/?from=a@b&to=c@d")).toBe("mail:smtps://a.example:465/…");
	expect(showChannel("telegram:https://api.telegram.org/bot1:k/sendMessage?chat_id=1")).toBe("telegram:https://api.telegram.org/…");
});
