# Was Menschen lesen. Einfache Sprache: was geschah, warum, und der Ausweg, je in einem Satz. Anrede: Sie.

## Around every page
# This language's name in itself.
language-name = Deutsch
language-switch = Sprache
brand-default = Kontosicherheit
skip-to-content = Zum Inhalt springen
back-to-portal = Zurück zu Ihrem Konto
back-to = Zurück zu { $host }
signed-in-as = Angemeldet als { $who }
minutes-left = { $count ->
    [0] Sie können weniger als eine Minute lang noch etwas ändern
    [one] Sie können noch eine Minute lang etwas ändern
   *[other] Sie können noch { $count } Minuten lang etwas ändern
}
ends-soon-title = Ihre Sitzung endet in weniger als zwei Minuten
ends-soon-text = Zu Ihrer Sicherheit dauert sie zehn Minuten. Was Sie geändert haben, bleibt: Sie kommen auf diese Seite zurück.
ends-soon-action = Weitermachen
help = Hilfe
sign-out = Abmelden
title-error = Fehler:
mistake-title = Eine Angabe stimmt noch nicht

## In a frame of another page
frame-sign-in-title = Melden Sie sich an, um Ihre Bestätigungsmethoden zu sehen
frame-prove-again-title = Melden Sie sich noch einmal an, um weiterzumachen
frame-sign-in-text = Zu Ihrer Sicherheit melden Sie sich auf einer eigenen Seite an und nie innerhalb einer anderen.
frame-sign-in-window = In einem neuen Fenster anmelden
frame-sign-in-top = Zur ganzen Seite
frame-trouble-title = Ihre Anmeldung ist in diesem Teil der Seite nicht angekommen
frame-trouble-text = Vielleicht lässt Ihr Browser diesen Teil nichts speichern. Versuchen Sie es noch einmal, oder gehen Sie zur ganzen Seite; dort geht alles.
frame-alone-remove-title = Entfernt wird in einem eigenen Fenster
frame-alone-recovery-code-title = Ihr Wiederherstellungscode öffnet sich in einem eigenen Fenster
frame-alone-sign-out-title = Abgemeldet wird in einem eigenen Fenster
frame-alone-text = Das wird nie innerhalb einer anderen Seite gezeigt, damit niemand Sie zu einem Klick verleiten kann.
frame-alone-open = Fenster öffnen
frame-opens-window = Öffnet sich in einem neuen Fenster
frame-full-page = Ganze Seite öffnen

## The list
list-title = Anmeldung in zwei Schritten
list-lead = Wenn Sie sich anmelden, fragen wir nach Ihrem Passwort und danach nach einer Bestätigung mit einer dieser Methoden.
list-yours = Ihre Bestätigungsmethoden
list-add = Weitere Methode hinzufügen
list-add-first = Bestätigungsmethode hinzufügen
list-add-hint = Mit einer zweiten Methode sind Sie nicht ausgesperrt, wenn ein Telefon verloren geht.
list-empty-title = Nur Ihr Passwort schützt Ihr Konto
list-empty-text = Fügen Sie eine Bestätigungsmethode hinzu, und niemand kommt mit Ihrem Passwort allein hinein. Eine Authenticator-App ist die sicherste der folgenden Methoden und funktioniert auch ohne Empfang.
list-unprotected-title = Nur Ihr Passwort schützt Ihr Konto
list-unprotected-text = Wer nur eine E-Mail-Adresse oder einen Wiederherstellungscode hat, wird bei der Anmeldung nach nichts als dem Passwort gefragt. Fügen Sie eine Authenticator-App oder eine Telefonnummer hinzu, und niemand kommt mit Ihrem Passwort allein hinein.
list-unfinished = { $count ->
    [one] Eine Einrichtung wurde nie abgeschlossen
   *[other] { $count } Einrichtungen wurden nie abgeschlossen
}
list-unfinished-text = Was nie abgeschlossen wurde, dient nicht zur Anmeldung und kann gefahrlos gelöscht werden.
list-clear = { $count ->
    [one] Löschen
   *[other] Alle löschen
}
list-no-adding = Sie können Ihre Methoden hier ansehen, aber nicht ändern. Fragen Sie Ihr Support-Team, wenn Sie etwas ändern müssen.
entry-totp = Authenticator-App
entry-sms = SMS
entry-voice = Anruf
entry-phone = SMS oder Anruf
entry-email = E-Mail
entry-push = Push-Mitteilung
entry-recovery-code = Wiederherstellungscode
entry-webauthn = Sicherheitsschlüssel oder Passkey
entry-other = Weitere Bestätigungsmethode
detail-totp = Codes aus einer App auf Ihrem Telefon
detail-push = Zustimmen auf dem Telefon, mit der Guardian-App
detail-push-pair = Zustimmen auf dem Telefon, oder die Codes nutzen, die die Guardian-App zeigt
detail-recovery-code = Für den Fall, dass nichts anderes zur Hand ist
detail-webauthn = Schützt Ihre Anmeldung
detail-other = Schützt Ihre Anmeldung
detail-ending = Nummer mit den Endziffern { $ending }
detail-number = Nummer { $name }
detail-named = { $name }
part-of-account = Gehört zu Ihrem Konto
managed-elsewhere = Wird anderswo verwaltet
try = Testen
try-totp = Authenticator-App testen
try-sms = SMS testen
try-sms-ending = SMS an die Nummer mit den Endziffern { $ending } testen
try-voice = Anruf testen
try-voice-ending = Anruf bei der Nummer mit den Endziffern { $ending } testen
try-phone = SMS oder Anruf testen
try-phone-ending = SMS oder Anruf testen, Nummer mit den Endziffern { $ending }
try-email = E-Mail testen
try-email-named = E-Mail an { $name } testen
try-push = Push-Mitteilung testen
remove = Entfernen
remove-totp = Authenticator-App entfernen
remove-sms = SMS entfernen
remove-sms-ending = SMS an die Nummer mit den Endziffern { $ending } entfernen
remove-voice = Anruf entfernen
remove-voice-ending = Anruf bei der Nummer mit den Endziffern { $ending } entfernen
remove-phone = SMS oder Anruf entfernen
remove-phone-ending = SMS oder Anruf entfernen, Nummer mit den Endziffern { $ending }
remove-email = E-Mail entfernen
remove-email-named = E-Mail an { $name } entfernen
remove-push = Push-Mitteilung entfernen
replace = Ersetzen
replace-totp = Authenticator-App ersetzen
replace-sms = SMS ersetzen
replace-sms-ending = SMS an die Nummer mit den Endziffern { $ending } ersetzen
replace-voice = Anruf ersetzen
replace-voice-ending = Anruf bei der Nummer mit den Endziffern { $ending } ersetzen
replace-phone = SMS oder Anruf ersetzen
replace-phone-ending = SMS oder Anruf ersetzen, Nummer mit den Endziffern { $ending }
replace-email = E-Mail ersetzen
replace-email-named = E-Mail an { $name } ersetzen
replace-push = Push-Mitteilung ersetzen
add-totp = Authenticator-App hinzufügen
add-hint-totp = Codes aus einer App auf Ihrem Telefon; funktioniert ohne Empfang
add-sms = SMS hinzufügen
add-hint-sms = Wir schicken einen Code an eine Mobilnummer
add-voice = Anruf hinzufügen
add-hint-voice = Eine Stimme liest Ihnen den Code vor; geht auch mit Festnetz
add-email = E-Mail hinzufügen
add-hint-email = Wir schicken einen Code an eine Adresse
add-push = Push-Mitteilung hinzufügen
add-hint-push = Zustimmen auf dem Telefon, mit der Guardian-App

