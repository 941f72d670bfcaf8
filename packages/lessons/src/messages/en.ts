/** All words of guides and drills, in the language that the others are made from. `{name}` stands for a fact. */
export const en = {
	language: "English",
	/** Shown on every page of a translation that no native speaker has read yet; of English itself empty. */
	draft: "",
	guide: {
		now: "Do this now",
		today: "Do this today",
		later: "In the next days",
		say: "What to say",
		never: "Never do this",
		money: "What this case knows",
		help: "Who can help",
		next: "Your next date",
		trap: "Beware of a second theft",
		upTo: "up to {amount}",
		taken: "Taken: {amount}.",
		stop: "{amount} is with {who}. They can stop it. Write to them today: {channel}.",
		issuer: "{amount} is in a coin that {who} can freeze. Write to them today: {channel}.",
		others: "Their own page says to people like you: {text}",
		noChannel: "no way to reach them is known here; look on their own site",
		records: "{amount} went to {who}. The police can ask them who got it.",
		held: "{amount} lies at an address that nobody here can stop. It can move at any time.",
		unread: "Where {amount} is by now, nobody has looked yet.",
		frozen: "Frozen by the maker of the coin: {amount}.",
		frozenUnknown: "No one has asked yet if any of it is frozen.",
		asOf: "This comes from block {height} of {chain} ({time}). Later moves are not in it.",
		noCase: "This page was made without a case. With one it names what is gone, and who can stop it.",
		deadline: "{date}: {what}.",
		dueWrite: "write to all who can stop the money; it can move at any minute",
		dueAsk: "ask each of them what they did, and write down the answer",
		desk: "Report it to {name}: {where}.",
		police: "Report it to the police where you live. Ask for a paper with a number. Many firms want that number.",
		trapText: [
			"Soon people may write to you who say they can get your money back. They ask for a fee, or for your secret words. They are thieves too.",
			"No one can take a payment back. Not for a fee. Not by a hack. Real police ask for no fee.",
			"Firms and police will not find you in a chat. If one writes to you, end it. Call them on a number that you look up.",
		],
		topics: {
			stolen: {
				title: "My money was stolen",
				first: "Stay calm. You can still do a lot. The first hours count most.",
				now: [
					"Do not send any more money. Not even a small test.",
					"Is there money left in the same wallet? Make a new wallet on a clean device. Move what is left there.",
					"Write down the time, the amount and the long code of each payment. Take pictures of chats and pages.",
					"Do not delete a thing. Do not reset your phone or your computer yet.",
				],
				today: [
					"Go to the police. Take your notes with you. Ask for the case number.",
					"Write to each firm that can stop the money, now. Do not wait for the police. Give them the code of the payment. Send the case number when you have it.",
					"Change the password of your mail, and of each exchange you use. Turn on the second step at log in.",
				],
				later: ["Keep all letters and answers in one place.", "Tell one person whom you trust. You do not have to do this alone."],
				say: [
					"Say what happened, when, and from which address to which address.",
					"Say: this money was stolen from me. Please hold it, and keep your records. The police have my report.",
					"If you do not know a thing, say that you do not know.",
				],
				never: [
					"Never give your secret words or your key to anybody. No helper needs them.",
					"Never pay to get money back.",
					"Never write to the thief with threats, and do not warn them what you know.",
				],
			},
			drained: {
				title: "A site took my coins",
				first: "You signed something, and coins went away. The site may still be able to take more.",
				now: [
					"Close the site. Do not sign anything more there.",
					"Find out how it took them. Did you type your secret words? Then all in this wallet is at risk. Did you only sign? Then the coins that you allowed are at risk.",
					"You typed the words: make a new wallet on a clean device, and move all that is left.",
					"You only signed: move those coins to another address of yours, if you can. That is the fastest. Then set the permission to zero, from your wallet or on a site that you type in by hand. Both cost a small fee.",
					"Does money that comes in go out at once? Then your whole account is at risk, as if they had the words.",
				],
				today: [
					"Look for other permissions that you gave, and take back all that you do not need.",
					"Go to the police, and write to the firms that can stop the money.",
					"Report the site to your wallet's maker, so that others are warned.",
				],
				later: ["Use one wallet for daily things with little in it. Keep savings in another that never signs on sites."],
				say: [
					"Say which site it was, what you signed, and when.",
					"Say: I gave this permission because I was tricked. I never meant to give my coins away.",
				],
				never: [
					"Never sign a second time to get the coins back. No signature gives coins back.",
					"Never send coin to a wallet whose words a thief has, or whose money goes out at once, not even for fees. It goes away at once.",
					"Never give your secret words to a helper.",
				],
			},
			poisoned: {
				title: "I paid the wrong address, one that looked the same",
				first: "Somebody put a false address into your list of payments. It looked like one that you know. You copied it.",
				now: [
					"Do not pay again to make it good. Stop and look.",
					"Compare each letter of the right address with the one you paid. Write both down.",
					"Write down the code and the time of the payment.",
				],
				today: [
					"Go to the police. Tell them that the false address was made to trick you.",
					"Write to each firm that can stop the money.",
					"Save the right address in your wallet's address book. From now on pay from there.",
				],
				later: [
					"Never copy an address out of your list of payments again.",
					"For large sums: send a little first, and ask the other side by phone if it came.",
				],
				say: [
					"Say: this address was made to look like one that I pay. I was tricked into it.",
					"Show both addresses, one below the other.",
				],
				never: [
					"Never trust an address by its first and last letters.",
					"Never pay the false address again, not even to ask for the money back.",
				],
			},
			permission: {
				title: "Somebody can move my coins",
				first: "An address has your leave to take coins, or your account lets a program act for it. That can be ended.",
				now: [
					"Find out what you gave: a permission for one coin, one for all, or your whole account.",
					"Is it for coins? Move those coins to another address of yours first, if you can. Then take it back from your own wallet. Setting it to zero costs a small fee.",
					"Is it your whole account (a sign of it: money that comes in goes out at once)? Move what you can to a new wallet. Send no more to this one.",
				],
				today: [
					"Check each chain on which you use this address. Each one has its own list.",
					"If you use Tron, look at who may sign for your account. If it is not only you, and you can still sign, change it back. If you cannot, it is lost: use a new one.",
				],
				later: ["Give a permission for the amount that you need, never for all.", "Look through your permissions once a month."],
				say: ["If coins were taken: say which permission it was and how you came to give it."],
				never: [
					"Never sign what you cannot read. If your wallet shows only code, say no.",
					"Never take a permission back on a page that somebody sent you. Type the name in by hand.",
				],
			},
			"recovery-scam": {
				title: "Somebody says they can get my money back",
				first: "This is most likely a trap. People who were robbed once are robbed again this way.",
				now: [
					"Send nothing. Sign nothing. Give no papers and no codes.",
					"End the talk. You owe them no answer.",
					"Did you let them see or steer your screen? Cut the device off the net, and change your passwords from another one.",
					"Did you pay by card or from a bank account? Call your bank now, on the number on your card.",
				],
				today: [
					"Did you pay them? That is a second theft. Report it as one.",
					"Keep their messages, names, numbers and addresses for the police.",
					"Tell your family, so that nobody pays for you.",
				],
				later: ["More of them may call. Your name may be on a list that thieves sell. Say no to each."],
				say: ["Say: I do not pay anybody to get money back. Then hang up."],
				never: [
					"Never pay a fee, a tax or a deposit to get money out.",
					"Never believe a paper, a badge or a balance on a page. All of these are easy to fake.",
					"Never hire somebody who found you.",
				],
			},
			impersonation: {
				title: "Somebody played a person I trust",
				first: "Somebody said they were your bank, the police, an exchange, a boss or one of your family. They were not.",
				now: [
					"Hang up, or close the chat.",
					"Call the real person or firm on a number that you look up. Do not use the number that called you.",
					"Did you give a code or a password? Change it now. Tell the firm to lock the account.",
					"Did you pay by card or from a bank account? Call your bank now, on the number on your card.",
				],
				today: [
					"Did you send money? Go to the police, and write to each firm that can stop it.",
					"Warn the person or firm that was played. Others will be called too.",
				],
				later: ["Agree on a secret word with your family. Ask for it when a call is about money."],
				say: [
					"Say who they said they were, on which number or account, and what they asked for.",
					"Say: I sent it because they tricked me.",
				],
				never: [
					'Never move coins to a "safe" address. No bank and no police has one.',
					"Never read a code out to somebody who called you.",
					"Never hurry because a voice says so. Real ones let you call back.",
				],
			},
		},
	},
	drill: {
		intro: "{count} messages. Half of them are fine. For each: is it a trap (t), or fine (f)?",
		ask: "Trap or fine? [t/f]",
		right: "Right.",
		missed: "Missed: this is a trap.",
		alarm: "False alarm: this one is fine.",
		why: "Why: {why}",
		score: "You found {hits} of {traps} traps, and called {alarms} of {benign} fine ones a trap.",
		next: "Next time: {date}. Practice fades: do it again after 1, 7 and 30 days.",
		due: "Due: {channel} (last done {date}).",
		notDue: "Nothing is due. Next: {channel}, {date}.",
		never: "No drill was done yet.",
		channels: { wallet: "wallet", chat: "chat", mail: "mail", phone: "phone", site: "web page" },
		wallet: {
			payHistory: "Your last payments went to {known}. Now your wallet asks:",
			pay: "Send {amount} to {address}?",
			approve: "A page asks: let {address} spend {what} of your {token}?",
			all: "ALL",
			traps: {
				lookalike:
					"the address is not the one that you paid: {known} and {address} are the same only at both ends. Somebody made it to be copied.",
				unlimited: "it may take all of this coin, now and later, and nobody has ever used this address. Nothing that you buy needs that.",
				permit: "this signature costs no fee, and lets {address} take all your {token}. A gift never needs your leave to take.",
				delegate: "this lets a program act for your whole account. A page that asks for it can take all you have, now and later.",
				allNfts: "this lets {address} take each picture of this set that you have. To get one, nobody needs that.",
				signer: "this lets the key {address} sign for your account. With it somebody can shut you out.",
			},
			fine: {
				same: "it is, letter by letter, the address that you paid before.",
				exact: "it may take only the amount that you pay now, and you have used this contract before.",
				login: "it is text to log in, it names the page that you are on, and it moves nothing.",
				revoke: "it sets a permission to zero: it takes leave away, and gives none.",
				test: "a small amount first, to an address that a friend read to you by phone, is the safe way.",
				own: "both addresses are yours: it is letter by letter the one in your address book.",
			},
			scenes: {
				permit: 'A page says: "You won {amount} {token}. Sign to claim." Your wallet shows: Permit, spender {address}, value ALL, no fee.',
				delegate: 'A page says: "Upgrade to a smart account, for free." Your wallet shows: let {address} act for your account.',
				allNfts: 'A page says: "Claim your free picture." Your wallet shows: setApprovalForAll, {address}, true.',
				signer: 'A page says: "Make your account safe." Your wallet shows: change who may sign; new key {address}, weight 1 of 1.',
				exact:
					"You swap {amount} {token} at the place where you always do. Your wallet shows: let {address} spend {amount} {token}. You have used it {times} times.",
				login:
					'You open your usual page by its bookmark. Your wallet shows a text: "Log in to desk.example. Number {number}." It moves nothing.',
				revoke: "You open your list of permissions. Your wallet shows: let {address} spend 0 {token}.",
				test: "A friend read an address to you by phone. You compared each letter. Now: send 1 {token} to {address}, as a test.",
				own: "You move savings to your second wallet. Your address book has {address}. Your wallet shows: send {amount} to {address}.",
			},
		},
		chat: {
			traps: [
				[
					'"Support" writes to you: "Your wallet has an error. Type your 12 words here, and we will fix it."',
					"nobody who helps needs your secret words. Who has them has your coins.",
				],
				[
					'Someone you met online three weeks ago shows you big wins: "Start with {amount} on this new page. I will help you."',
					"a stranger who is kind for weeks and then shows a page to invest on is a known trap. The wins are not real.",
				],
				[
					'A group\'s boss writes: "Send {amount} to {address}. You get the double back in an hour."',
					"nobody gives back the double. It is how a thief gets your coins in one step.",
				],
				[
					'"Easy job: you get {amount} in your wallet, keep 5 percent, and send the rest to {address}."',
					"the money is stolen, and you would wash it for the thief. The police will come to you.",
				],
			],
			fine: [
				[
					'A friend writes: "Here is my address: {address}. Call me before you pay, and I read it to you."',
					"the friend wants you to check by phone, on a number that you know. That is the safe way.",
				],
				[
					'Your exchange\'s channel posts to all: "We never write to you first. If somebody does, report it."',
					"it asks for nothing, and there is no link to follow.",
				],
				[
					'Somebody at work writes: "The bill of May is paid. The long code is {hash}. You can look it up."',
					"it asks for nothing. The code of a payment is open for all to see.",
				],
				[
					'The help desk answers the request that you made in the app: "We looked. Your payment waits for 3 more blocks. You need to do nothing."',
					"you asked first, in the app, and they ask for nothing.",
				],
			],
		},
		mail: {
			traps: [
				[
					'From: desk-support@safe-desk.example. "Your account will be closed today. Log in here: safe-desk.example/login" (Your exchange is desk.example.)',
					"it makes you hurry, and its name is not your exchange's. Type the real name in by hand.",
				],
				[
					'A seller you know writes: "We have a new address. Please pay the bill of {amount} to {address}."',
					"a new address by mail is how bills are stolen. Call the seller on the number that you had before.",
				],
				[
					'"Fund Rescue Office: we found your stolen {amount}. Pay a fee of {fee}, and we send it."',
					"who asks for a fee to give money back is a second thief.",
				],
				[
					'"Your hardware wallet needs an update. Type your 24 words into the form, or it will stop."',
					"words are typed into the device alone, and only when you set it up. No update needs them.",
				],
			],
			fine: [
				[
					'From: no-reply@desk.example. "You took out {amount} at {time}. If it was not you, open the app." You did take it out.',
					"you did it yourself a minute ago, and there is no link.",
				],
				[
					"A seller sends a bill of {amount}. The address is {address}, the same as on the last three bills, and you compared it.",
					"it is the address that you have paid before, and you compared all of it.",
				],
				[
					'From your exchange: "Your tax papers of the year are there. Open the app to see them."',
					"no link, no hurry, no secret: you open the app yourself.",
				],
				[
					'A letter to all readers: "How to check an address. Read more in our help pages."',
					"it asks for no money, no words and no log in.",
				],
			],
		},
		phone: {
			traps: [
				[
					'"This is your bank. Your coins are in danger. Move them to our safe address, now, while I stay on the line."',
					"no bank has a safe address for coins. The hurry is the trick.",
				],
				[
					'"Security desk of your exchange. We stopped a payment. Read me the code that you just got."',
					"the code is the key to your account. Nobody who works there asks for it.",
				],
				[
					'"I help you with the error. Install this app, so that I can see your screen."',
					"who sees your screen sees your keys, and can click for you.",
				],
				[
					'A voice like your son\'s: "I had a crash. I need {amount} in coins within the hour. Tell nobody."',
					"a voice can be faked. Hang up, and call him on his own number.",
				],
			],
			fine: [
				[
					"Your exchange calls at the time that you booked. They explain a form, and ask for no code and no word.",
					"you booked it, and they ask for nothing secret.",
				],
				[
					'"Police here. Your case has number {number}. Please call back through the main number of the station."',
					"they let you call back on a number that you look up.",
				],
				[
					"You call a friend on the number that you have had for years. The friend reads an address to you: {address}. It is, letter by letter, the one that came by mail.",
					"you called, on a number that you knew, and the address is the same in both.",
				],
				[
					'You call your bank on the number that is on your card. They ask: "Was this payment of {amount} yours?" They ask for no code.',
					"you called, on the number of your own card, and they ask for nothing secret. Had they called you, you would hang up and do the same.",
				],
			],
		},
		site: {
			traps: [
				[
					"You search for your exchange and click the first ad. The page is deskk.example. It asks you to log in.",
					"one letter is too many. Ads are bought by thieves, too. Use your bookmark.",
				],
				[
					'A page counts down: "Claim {amount} {token} in 04:59. Connect and sign."',
					"a clock makes you hurry, and the signature would let it take your coins.",
				],
				[
					'"Your wallet must be validated. Choose your wallet, then type your words."',
					"no wallet is validated by a page. Who has the words has your coins.",
				],
				[
					'Your profit on a page is {amount}. "To take it out, first pay {fee} as tax."',
					"taxes are never paid to a page to get money out. The profit is not there.",
				],
			],
			fine: [
				[
					"You open desk.example by your bookmark, and log in with your second step, as always.",
					"the right name, your own bookmark, and nothing new is asked.",
				],
				[
					"You look up a payment by its long code in an explorer. It shows the payment, and wants nothing.",
					"to look is safe: no wallet is connected, and nothing is signed.",
				],
				[
					"The swap page that you use asks to connect. Your wallet says: it will see your address. It asks for no signature.",
					"to see your address is not to take. It is open for all anyway.",
				],
				[
					'Your wallet\'s own list of permissions offers: "Take back: {token}". It sets the amount to 0.',
					"it takes leave away, and it is in your own wallet.",
				],
			],
		},
	},
} as const;

type Texts<T> = T extends string
	? string
	: T extends readonly [string, string]
		? readonly [string, string]
		: T extends readonly (infer E)[]
			? readonly Texts<E>[]
			: { readonly [K in keyof T]: Texts<T[K]> };

/** The words of one language. One that is missing is a type error. */
export type Messages = Texts<typeof en>;
