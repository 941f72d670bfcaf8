/// <reference lib="dom" />

/** What answers the page: by the path and what is asked of it. Throws Error in words. */
export type Answer = (path: string, params: Readonly<Record<string, string>>) => Promise<object>;

let answer: Answer = overHttp;

/** From now on somebody else than the server answers. */
export function answerBy(other: Answer): void {
	answer = other;
}

/** Asks for a view. Throws Error with the words of who answers. */
export async function ask<T>(path: string, params: Readonly<Record<string, string>>): Promise<T> {
	return (await answer(path, params)) as T;
}

async function overHttp(path: string, params: Readonly<Record<string, string>>): Promise<object> {
	const response = await fetch(`/api/${path}?${new URLSearchParams(params)}`, { credentials: "same-origin" });
	if (response.ok) return (await response.json()) as object;
	const said = await response.text();
	throw new Error(wordsOf(said));
}

function wordsOf(said: string): string {
	try {
		return (JSON.parse(said) as { error: { message: string } }).error.message;
	} catch {
		return said;
	}
}