## Trying out
try-lead-totp = Sie tippen wie bei der Anmeldung einen Code aus Ihrer App ein, und wir sehen nach, ob er angenommen wird. Es wird nichts geändert.
try-lead-sms = Wir schicken einen Code per SMS, und Sie tippen ihn hier ein wie bei der Anmeldung. Es wird nichts geändert.
try-lead-voice = Wir rufen an und lesen einen Code vor, und Sie tippen ihn hier ein wie bei der Anmeldung. Es wird nichts geändert.
try-lead-phone = Wir schicken einen Code per SMS oder lesen ihn am Telefon vor, und Sie tippen ihn hier ein wie bei der Anmeldung. Es wird nichts geändert.
try-lead-email = Wir schicken einen Code per E-Mail, und Sie tippen ihn hier ein wie bei der Anmeldung. Es wird nichts geändert.
try-lead-push = Wir schicken eine Anfrage an Ihr Telefon, und Sie stimmen zu wie bei der Anmeldung. Es wird nichts geändert.
try-several-apps = Ein Code aus jeder Ihrer Authenticator-Apps wird angenommen; nehmen Sie also einen aus der App, die Sie testen möchten.
try-start-totp = Code aus der App eintippen
try-start-sms = SMS an mich schicken
try-start-voice = Mich anrufen
try-start-email = E-Mail an mich schicken
try-start-push = Anfrage an mein Telefon schicken
try-title-totp = Tippen Sie den Code ein, den Ihre App zeigt
try-title-sms = Sehen Sie in Ihren Nachrichten nach
try-title-voice = Nehmen Sie den Anruf an
try-title-email = Sehen Sie in Ihrem Postfach nach
try-title-push = Stimmen Sie auf Ihrem Telefon zu
try-sent-totp = Öffnen Sie die App. Sie zeigt alle 30 Sekunden einen neuen sechsstelligen Code.
try-sent-sms = Wir haben eine SMS mit einem sechsstelligen Code geschickt. Das kann eine Minute dauern.
try-sent-voice = Wir rufen an und lesen einen sechsstelligen Code vor.
try-sent-email = Wir haben eine E-Mail mit einem sechsstelligen Code geschickt. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.
try-sent-push = Wir haben eine Anfrage an Ihr Telefon geschickt. Öffnen Sie die Guardian-App und stimmen Sie innerhalb von fünf Minuten zu.
try-check = Prüfen, ob es funktioniert
try-again-sms = Neuen Code schicken
try-again-voice = Noch einmal anrufen
try-again-email = Neuen Code schicken
try-again-push = Neue Anfrage schicken
try-stop = Test beenden
try-drift-title = Geht die Uhr Ihres Telefons richtig?
try-drift-text = Die App macht ihre Codes aus der Uhr des Telefons. Geht sie um mehr als eine halbe Minute falsch, wird jeder Code abgelehnt: Schalten Sie in den Einstellungen des Telefons „Uhrzeit automatisch einstellen“ ein und versuchen Sie dann den nächsten Code.
try-ended-title-denied = Ihr Telefon hat nein gesagt
try-ended-text-denied = Die Anfrage kam an und wurde in der Guardian-App abgelehnt. War das ein Versehen, versuchen Sie es noch einmal; waren Sie es nicht, entfernen Sie diese Methode aus Ihrer Liste.
try-ended-title-lapsed = Niemand hat geantwortet
try-ended-text-lapsed = Fünf Minuten sind um. Sehen Sie nach, ob Ihr Telefon online ist und die Guardian-App Mitteilungen zeigen darf, und versuchen Sie es dann noch einmal.

