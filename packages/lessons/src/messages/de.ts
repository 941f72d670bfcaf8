import type { Messages } from "./en.js";

/** German, polite form. */
export const de: Messages = {
	language: "Deutsch",
	draft: "Dies ist ein Entwurf einer Maschine; noch niemand mit Deutsch als Muttersprache hat ihn geprüft; es gilt der englische Text.",
	guide: {
		now: "Tun Sie das jetzt",
		today: "Tun Sie das heute",
		later: "In den nächsten Tagen",
		say: "Was Sie sagen",
		never: "Tun Sie das nie",
		money: "Was dieser Fall weiß",
		help: "Wer helfen kann",
		next: "Ihr nächster Termin",
		trap: "Vorsicht vor einem zweiten Diebstahl",
		upTo: "bis zu {amount}",
		taken: "Weggenommen: {amount}.",
		stop: "{amount} liegt bei {who}. Dort kann man es stoppen. Schreiben Sie heute dorthin: {channel}.",
		issuer: "{amount} liegt in einem Coin, den {who} einfrieren kann. Schreiben Sie heute dorthin: {channel}.",
		others: "Auf der eigenen Seite steht dort für Menschen wie Sie: {text}",
		noChannel: "hier ist kein Weg bekannt, sie zu erreichen; sehen Sie auf ihrer eigenen Seite nach",
		records: "{amount} ging an {who}. Die Polizei kann dort fragen, wer es bekam.",
		held: "{amount} liegt auf einer Adresse, die niemand hier stoppen kann. Es kann jederzeit weitergehen.",
		unread: "Wo {amount} jetzt ist, hat noch niemand nachgesehen.",
		frozen: "Eingefroren vom Herausgeber des Coins: {amount}.",
		frozenUnknown: "Noch niemand hat gefragt, ob etwas davon eingefroren ist.",
		asOf: "Das stammt aus Block {height} von {chain} ({time}). Spätere Bewegungen sind nicht enthalten.",
		noCase: "Diese Seite wurde ohne einen Fall gemacht. Mit einem Fall nennt sie, was weg ist und wer es stoppen kann.",
		deadline: "{date}: {what}.",
		dueWrite: "schreiben Sie an alle, die das Geld stoppen können; es kann jede Minute weitergehen",
		dueAsk: "fragen Sie alle, was sie getan haben, und schreiben Sie die Antwort auf",
		desk: "Melden Sie es hier: {name}, {where}.",
		police: "Melden Sie es der Polizei an Ihrem Wohnort. Bitten Sie um ein Papier mit einer Nummer. Viele Firmen wollen diese Nummer.",
		trapText: [
			"Bald schreiben Ihnen vielleicht Leute, die sagen, sie könnten Ihr Geld zurückholen. Sie wollen eine Gebühr oder Ihre geheimen Wörter. Auch das sind Diebe.",
			"Niemand kann eine Zahlung zurückholen. Nicht gegen eine Gebühr. Nicht durch einen Hack. Die echte Polizei verlangt keine Gebühr.",
			"Firmen und Polizei suchen Sie nicht in einem Chat. Schreibt Ihnen so jemand, brechen Sie ab. Rufen Sie unter einer Nummer an, die Sie selbst heraussuchen.",
		],
		topics: {
			stolen: {
				title: "Mein Geld wurde gestohlen",
				first: "Bleiben Sie ruhig. Sie können noch viel tun. Die ersten Stunden zählen am meisten.",
				now: [
					"Senden Sie kein Geld mehr. Nicht einmal einen kleinen Test.",
					"Ist noch Geld in derselben Wallet? Legen Sie eine neue Wallet auf einem sauberen Gerät an. Bringen Sie dorthin, was noch da ist.",
					"Schreiben Sie Zeit, Betrag und den langen Code jeder Zahlung auf. Machen Sie Bilder von Chats und Seiten.",
					"Löschen Sie nichts. Setzen Sie Ihr Telefon und Ihren Computer noch nicht zurück.",
				],
				today: [
					"Gehen Sie zur Polizei. Nehmen Sie Ihre Notizen mit. Fragen Sie nach dem Aktenzeichen.",
					"Schreiben Sie jetzt an jede Firma, die das Geld stoppen kann. Warten Sie nicht auf die Polizei. Nennen Sie den Code der Zahlung. Schicken Sie das Aktenzeichen nach, sobald Sie es haben.",
					"Ändern Sie das Passwort Ihrer E-Mail und jeder Börse, die Sie nutzen. Schalten Sie den zweiten Schritt beim Anmelden ein.",
				],
				later: [
					"Bewahren Sie alle Briefe und Antworten an einem Ort auf.",
					"Erzählen Sie es einem Menschen, dem Sie vertrauen. Sie müssen das nicht allein schaffen.",
				],
				say: [
					"Sagen Sie, was geschah, wann, und von welcher Adresse an welche Adresse.",
					"Sagen Sie: Dieses Geld wurde mir gestohlen. Bitte halten Sie es fest, und bewahren Sie Ihre Unterlagen auf. Die Polizei hat meine Anzeige.",
					"Wenn Sie etwas nicht wissen, sagen Sie, dass Sie es nicht wissen.",
				],
				never: [
					"Geben Sie nie Ihre geheimen Wörter oder Ihren Schlüssel an irgendjemanden. Niemand, der hilft, braucht sie.",
					"Zahlen Sie nie, um Geld zurückzubekommen.",
					"Schreiben Sie dem Dieb nie Drohungen, und verraten Sie ihm nie, was Sie wissen.",
				],
			},
			drained: {
				title: "Eine Seite hat meine Coins genommen",
				first: "Sie haben etwas unterschrieben, und Coins sind weg. Die Seite kann vielleicht noch mehr nehmen.",
				now: [
					"Schließen Sie die Seite. Unterschreiben Sie dort nichts mehr.",
					"Finden Sie heraus, wie sie die Coins genommen hat. Haben Sie Ihre geheimen Wörter eingetippt? Dann ist alles in dieser Wallet in Gefahr. Haben Sie nur unterschrieben? Dann sind die Coins in Gefahr, für die Sie es erlaubt haben.",
					"Sie haben die Wörter eingetippt: Legen Sie eine neue Wallet auf einem sauberen Gerät an, und bringen Sie alles dorthin, was noch da ist.",
					"Sie haben nur unterschrieben: Bringen Sie diese Coins, wenn Sie können, an eine andere Adresse von Ihnen. Das geht am schnellsten. Setzen Sie dann die Erlaubnis auf null, in Ihrer Wallet oder auf einer Seite, deren Namen Sie selbst eintippen. Beides kostet eine kleine Gebühr.",
					"Geht Geld, das ankommt, sofort weg? Dann ist Ihr ganzes Konto in Gefahr, als hätten die Diebe die Wörter.",
				],
				today: [
					"Suchen Sie nach anderen Erlaubnissen, die Sie gegeben haben, und nehmen Sie alle zurück, die Sie nicht brauchen.",
					"Gehen Sie zur Polizei, und schreiben Sie an die Firmen, die das Geld stoppen können.",
					"Melden Sie die Seite dem Hersteller Ihrer Wallet, damit andere gewarnt werden.",
				],
				later: [
					"Nehmen Sie eine Wallet für den Alltag, mit wenig darin. Bewahren Sie Erspartes in einer anderen auf, die nie auf Seiten unterschreibt.",
				],
				say: [
					"Sagen Sie, welche Seite es war, was Sie unterschrieben haben und wann.",
					"Sagen Sie: Ich habe diese Erlaubnis gegeben, weil man mich getäuscht hat. Ich wollte meine Coins nie weggeben.",
				],
				never: [
					"Unterschreiben Sie nie ein zweites Mal, um die Coins zurückzubekommen. Keine Unterschrift bringt Coins zurück.",
					"Senden Sie nie Coins an eine Wallet, deren Wörter ein Dieb hat oder aus der alles sofort weggeht, auch nicht für Gebühren. Die Coins sind sofort weg.",
					"Geben Sie Ihre geheimen Wörter nie jemandem, der Hilfe anbietet.",
				],
			},
			poisoned: {
				title: "Ich habe an die falsche Adresse gezahlt; sie sah gleich aus",
				first:
					"Jemand hat eine falsche Adresse in Ihre Liste der Zahlungen gebracht. Sie sah aus wie eine, die Sie kennen. Sie haben sie kopiert.",
				now: [
					"Zahlen Sie nicht noch einmal, um es gutzumachen. Halten Sie an, und sehen Sie hin.",
					"Vergleichen Sie jeden Buchstaben der richtigen Adresse mit der, an die Sie gezahlt haben. Schreiben Sie beide auf.",
					"Schreiben Sie den Code und die Zeit der Zahlung auf.",
				],
				today: [
					"Gehen Sie zur Polizei. Sagen Sie, dass die falsche Adresse gemacht wurde, um Sie zu täuschen.",
					"Schreiben Sie an jede Firma, die das Geld stoppen kann.",
					"Speichern Sie die richtige Adresse im Adressbuch Ihrer Wallet. Zahlen Sie von jetzt an von dort.",
				],
				later: [
					"Kopieren Sie nie wieder eine Adresse aus Ihrer Liste der Zahlungen.",
					"Bei großen Summen: Senden Sie zuerst wenig, und fragen Sie die andere Seite am Telefon, ob es ankam.",
				],
				say: [
					"Sagen Sie: Diese Adresse wurde so gemacht, dass sie wie eine aussieht, an die ich zahle. Man hat mich damit getäuscht.",
					"Zeigen Sie beide Adressen, eine unter der anderen.",
				],
				never: [
					"Trauen Sie nie einer Adresse wegen ihrer ersten und letzten Buchstaben.",
					"Zahlen Sie nie noch einmal an die falsche Adresse, auch nicht, um das Geld zurückzufordern.",
				],
			},
			permission: {
				title: "Jemand kann meine Coins bewegen",
				first:
					"Eine Adresse hat Ihre Erlaubnis, Coins zu nehmen, oder Ihr Konto lässt ein Programm für sich handeln. Das lässt sich beenden.",
				now: [
					"Finden Sie heraus, was Sie gegeben haben: eine Erlaubnis für einen Coin, eine für alle, oder Ihr ganzes Konto.",
					"Gilt sie für Coins? Bringen Sie diese Coins zuerst an eine andere Adresse von Ihnen, wenn Sie können. Nehmen Sie sie dann in Ihrer eigenen Wallet zurück. Sie auf null zu setzen kostet eine kleine Gebühr.",
					"Ist es Ihr ganzes Konto (ein Zeichen dafür: Geld, das ankommt, geht sofort weg)? Bringen Sie, was Sie können, in eine neue Wallet. Senden Sie nichts mehr an diese.",
				],
				today: [
					"Prüfen Sie jede Chain, auf der Sie diese Adresse nutzen. Jede hat ihre eigene Liste.",
					"Wenn Sie Tron nutzen, sehen Sie nach, wer für Ihr Konto unterschreiben darf. Sind es nicht nur Sie, und können Sie noch unterschreiben, dann ändern Sie es zurück. Können Sie es nicht, ist das Konto verloren: Nehmen Sie ein neues.",
				],
				later: [
					"Geben Sie eine Erlaubnis für den Betrag, den Sie brauchen, nie für alles.",
					"Sehen Sie Ihre Erlaubnisse einmal im Monat durch.",
				],
				say: ["Wenn Coins genommen wurden: Sagen Sie, welche Erlaubnis es war und wie Sie dazu kamen, sie zu geben."],
				never: [
					"Unterschreiben Sie nie, was Sie nicht lesen können. Zeigt Ihre Wallet nur Code, sagen Sie Nein.",
					"Nehmen Sie eine Erlaubnis nie auf einer Seite zurück, die Ihnen jemand geschickt hat. Tippen Sie den Namen selbst ein.",
				],
			},
			"recovery-scam": {
				title: "Jemand sagt, er kann mein Geld zurückholen",
				first: "Das ist höchstwahrscheinlich eine Falle. Wer einmal bestohlen wurde, wird so noch einmal bestohlen.",
				now: [
					"Senden Sie nichts. Unterschreiben Sie nichts. Geben Sie keine Papiere und keine Codes heraus.",
					"Beenden Sie das Gespräch. Sie schulden diesen Leuten keine Antwort.",
					"Durften sie Ihren Bildschirm sehen oder steuern? Trennen Sie das Gerät vom Netz, und ändern Sie Ihre Passwörter auf einem anderen.",
					"Haben Sie mit Karte oder vom Bankkonto gezahlt? Rufen Sie jetzt Ihre Bank an, unter der Nummer auf Ihrer Karte.",
				],
				today: [
					"Haben Sie gezahlt? Das ist ein zweiter Diebstahl. Melden Sie ihn als solchen.",
					"Bewahren Sie ihre Nachrichten, Namen, Nummern und Adressen für die Polizei auf.",
					"Sagen Sie es Ihrer Familie, damit niemand für Sie zahlt.",
				],
				later: [
					"Es rufen vielleicht noch mehr solche Leute an. Ihr Name steht vielleicht auf einer Liste, die Diebe verkaufen. Sagen Sie jedes Mal Nein.",
				],
				say: ["Sagen Sie: Ich zahle niemandem etwas, um Geld zurückzubekommen. Dann legen Sie auf."],
				never: [
					"Zahlen Sie nie eine Gebühr, eine Steuer oder eine Kaution, um Geld herauszubekommen.",
					"Glauben Sie nie einem Papier, einem Dienstausweis oder einem Kontostand auf einer Seite. All das ist leicht zu fälschen.",
					"Beauftragen Sie nie jemanden, der auf Sie zugekommen ist.",
				],
			},
			impersonation: {
				title: "Jemand gab sich als eine Person aus, der ich vertraue",
				first: "Jemand sagte, er sei Ihre Bank, die Polizei, eine Börse, ein Chef oder jemand aus Ihrer Familie. Das stimmte nicht.",
				now: [
					"Legen Sie auf, oder schließen Sie den Chat.",
					"Rufen Sie die echte Person oder Firma unter einer Nummer an, die Sie selbst heraussuchen. Nehmen Sie nicht die Nummer, die Sie angerufen hat.",
					"Haben Sie einen Code oder ein Passwort verraten? Ändern Sie es jetzt. Sagen Sie der Firma, dass sie das Konto sperren soll.",
					"Haben Sie mit Karte oder vom Bankkonto gezahlt? Rufen Sie jetzt Ihre Bank an, unter der Nummer auf Ihrer Karte.",
				],
				today: [
					"Haben Sie Geld gesendet? Gehen Sie zur Polizei, und schreiben Sie an jede Firma, die es stoppen kann.",
					"Warnen Sie die Person oder Firma, deren Namen man benutzt hat. Auch andere werden angerufen.",
				],
				later: ["Machen Sie mit Ihrer Familie ein geheimes Wort aus. Fragen Sie danach, wenn es bei einem Anruf um Geld geht."],
				say: [
					"Sagen Sie, als wer sie sich ausgaben, unter welcher Nummer oder welchem Konto, und was sie wollten.",
					"Sagen Sie: Ich habe es gesendet, weil man mich getäuscht hat.",
				],
				never: [
					"Bringen Sie Coins nie auf eine „sichere“ Adresse. Keine Bank und keine Polizei hat so eine.",
					"Lesen Sie nie einen Code jemandem vor, der Sie angerufen hat.",
					"Beeilen Sie sich nie, weil eine Stimme es sagt. Die Echten lassen Sie zurückrufen.",
				],
			},
		},
	},
	drill: {
		intro: "{count} Nachrichten. Die Hälfte davon ist in Ordnung. Bei jeder: Ist es eine Falle (t) oder in Ordnung (f)?",
		ask: "Falle (t) oder in Ordnung (f)? [t/f]",
		right: "Richtig.",
		missed: "Übersehen: Das ist eine Falle.",
		alarm: "Falscher Alarm: Diese ist in Ordnung.",
		why: "Warum: {why}",
		score: "Sie fanden {hits} von {traps} Fallen und hielten {alarms} von {benign} harmlosen Nachrichten für eine Falle.",
		next: "Nächstes Mal: {date}. Geübtes verblasst: Üben Sie wieder nach 1, 7 und 30 Tagen.",
		due: "Fällig: {channel} (zuletzt geübt {date}).",
		notDue: "Nichts ist fällig. Als Nächstes: {channel}, {date}.",
		never: "Noch keine Übung wurde gemacht.",
		channels: { wallet: "Wallet", chat: "Chat", mail: "E-Mail", phone: "Telefon", site: "Webseite" },
		wallet: {
			payHistory: "Ihre letzten Zahlungen gingen an {known}. Jetzt fragt Ihre Wallet:",
			pay: "{amount} an {address} senden?",
			approve: "Eine Seite fragt: Darf {address} von Ihren {token} so viel ausgeben: {what}?",
			all: "ALLES",
			traps: {
				lookalike:
					"Die Adresse ist nicht die, an die Sie gezahlt haben: {known} und {address} sind nur an beiden Enden gleich. Jemand hat sie gemacht, damit man sie kopiert.",
				unlimited:
					"Diese Adresse darf alles nehmen, was Sie von diesem Coin haben, jetzt und später, und noch nie hat jemand sie benutzt. Nichts, was Sie kaufen, braucht das.",
				permit:
					"Diese Unterschrift kostet keine Gebühr und lässt {address} alle Ihre {token} nehmen. Ein Geschenk braucht nie Ihre Erlaubnis, etwas zu nehmen.",
				delegate:
					"Das lässt ein Programm für Ihr ganzes Konto handeln. Eine Seite, die das verlangt, kann alles nehmen, was Sie haben, jetzt und später.",
				allNfts: "Das lässt {address} jedes Bild dieser Sammlung nehmen, das Sie haben. Um eines zu bekommen, braucht das niemand.",
				signer: "Das lässt den Schlüssel {address} für Ihr Konto unterschreiben. Damit kann Sie jemand aussperren.",
			},
			fine: {
				same: "Es ist, Buchstabe für Buchstabe, die Adresse, an die Sie schon gezahlt haben.",
				exact: "Der Vertrag darf nur den Betrag nehmen, den Sie jetzt zahlen, und Sie haben ihn schon früher benutzt.",
				login: "Es ist ein Text zum Anmelden, er nennt die Seite, auf der Sie sind, und er bewegt nichts.",
				revoke: "Es setzt eine Erlaubnis auf null: Es nimmt eine Erlaubnis weg und gibt keine.",
				test: "Zuerst ein kleiner Betrag, an eine Adresse, die Ihnen ein Freund am Telefon vorgelesen hat: Das ist der sichere Weg.",
				own: "Beide Adressen gehören Ihnen: Es ist, Buchstabe für Buchstabe, die aus Ihrem Adressbuch.",
			},
			scenes: {
				permit:
					"Eine Seite sagt: „Sie haben {amount} {token} gewonnen. Unterschreiben Sie, um sie zu bekommen.“ Ihre Wallet zeigt: Permit, ausgeben darf {address}, Wert ALLES, keine Gebühr.",
				delegate:
					"Eine Seite sagt: „Wechseln Sie zu einem Smart-Konto, kostenlos.“ Ihre Wallet zeigt: {address} für Ihr Konto handeln lassen.",
				allNfts: "Eine Seite sagt: „Holen Sie Ihr kostenloses Bild.“ Ihre Wallet zeigt: setApprovalForAll, {address}, true.",
				signer:
					"Eine Seite sagt: „Machen Sie Ihr Konto sicher.“ Ihre Wallet zeigt: ändern, wer unterschreiben darf; neuer Schlüssel {address}, Gewicht 1 von 1.",
				exact:
					"Sie tauschen {amount} {token} dort, wo Sie es immer tun. Ihre Wallet zeigt: {address} darf {amount} {token} ausgeben. Sie haben diese Adresse schon {times}-mal benutzt.",
				login:
					"Sie öffnen Ihre übliche Seite über das Lesezeichen. Ihre Wallet zeigt einen Text: „Bei desk.example anmelden. Nummer {number}.“ Er bewegt nichts.",
				revoke: "Sie öffnen Ihre Liste der Erlaubnisse. Ihre Wallet zeigt: {address} darf 0 {token} ausgeben.",
				test: "Ein Freund hat Ihnen eine Adresse am Telefon vorgelesen. Sie haben jeden Buchstaben verglichen. Jetzt: 1 {token} an {address} senden, als Test.",
				own: "Sie bringen Erspartes in Ihre zweite Wallet. In Ihrem Adressbuch steht {address}. Ihre Wallet zeigt: {amount} an {address} senden.",
			},
		},
		chat: {
			traps: [
				[
					"Der „Support“ schreibt Ihnen: „Ihre Wallet hat einen Fehler. Tippen Sie hier Ihre 12 Wörter ein, und wir beheben ihn.“",
					"Niemand, der hilft, braucht Ihre geheimen Wörter. Wer sie hat, hat Ihre Coins.",
				],
				[
					"Jemand, den Sie vor drei Wochen im Netz kennengelernt haben, zeigt Ihnen große Gewinne: „Fangen Sie mit {amount} auf dieser neuen Seite an. Ich helfe Ihnen.“",
					"Ein Fremder, der wochenlang nett ist und dann eine Seite zum Anlegen zeigt, ist eine bekannte Falle. Die Gewinne sind nicht echt.",
				],
				[
					"Der Chef einer Gruppe schreibt: „Senden Sie {amount} an {address}. Sie bekommen in einer Stunde das Doppelte zurück.“",
					"Niemand gibt das Doppelte zurück. So bekommt ein Dieb Ihre Coins in einem Schritt.",
				],
				[
					"„Leichte Arbeit: Sie bekommen {amount} in Ihre Wallet, behalten 5 Prozent und senden den Rest an {address}.“",
					"Das Geld ist gestohlen, und Sie würden es für den Dieb waschen. Die Polizei kommt dann zu Ihnen.",
				],
			],
			fine: [
				[
					"Ein Freund schreibt: „Hier ist meine Adresse: {address}. Rufen Sie mich an, bevor Sie zahlen, und ich lese sie Ihnen vor.“",
					"Der Freund will, dass Sie am Telefon prüfen, unter einer Nummer, die Sie kennen. Das ist der sichere Weg.",
				],
				[
					"Der Kanal Ihrer Börse schreibt an alle: „Wir schreiben Ihnen nie zuerst. Wenn es jemand tut, melden Sie es.“",
					"Er verlangt nichts, und es gibt keinen Link.",
				],
				[
					"Jemand bei der Arbeit schreibt: „Die Rechnung vom Mai ist bezahlt. Der lange Code ist {hash}. Sie können ihn nachschlagen.“",
					"Er verlangt nichts. Den Code einer Zahlung können alle sehen.",
				],
				[
					"Der Kundendienst antwortet auf die Anfrage, die Sie in der App gestellt haben: „Wir haben nachgesehen. Ihre Zahlung wartet noch auf 3 Blöcke. Sie müssen nichts tun.“",
					"Sie haben zuerst gefragt, in der App, und man verlangt nichts.",
				],
			],
		},
		mail: {
			traps: [
				[
					"Von: desk-support@safe-desk.example. „Ihr Konto wird heute geschlossen. Melden Sie sich hier an: safe-desk.example/login“ (Ihre Börse ist desk.example.)",
					"Es drängt Sie, und der Name ist nicht der Ihrer Börse. Tippen Sie den echten Namen selbst ein.",
				],
				[
					"Ein Händler, den Sie kennen, schreibt: „Wir haben eine neue Adresse. Bitte zahlen Sie die Rechnung über {amount} an {address}.“",
					"Mit einer neuen Adresse per E-Mail stiehlt man Rechnungen. Rufen Sie den Händler unter der Nummer an, die Sie schon vorher hatten.",
				],
				[
					"„Büro für Geldrettung: Wir haben Ihre gestohlenen {amount} gefunden. Zahlen Sie eine Gebühr von {fee}, und wir senden sie.“",
					"Wer eine Gebühr verlangt, um Geld zurückzugeben, ist ein zweiter Dieb.",
				],
				[
					"„Ihre Hardware-Wallet braucht ein Update. Tippen Sie Ihre 24 Wörter in das Formular, sonst hört sie auf zu arbeiten.“",
					"Die Wörter tippt man nur in das Gerät selbst, und nur wenn man es einrichtet. Kein Update braucht sie.",
				],
			],
			fine: [
				[
					"Von: no-reply@desk.example. „Sie haben um {time} {amount} abgehoben. Wenn Sie das nicht waren, öffnen Sie die App.“ Sie haben es wirklich abgehoben.",
					"Sie haben es vor einer Minute selbst getan, und es gibt keinen Link.",
				],
				[
					"Ein Händler schickt eine Rechnung über {amount}. Die Adresse ist {address}, dieselbe wie auf den letzten drei Rechnungen, und Sie haben sie verglichen.",
					"Es ist die Adresse, an die Sie schon gezahlt haben, und Sie haben sie ganz verglichen.",
				],
				[
					"Von Ihrer Börse: „Ihre Steuerunterlagen für das Jahr sind da. Öffnen Sie die App, um sie zu sehen.“",
					"Kein Link, keine Eile, kein Geheimnis: Sie öffnen die App selbst.",
				],
				[
					"Ein Brief an alle Leser: „Wie man eine Adresse prüft. Mehr lesen Sie auf unseren Hilfeseiten.“",
					"Er verlangt kein Geld, keine Wörter und keine Anmeldung.",
				],
			],
		},
		phone: {
			traps: [
				[
					"„Hier ist Ihre Bank. Ihre Coins sind in Gefahr. Bringen Sie sie auf unsere sichere Adresse, jetzt, solange ich am Telefon bin.“",
					"Keine Bank hat eine sichere Adresse für Coins. Die Eile ist der Trick.",
				],
				[
					"„Sicherheitsabteilung Ihrer Börse. Wir haben eine Zahlung gestoppt. Lesen Sie mir den Code vor, den Sie gerade bekommen haben.“",
					"Der Code ist der Schlüssel zu Ihrem Konto. Niemand, der dort arbeitet, fragt danach.",
				],
				[
					"„Ich helfe Ihnen mit dem Fehler. Installieren Sie diese App, damit ich Ihren Bildschirm sehen kann.“",
					"Wer Ihren Bildschirm sieht, sieht Ihre Schlüssel und kann für Sie klicken.",
				],
				[
					"Eine Stimme wie die Ihres Sohnes: „Ich hatte einen Unfall. Ich brauche {amount} in Coins innerhalb einer Stunde. Sag es niemandem.“",
					"Eine Stimme kann man fälschen. Legen Sie auf, und rufen Sie ihn unter seiner eigenen Nummer an.",
				],
			],
			fine: [
				[
					"Ihre Börse ruft zu der Zeit an, die Sie gebucht haben. Man erklärt ein Formular und fragt nach keinem Code und keinem Wort.",
					"Sie haben es gebucht, und man fragt nach nichts Geheimem.",
				],
				[
					"„Hier ist die Polizei. Ihr Fall hat die Nummer {number}. Bitte rufen Sie über die Hauptnummer der Wache zurück.“",
					"Man lässt Sie unter einer Nummer zurückrufen, die Sie selbst heraussuchen.",
				],
				[
					"Sie rufen einen Freund unter der Nummer an, die Sie seit Jahren haben. Er liest Ihnen eine Adresse vor: {address}. Es ist, Buchstabe für Buchstabe, die aus der E-Mail.",
					"Sie haben angerufen, unter einer Nummer, die Sie kannten, und die Adresse ist in beiden dieselbe.",
				],
				[
					"Sie rufen Ihre Bank unter der Nummer an, die auf Ihrer Karte steht. Man fragt: „War diese Zahlung von {amount} von Ihnen?“ Man fragt nach keinem Code.",
					"Sie haben angerufen, unter der Nummer Ihrer eigenen Karte, und man fragt nach nichts Geheimem. Hätte man Sie angerufen, würden Sie auflegen und dasselbe tun.",
				],
			],
		},
		site: {
			traps: [
				[
					"Sie suchen Ihre Börse und klicken auf die erste Anzeige. Die Seite ist deskk.example. Dort sollen Sie sich anmelden.",
					"Ein Buchstabe ist zu viel. Auch Diebe kaufen Anzeigen. Nehmen Sie Ihr Lesezeichen.",
				],
				[
					"Eine Seite zählt rückwärts: „Holen Sie {amount} {token} in 04:59. Verbinden und unterschreiben Sie.“",
					"Eine Uhr drängt Sie, und mit der Unterschrift könnte sie Ihre Coins nehmen.",
				],
				[
					"„Ihre Wallet muss bestätigt werden. Wählen Sie Ihre Wallet, und tippen Sie dann Ihre Wörter ein.“",
					"Keine Wallet wird von einer Seite bestätigt. Wer die Wörter hat, hat Ihre Coins.",
				],
				[
					"Ihr Gewinn auf einer Seite ist {amount}. „Um ihn auszuzahlen, zahlen Sie zuerst {fee} als Steuer.“",
					"Steuern zahlt man nie an eine Seite, um Geld herauszubekommen. Den Gewinn gibt es nicht.",
				],
			],
			fine: [
				[
					"Sie öffnen desk.example über Ihr Lesezeichen und melden sich mit Ihrem zweiten Schritt an, wie immer.",
					"Der richtige Name, Ihr eigenes Lesezeichen, und nichts Neues wird verlangt.",
				],
				[
					"Sie schlagen eine Zahlung mit ihrem langen Code in einem Explorer nach. Er zeigt die Zahlung und will nichts.",
					"Ansehen ist sicher: Keine Wallet wird verbunden, und nichts wird unterschrieben.",
				],
				[
					"Die Tauschseite, die Sie nutzen, will sich verbinden. Ihre Wallet sagt: Die Seite wird Ihre Adresse sehen. Die Seite verlangt keine Unterschrift.",
					"Ihre Adresse zu sehen heißt nicht, etwas zu nehmen. Sie ist ohnehin für alle sichtbar.",
				],
				[
					"Die Liste der Erlaubnisse in Ihrer eigenen Wallet bietet an: „Zurücknehmen: {token}“. Das setzt den Betrag auf 0.",
					"Es nimmt eine Erlaubnis weg, und es ist in Ihrer eigenen Wallet.",
				],
			],
		},
	},
};