## Removing
remove-title-totp = Authenticator-App entfernen?
remove-title-sms = SMS an diese Nummer entfernen?
remove-title-voice = Anrufe bei dieser Nummer entfernen?
remove-title-phone = Diese Nummer entfernen?
remove-title-email = Diese E-Mail-Adresse entfernen?
remove-title-push = Push-Mitteilungen entfernen?
remove-title-ending = Nummer mit den Endziffern { $ending } entfernen?
remove-title-named = E-Mail-Adresse { $name } entfernen?
remove-title-numbered = { $act }?
remove-lead-totp = Ihre Codes gelten dann nicht mehr für die Anmeldung. Den Eintrag in der App können Sie danach auch löschen.
remove-lead-sms = SMS an diese Nummer gelten dann nicht mehr für die Anmeldung.
remove-lead-voice = Anrufe bei dieser Nummer gelten dann nicht mehr für die Anmeldung.
remove-lead-phone = SMS und Anrufe an diese Nummer gelten dann nicht mehr für die Anmeldung, beide zugleich.
remove-lead-email = Codes an diese Adresse gelten dann nicht mehr für die Anmeldung.
remove-lead-push = Anfragen an Ihr Telefon gelten dann nicht mehr für die Anmeldung.
remove-lead-push-pair = Anfragen an Ihr Telefon gelten dann nicht mehr für die Anmeldung, und auch nicht die Codes, die die Guardian-App dazu zeigt.
remove-twin = Push-Mitteilungen und die Codes, die die Guardian-App mit ihnen zeigt, gehören zusammen: Wenn Sie das eine entfernen, geht das andere mit.
remove-last-title = Das ist Ihre letzte Bestätigungsmethode
remove-last-text = Danach kommt man mit Ihrem Passwort allein in Ihr Konto, und bei der nächsten Anmeldung werden Sie vielleicht gebeten, eine neue Methode einzurichten.
remove-confirm-totp = Authenticator-App entfernen
remove-confirm-sms = Nummer entfernen
remove-confirm-voice = Nummer entfernen
remove-confirm-phone = Nummer entfernen
remove-confirm-email = Adresse entfernen
remove-confirm-push = Push-Mitteilungen entfernen
keep-it = Behalten

remove-sure-title = Sind Sie sicher?

## Which one, where a link from outside left it open
which-remove = Was möchten Sie entfernen?
which-replace = Was möchten Sie ersetzen?

## Replacing
replace-title-totp = Auf eine neue Authenticator-App umziehen
replace-title-sms = Nummer ändern
replace-title-voice = Nummer ändern
replace-title-phone = Nummer ändern
replace-title-email = E-Mail-Adresse ändern
replace-title-push = Push-Mitteilungen auf ein neues Telefon umstellen
replace-lead = Das Alte funktioniert weiter, bis das Neue es tut; Sie sind also nie ausgesperrt.
replace-step-add-totp = Die App auf dem neuen Telefon einrichten
replace-step-add-sms = Die neue Nummer hinzufügen
replace-step-add-voice = Die neue Nummer hinzufügen
replace-step-add-phone = Die neue Nummer hinzufügen
replace-step-add-email = Die neue Adresse hinzufügen
replace-step-add-push = Das neue Telefon einrichten
replace-step-add-text = Sie beweisen mit einem Code, dass es funktioniert.
replace-step-remove-totp = Die alte App entfernen
replace-step-remove-sms = Die alte Nummer entfernen
replace-step-remove-voice = Die alte Nummer entfernen
replace-step-remove-phone = Die alte Nummer entfernen
replace-step-remove-email = Die alte Adresse entfernen
replace-step-remove-push = Das alte Telefon entfernen
replace-step-remove-text = Wir fragen Sie, bevor etwas entfernt wird. Sie können dazwischen aufhören und später weitermachen.
replace-start = Anfangen
replace-works-title = Das Neue funktioniert.
replace-works-text = Entfernen Sie nun das Alte, damit niemand es nutzen kann, der es findet.
replace-old-title = Das Alte ist noch da
replace-old-text = Sie haben seinen Ersatz schon hinzugefügt.
replace-old-action = Das Alte entfernen

## Adding: the authenticator app
totp-title = Authenticator-App einrichten
totp-lead = Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen sechsstelligen Code. Sie funktioniert ohne Empfang.
totp-new-text = Sie brauchen Ihr Telefon mit einer solchen App darauf. Jede ist recht: Google Authenticator, Microsoft Authenticator, 1Password oder die Passwörter-App Ihres Telefons. Auf der nächsten Seite scannen Sie damit einen QR-Code.
totp-start = QR-Code zeigen
totp-step-open = Öffnen Sie Ihre Authenticator-App
totp-step-open-text = Jede ist recht: Google Authenticator, Microsoft Authenticator, 1Password oder die Passwörter-App Ihres Telefons. Wählen Sie darin „Hinzufügen“ oder das Pluszeichen.
totp-step-scan = Scannen Sie damit diesen QR-Code
totp-qr-label = QR-Code für Ihre Authenticator-App; derselbe Schlüssel steht darunter
totp-cannot-scan = Scannen geht nicht?
totp-step-add = Fügen Sie Ihr Konto darin hinzu
totp-tap = Meine Authenticator-App öffnen
totp-tap-apple = In Apple Passwörter sichern
totp-elsewhere = Oder scannen Sie damit diesen QR-Code, wenn die App auf einem anderen Gerät ist:
totp-type-key = Tippen Sie diesen Schlüssel in die App (zeitbasiert, sechs Ziffern):
totp-step-code = Tippen Sie den Code ein, den sie zeigt
code-label = Sechsstelliger Code
code-goes-on = Sobald alle sechs Ziffern da sind, geht es von selbst weiter.
confirm = Bestätigen
cancel = Einrichtung abbrechen
go-back = Zurück
copy = Kopieren
copied = Kopiert
copy-failed = Das hat nicht geklappt. Markieren und kopieren Sie es selbst.

## Adding: a code that is sent
phone-title-sms = Nummer für SMS hinzufügen
phone-title-voice = Nummer für Anrufe hinzufügen
phone-lead-sms = Wir schicken jetzt einen sechsstelligen Code dorthin, und wieder, wenn Sie sich anmelden.
phone-lead-voice = Wir rufen dort jetzt an und lesen einen sechsstelligen Code vor, und wieder, wenn Sie sich anmelden.
phone-label = Telefonnummer
country-label = Land
country-none = Land wählen
phone-hint = So, wie Sie sie wählen würden, oder mit + und der Landesvorwahl. Leerzeichen stören nicht.
phone-start-sms = Code schicken
phone-start-voice = Jetzt anrufen
phone-instead-sms = Lieber eine SMS schicken
phone-instead-voice = Lieber anrufen
email-title = E-Mail-Adresse hinzufügen
email-lead = Wir schicken jetzt einen sechsstelligen Code dorthin, und wieder, wenn Sie sich anmelden.
email-label = E-Mail-Adresse
email-start = Code schicken
step-first = Schritt 1 von 2
step-second = Schritt 2 von 2
sent-title-sms = Sehen Sie auf Ihr Telefon
sent-title-voice = Nehmen Sie den Anruf an
sent-title-email = Sehen Sie in Ihrem Postfach nach
sent-lead-sms = Wir haben eine SMS mit einem sechsstelligen Code an { $target } geschickt. Das kann eine Minute dauern.
sent-lead-voice = Wir rufen { $target } an und lesen einen sechsstelligen Code vor.
sent-lead-email = Wir haben eine Nachricht mit einem sechsstelligen Code an { $target } geschickt. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.
sent-resend-sms = Neuen Code schicken
sent-resend-voice = Noch einmal anrufen
sent-resend-email = Neuen Code schicken
resend-wait-title = Der letzte Code ist noch unterwegs
resend-wait = { $count ->
    [one] In einer Sekunde können Sie einen neuen anfordern.
   *[other] In { $count } Sekunden können Sie einen neuen anfordern.
}
sent-change-sms = Andere Nummer nehmen
sent-change-voice = Andere Nummer nehmen
sent-change-email = Andere Adresse nehmen

## Adding: push notification
push-title = Push-Mitteilungen einrichten
push-lead = Wenn Sie sich anmelden, fragt Ihr Telefon, ob Sie es sind, und Sie stimmen mit einem Tippen zu.
push-new-text = Sie brauchen die App Auth0 Guardian auf Ihrem Telefon. Sie ist kostenlos; holen Sie sie, bevor Sie weitermachen.
push-app-store = Im App Store holen
push-google-play = Bei Google Play holen
push-new-hint = Der QR-Code auf der nächsten Seite kann fünf Minuten lang gescannt werden.
push-start = QR-Code zeigen
push-step-get = Holen Sie die App Auth0 Guardian
push-step-scan = Scannen Sie diesen QR-Code mit der Guardian-App
push-step-scan-text = Wählen Sie darin „Hinzufügen“ oder das Pluszeichen. Nur Auth0 Guardian kann diesen Code lesen; andere Authenticator-Apps und die Kamera Ihres Telefons können es nicht.
push-qr-label = QR-Code für die App Auth0 Guardian
push-no-qr-title = Der QR-Code fehlt
push-no-qr-text = Der Anmeldedienst hat keinen geschickt, den wir zeigen können. Brechen Sie diese Einrichtung ab und wählen Sie eine andere Methode.
push-same-device = Lesen Sie das auf dem Telefon, auf dem Guardian ist?
push-same-device-text = Ein Telefon kann seinen eigenen Bildschirm nicht scannen. Öffnen Sie diese Seite auf einem anderen Bildschirm, oder versuchen Sie diesen Link und wählen Sie Guardian, wenn Ihr Telefon nach der App fragt.
push-tap = In der Guardian-App auf diesem Gerät öffnen
push-step-wait = Stimmen Sie auf Ihrem Telefon zu
push-ended-title-denied = Ihr Telefon hat nein gesagt
push-ended-text-denied = Die Einrichtung wurde in der Guardian-App abgelehnt, und nichts wurde hinzugefügt. War das ein Versehen, fangen Sie noch einmal an und stimmen Sie zu.
push-ended-title-lapsed = Die Zeit zum Scannen ist um
push-ended-text-lapsed = Ein QR-Code kann fünf Minuten lang gescannt werden, und in dieser Zeit hat niemand zugestimmt; nichts wurde hinzugefügt. Fangen Sie für einen neuen Code noch einmal an.
push-again = Noch einmal anfangen
waiting-text = { $count ->
    [one] Sobald Ihr Telefon geantwortet hat, geht diese Seite von selbst weiter. Sie sieht jede Sekunde nach.
   *[other] Sobald Ihr Telefon geantwortet hat, geht diese Seite von selbst weiter. Sie sieht alle { $count } Sekunden nach.
}
waiting-approved = Ich habe zugestimmt
waiting-not-yet-title = Ihr Telefon hat noch nicht geantwortet
waiting-not-yet-text = Das kann einige Sekunden dauern. Öffnen Sie die Guardian-App, suchen Sie dort die Anfrage und stimmen Sie zu.

## The recovery code
recovery-title = Sichern Sie Ihren Wiederherstellungscode
recovery-lead = Wenn Sie Ihr Telefon verlieren, lässt dieser Code Sie einmal hinein. Er wird nur gezeigt, bis Sie bestätigen, dass Sie ihn gesichert haben.
recovery-saved-label = Ich habe ihn an einem sicheren Ort abgelegt, und nicht nur auf meinem Telefon
recovery-done = Fertig
recovery-none-title = Ihr Wiederherstellungscode wird nicht noch einmal gezeigt
recovery-none-lead = Er wurde gezeigt, als er erstellt wurde, und diese Seite behält ihn nicht.
recovery-used-text = Haben Sie sich damit angemeldet, haben Sie dabei einen neuen bekommen, und der alte gilt nicht mehr.
recovery-ask-support = Haben Sie ihn verloren, bitten Sie Ihr Support-Team um einen neuen.
recovery-new-title = Mit einem neuen Code wird der alte ungültig
recovery-new-text = Haben Sie den alten irgendwo aufgeschrieben, werfen Sie ihn weg.
recovery-new = Neuen Wiederherstellungscode holen
recovery-download = Herunterladen
recovery-print = Drucken
recovery-file-title = Wiederherstellungscode
recovery-file-whose = Für das Konto von { $who }
recovery-file-date = Erstellt am { $date }
recovery-file-text = Wenn Sie Ihr Telefon verlieren, können Sie sich mit diesem Code und Ihrem Passwort einmal anmelden. Bewahren Sie ihn sicher auf und zeigen Sie ihn niemandem.
recovery-lost = Wiederherstellungscode verloren?
recovery-unsaved-title = Sichern Sie Ihren Wiederherstellungscode
recovery-unsaved-text = Er lässt Sie hinein, wenn Ihr Telefon verloren ist, und ist noch nicht gesichert.
recovery-unsaved-action = Wiederherstellungscode zeigen

## What was done
notice-added-totp-title = Authenticator-App hinzugefügt.
notice-added-totp-text = Sie können sie ab der nächsten Anmeldung nutzen.
notice-added-sms-title = Nummer für SMS hinzugefügt.
notice-added-sms-text = Sie können sie ab der nächsten Anmeldung nutzen.
notice-added-voice-title = Nummer für Anrufe hinzugefügt.
notice-added-voice-text = Sie können sie ab der nächsten Anmeldung nutzen.
notice-added-email-title = E-Mail-Adresse hinzugefügt.
notice-added-email-text = Sie können sie ab der nächsten Anmeldung nutzen.
notice-added-push-title = Push-Mitteilungen hinzugefügt.
notice-added-push-text = Bei der nächsten Anmeldung fragt Ihr Telefon. Auch die Codes, die die Guardian-App zeigt, gelten.
notice-works-totp-title = Es funktioniert: Authenticator-App.
notice-works-totp-text = Ihr Code wurde angenommen, und nichts wurde geändert.
notice-works-sms-title = Es funktioniert: SMS.
notice-works-sms-text = Der Code kam an und wurde angenommen, und nichts wurde geändert.
notice-works-sms-ending-title = Es funktioniert: SMS an die Nummer mit den Endziffern { $ending }.
notice-works-sms-ending-text = Der Code kam an und wurde angenommen, und nichts wurde geändert.
notice-works-voice-title = Es funktioniert: Anruf.
notice-works-voice-text = Der Code kam an und wurde angenommen, und nichts wurde geändert.
notice-works-voice-ending-title = Es funktioniert: Anruf bei der Nummer mit den Endziffern { $ending }.
notice-works-voice-ending-text = Der Code kam an und wurde angenommen, und nichts wurde geändert.
notice-works-email-title = Es funktioniert: E-Mail.
notice-works-email-text = Der Code kam an und wurde angenommen, und nichts wurde geändert.
notice-works-push-title = Es funktioniert: Push-Mitteilung.
notice-works-push-text = Ihr Telefon wurde erreicht und Sie haben zugestimmt, und nichts wurde geändert.
notice-removed-totp-title = Authenticator-App entfernt.
notice-removed-totp-text = Ihre Codes gelten nicht mehr.
notice-removed-sms-title = SMS an die Nummer mit den Endziffern { $ending } entfernt.
notice-removed-sms-text = Sie gelten nicht mehr für die Anmeldung.
notice-removed-voice-title = Anrufe bei der Nummer mit den Endziffern { $ending } entfernt.
notice-removed-voice-text = Sie gelten nicht mehr für die Anmeldung.
notice-removed-phone-title = Nummer mit den Endziffern { $ending } entfernt.
notice-removed-phone-text = Weder SMS noch Anrufe an sie gelten noch für die Anmeldung.
notice-removed-email-title = E-Mail-Adresse entfernt.
notice-removed-email-text = Codes an sie gelten nicht mehr für die Anmeldung.
notice-removed-push-title = Push-Mitteilungen entfernt.
notice-removed-push-text = Anfragen an Ihr Telefon gelten nicht mehr für die Anmeldung.
notice-replaced-totp-title = Authenticator-App ersetzt.
notice-replaced-totp-text = Ab jetzt gilt nur noch die neue.
notice-replaced-sms-title = Nummer ersetzt.
notice-replaced-sms-text = Ab jetzt gilt nur noch die neue.
notice-replaced-voice-title = Nummer ersetzt.
notice-replaced-voice-text = Ab jetzt gilt nur noch die neue.
notice-replaced-phone-title = Nummer ersetzt.
notice-replaced-phone-text = Ab jetzt gilt nur noch die neue.
notice-replaced-email-title = E-Mail-Adresse ersetzt.
notice-replaced-email-text = Ab jetzt gilt nur noch die neue.
notice-replaced-push-title = Push-Mitteilungen umgestellt.
notice-replaced-push-text = Ab jetzt wird nur noch das neue Telefon gefragt.
notice-cleared-title = Nicht abgeschlossene Einrichtungen gelöscht.
notice-cleared-text = Ihre Bestätigungsmethoden sind unverändert.
notice-already-removed-title = Das steht nicht mehr auf Ihrer Liste.
notice-already-removed-text = Es wurde schon entfernt, vielleicht in einem anderen Tab.
notice-cancelled-title = Die Einrichtung wurde abgebrochen.
notice-cancelled-text = Nichts wurde hinzugefügt.
notice-resent-sms-title = Wir haben einen neuen Code geschickt.
notice-resent-sms-text = Nur der neueste Code gilt.
notice-resent-voice-title = Wir rufen noch einmal an.
notice-resent-voice-text = Nur der neueste Code gilt.
notice-resent-email-title = Wir haben einen neuen Code geschickt.
notice-resent-email-text = Nur der neueste Code gilt.
notice-recovery-code-saved-title = Wiederherstellungscode gesichert.
notice-recovery-code-saved-text = Er wird nirgends mehr gezeigt. Bewahren Sie ihn sicher auf.

## What is wrong with a field
mistake-code-empty = Tippen Sie die sechs Ziffern des Codes ein.
mistake-code-shape = Ein Code hat sechs Ziffern. Tippen Sie nur diese ein.
mistake-code-wrong-totp = Dieser Code ist abgelaufen oder falsch. Tippen Sie den ein, den Ihre App jetzt zeigt. Wenn es weiter nicht geht, sehen Sie nach, ob die Uhr Ihres Telefons richtig geht: Hier ist es { $time } (UTC); Minuten und Sekunden sollten übereinstimmen.
mistake-code-wrong-sent = Das ist nicht der Code, den wir geschickt haben. Tippen Sie die sechs Ziffern der neuesten Nachricht oder des letzten Anrufs ein.
mistake-code-expired = Dieser Code ist zu alt. Fordern Sie unten einen neuen an.
mistake-code-too-many = Es waren zu viele falsche Codes. Warten Sie einige Minuten und versuchen Sie dann den neuesten.
mistake-number-empty = Tippen Sie eine Telefonnummer ein.
mistake-number-short = Diese Nummer ist zu kurz. Bitte prüfen Sie, ob eine Ziffer fehlt.
mistake-number-long = Diese Nummer ist zu lang. Bitte prüfen Sie, ob eine Ziffer zu viel ist.
mistake-number-country = Es gibt kein Land mit dieser Vorwahl. Eine Nummer beginnt mit + und der Landesvorwahl, etwa +44.
mistake-number-impossible = Diese Nummer kann man nicht anrufen. Bitte prüfen Sie jede Ziffer.
mistake-number-unreadable = Das ist keine Telefonnummer. Tippen Sie nur Ziffern ein, mit + und der Landesvorwahl davor oder mit dem oben gewählten Land.
mistake-number-no-country = Wählen Sie oben das Land, oder beginnen Sie die Nummer mit + und der Landesvorwahl.
mistake-number-not-allowed = Nummern dieses Landes können hier nicht genutzt werden. Nehmen Sie eine andere Nummer oder eine andere Methode.
mistake-number-refused = Wir können diese Nummer nicht erreichen. Bitte prüfen Sie sie, oder nehmen Sie eine andere.
mistake-email-empty = Tippen Sie eine E-Mail-Adresse ein.
mistake-email-shape = Eine Adresse sieht aus wie name@example.com. Bitte prüfen Sie Ihre.
mistake-not-saved = Sichern Sie zuerst den Code, und setzen Sie dann das Häkchen.

## Signing out
sign-out-title = Abmelden?
sign-out-text = Sie werden hier und von der Anmeldung Ihres Unternehmens in diesem Browser abgemeldet.
signed-out-title = Sie sind abgemeldet
signed-out-text = Schließen Sie dieses Fenster, wenn andere dieses Gerät nutzen.
sign-in-again = Erneut anmelden

## What went wrong
error-request-id = Wenn Sie um Hilfe bitten, nennen Sie diese Kennung: { $id }
error-unchanged = Nichts wurde geändert.
error-maybe-changed = Wir wissen nicht, ob die Änderung gemacht wurde. Sehen Sie in Ihrer Liste nach, bevor Sie es noch einmal versuchen.
error-retry = { $count ->
    [one] Versuchen Sie es in einer Minute noch einmal.
   *[other] Versuchen Sie es in { $count } Minuten noch einmal.
}
error-way-list = Zu Ihren Bestätigungsmethoden
error-way-unfinished = Nicht abgeschlossene zeigen
error-way-sign-in = Erneut anmelden
error-way-continue = Weiter
error-way-retry = Noch einmal versuchen
error-prove-again-title = Bitte bestätigen Sie, dass Sie es sind
error-prove-again-text = Vor einer Änderung bitten wir Sie, sich noch einmal anzumelden. Nichts wurde geändert; Sie kommen auf diese Seite zurück und können weitermachen.
error-signed-out-title = Sie wurden abgemeldet
error-signed-out-text = Zu Ihrer Sicherheit endet eine Sitzung hier nach zehn Minuten. Nichts wurde geändert; melden Sie sich an, und Sie kommen dorthin zurück, wo Sie waren.
error-not-found-title = Hier ist nichts
error-not-found-text = Die Adresse stimmt nicht, oder was sie zeigte, ist weg.
error-set-up-ended-title = Diese Einrichtung ist zu Ende
error-set-up-ended-text = Sie wurde abgeschlossen, abgebrochen, durch eine neuere ersetzt oder länger als zehn Minuten offen gelassen. Fangen Sie von Ihrer Liste aus noch einmal an.
error-foreign-form-title = Wir konnten dieses Formular nicht annehmen
error-foreign-form-text = Es wurde geöffnet, bevor Sie sich zuletzt anmeldeten, oder kam von einer anderen Website. Nichts wurde geändert; gehen Sie zu Ihrer Liste zurück und versuchen Sie es noch einmal.
error-bad-form-title = Wir konnten dieses Formular nicht lesen
error-bad-form-text = Etwas darin fehlte oder war doppelt. Nichts wurde geändert; gehen Sie zu Ihrer Liste zurück und versuchen Sie es noch einmal.
error-wrong-method-title = So lässt sich diese Seite nicht öffnen
error-wrong-method-text = Gehen Sie zu Ihrer Liste und fangen Sie dort an.
error-too-large-title = Das war zu viel Text
error-too-large-text = Nichts wurde geändert. Tippen Sie nur ein, wonach das Feld fragt.
error-slow-form-title = Das Formular kam nicht rechtzeitig bei uns an
error-slow-form-text = Nichts wurde geändert. Prüfen Sie Ihre Verbindung und senden Sie es noch einmal.
error-long-address-title = Diese Adresse ist zu lang
error-long-address-text = Gehen Sie zu Ihrer Liste und beginnen Sie dort.
error-long-headers-title = Ihr Browser hat zu viele Cookies gesendet
error-long-headers-text = Löschen Sie in Ihrem Browser die Cookies dieser Website und öffnen Sie die Seite noch einmal.
error-missing-scope-title = Das ist hier nicht erlaubt
error-missing-scope-text = Ihr Unternehmen hat es für diese Seite nicht erlaubt. Ihr Support-Team kann Ihnen mehr sagen.
error-store-away-title = Wir können Ihre Sitzung gerade nicht abrufen
error-store-away-text = Ein Teil dieses Dienstes ist vorübergehend nicht verfügbar. Sie sind nicht abgemeldet.
error-maybe-sent-title = Vielleicht ist schon ein Code unterwegs
error-maybe-sent-text = Der letzte Versuch brach ab, bevor wir sehen konnten, ob ein Code geschickt wurde. Sehen Sie nach, ob er da ist, bevor Sie einen neuen anfordern.
error-busy-title = Der erste Versuch läuft noch
error-busy-text = Warten Sie einige Sekunden und versuchen Sie es dann noch einmal.
error-bug-title = Bei uns ist etwas schiefgegangen
error-bug-text = Es liegt nicht an Ihnen. Sehen Sie in Ihrer Liste nach, was gemacht wurde, und versuchen Sie es noch einmal.
error-not-removable-title = Das hier lässt sich nicht entfernen
error-not-removable-text = Es gehört zu Ihrem Konto oder wird anderswo verwaltet. Nichts wurde geändert.
error-sign-in-unknown-title = Diese Anmeldung kann hier nicht abgeschlossen werden
error-sign-in-unknown-text = Sie wurde in einem anderen Browser begonnen, dauerte länger als zehn Minuten oder wurde schon benutzt. Fangen Sie neu an.
error-sign-in-cancelled-title = Sie haben sich nicht angemeldet
error-sign-in-cancelled-text = Die Anmeldung wurde abgebrochen. Nichts wurde geändert.
error-sign-in-blocked-title = Mit Ihrem Konto geht die Anmeldung nicht
error-sign-in-blocked-text = Es wurde gesperrt. Ihr Support-Team kann Ihnen sagen, warum.
error-sign-in-stale-title = Wir haben Sie gebeten, sich noch einmal anzumelden
error-sign-in-stale-text = Die Anmeldung enthielt keinen neuen Nachweis, dass Sie es sind. Nichts wurde geändert; versuchen Sie es noch einmal und melden Sie sich mit Ihrem Passwort an.
error-clock-off-title = Die Anmeldung hat nicht geklappt
error-clock-off-text = Es liegt nicht an Ihnen: Unsere Uhr und die des Anmeldedienstes gehen auseinander. Nichts wurde geändert; bitte sagen Sie es Ihrem Support-Team.
error-sign-in-refused-title = Die Anmeldung hat nicht geklappt
error-sign-in-refused-text = Es liegt nicht an Ihnen. Versuchen Sie es noch einmal; wenn es weiter nicht geht, fragen Sie Ihr Support-Team.
error-another-person-title = Das war ein anderes Konto
error-another-person-text = Sie sollten bestätigen, dass Sie es sind, aber jemand anders hat sich angemeldet. Sie sind jetzt abgemeldet, und nichts wurde geändert.
error-tenant-slow-title = Der Anmeldedienst braucht zu lange
error-tenant-slow-text = Er hat nicht rechtzeitig geantwortet.
error-tenant-away-title = Der Anmeldedienst ist nicht zu erreichen
error-tenant-away-text = Er ist vorübergehend nicht verfügbar, und es liegt nicht an Ihnen.
error-tenant-unreadable-title = Der Anmeldedienst gab eine seltsame Antwort
error-tenant-unreadable-text = Wir konnten sie nicht lesen, und es liegt nicht an Ihnen.
error-misconfigured-title = Diese Seite ist nicht richtig eingerichtet
error-misconfigured-text = Es liegt nicht an Ihnen. Bitte wenden Sie sich an das Support-Team Ihres Unternehmens; es kann das beheben und findet Näheres im Protokoll dieser Seite.
error-token-ended-title = Ihre Sitzung ist zu Ende
error-token-ended-text = Der Anmeldedienst möchte, dass Sie sich noch einmal anmelden, bevor Sie weitermachen.
error-already-enrolled-title = Sie haben schon eine Bestätigungsmethode
error-already-enrolled-text = Mit dieser Anmeldung lässt sich nur eine erste Methode hinzufügen. Melden Sie sich mit der, die Sie haben, noch einmal an, und Sie können weitere hinzufügen.
error-limit-reached-title = Ihre Liste ist voll
error-limit-reached-text = Mehr Methoden passen nicht in Ihr Konto, nicht abgeschlossene Einrichtungen mitgezählt. Löschen Sie diese auf Ihrer Liste, oder entfernen Sie eine Methode, die Sie nicht brauchen.
error-not-available-title = Diese Methode gibt es hier nicht
error-not-available-text = Ihr Unternehmen hat sie nicht eingeschaltet. Wählen Sie eine andere Methode.
error-too-many-sent-title = Es wurden zu viele Codes geschickt
error-too-many-sent-text = Zum Schutz von Ihnen und Ihrer Nummer werden eine Zeit lang keine mehr geschickt. Nehmen Sie eine andere Methode, oder kommen Sie später wieder.
error-too-many-wrong-title = Es waren zu viele falsche Codes
error-too-many-wrong-text = Zu Ihrem Schutz werden eine Zeit lang keine mehr angenommen. Kommen Sie später wieder.
error-too-many-starts-title = Es wurden zu viele Einrichtungen begonnen
error-too-many-starts-text = Zum Schutz Ihres Kontos kann eine Zeit lang keine weitere begonnen werden.
error-too-many-tries-title = Es waren zu viele falsche Codes
error-too-many-tries-text = Zu Ihrem Schutz ist diese Einrichtung beendet. Beginnen Sie auf Ihrer Liste eine neue; der alte Code gilt nicht mehr.
error-too-many-sign-ins-title = Aus Ihrem Netz melden sich gerade zu viele Personen an
error-too-many-sign-ins-text = Zum Schutz aller kann sich aus Ihrem Netz eine Weile niemand mehr anmelden.
error-too-many-title = Zu viele Versuche auf einmal
error-too-many-text = Warten Sie ein wenig, bevor Sie weitermachen.
error-no-recovery-code-title = Es gibt keinen Wiederherstellungscode, der zu ersetzen wäre
error-no-recovery-code-text = Ihr Konto hat keinen. Ihr Support-Team kann Ihnen mehr sagen.
error-gone-title = Das ist nicht mehr da
error-gone-text = Es wurde schon entfernt, vielleicht in einem anderen Tab.
error-refused-title = Der Anmeldedienst hat nein gesagt
error-refused-text = Versuchen Sie es noch einmal; wenn er weiter nein sagt, fragen Sie Ihr Support-Team.
