# The words people read. Plain language; what happened, why, and the way out, in one sentence each.

## Around every page
# This language's name in itself.
language-name = English
language-switch = Language
brand-default = Account security
skip-to-content = Skip to content
back-to-portal = Back to your account
back-to = Back to { $host }
signed-in-as = Signed in as { $who }
minutes-left = { $count ->
    [0] You can make changes for less than a minute
    [one] You can make changes for one more minute
   *[other] You can make changes for { $count } more minutes
}
ends-soon-title = Your visit ends in less than two minutes
ends-soon-text = For your safety it lasts ten minutes. Nothing is lost: you come back to this page.
ends-soon-action = Continue
help = Help
sign-out = Sign out
title-error = Error:
mistake-title = One thing needs another look

## In a frame of another page
frame-sign-in-title = Sign in to see your ways to verify
frame-prove-again-title = Sign in once more to go on
frame-sign-in-text = For your safety, you sign in on a page of its own and never inside another one.
frame-sign-in-window = Sign in in a new window
frame-sign-in-top = Go to the full page
frame-trouble-title = Your sign-in did not reach this part of the page
frame-trouble-text = Your browser may keep it from storing anything. Try once more, or go to the full page, where everything works.
frame-alone-remove-title = Removing opens in a window of its own
frame-alone-recovery-code-title = Your recovery code opens in a window of its own
frame-alone-sign-out-title = Signing out opens in a window of its own
frame-alone-text = This is never shown inside another page, so that nobody can trick you into a click.
frame-alone-open = Open the window
frame-opens-window = Opens in a new window
frame-full-page = Open the full page

## The list
list-title = Two-step verification
list-lead = When you sign in, we ask for your password and then for one of these.
list-yours = Your ways to verify
list-add = Add another way
list-add-first = Add a way to verify
list-add-hint = A second way keeps you from being locked out when a phone is lost.
list-empty-title = Your password is all that protects your account
list-empty-text = Add a way to verify, and nobody gets in with your password alone. An authenticator app is the safest of those below and works without a signal.
list-unprotected-title = Your password is all that protects your account
list-unprotected-text = Neither an e-mail address nor a recovery code is asked for by itself when you sign in. Add an authenticator app or a phone number, and nobody gets in with your password alone.
list-unfinished = { $count ->
    [one] One set-up was never finished
   *[other] { $count } set-ups were never finished
}
list-unfinished-text = What was never finished cannot be used to sign in, and is safe to clear.
list-clear = { $count ->
    [one] Clear it
   *[other] Clear them
}
list-no-adding = You can look at your ways to verify here, but not change them. Ask your support team if you need to.
entry-totp = Authenticator app
entry-sms = Text message
entry-voice = Phone call
entry-phone = Text message or phone call
entry-email = E-mail
entry-push = Push notification
entry-recovery-code = Recovery code
entry-webauthn = Security key or passkey
entry-other = Another way to verify
detail-totp = Codes from an app on your phone
detail-push = Approve on your phone with the Guardian app
detail-push-pair = Approve on your phone, or use the codes the Guardian app shows
detail-recovery-code = For when nothing else is at hand
detail-webauthn = Protects your sign-in
detail-other = Protects your sign-in
detail-ending = Number ending { $ending }
detail-number = Number { $name }
detail-named = { $name }
part-of-account = Comes with your account
managed-elsewhere = Managed elsewhere
try = Try
try-totp = Try authenticator app
try-sms = Try text message
try-sms-ending = Try text message, number ending { $ending }
try-voice = Try phone call
try-voice-ending = Try phone call, number ending { $ending }
try-phone = Try text message or phone call
try-phone-ending = Try text message or phone call, number ending { $ending }
try-email = Try e-mail
try-email-named = Try e-mail { $name }
try-push = Try push notification
remove = Remove
remove-totp = Remove authenticator app
remove-sms = Remove text message
remove-sms-ending = Remove text message, number ending { $ending }
remove-voice = Remove phone call
remove-voice-ending = Remove phone call, number ending { $ending }
remove-phone = Remove text message or phone call
remove-phone-ending = Remove text message or phone call, number ending { $ending }
remove-email = Remove e-mail
remove-email-named = Remove e-mail { $name }
remove-push = Remove push notification
replace = Replace
replace-totp = Replace authenticator app
replace-sms = Replace text message
replace-sms-ending = Replace text message, number ending { $ending }
replace-voice = Replace phone call
replace-voice-ending = Replace phone call, number ending { $ending }
replace-phone = Replace text message or phone call
replace-phone-ending = Replace text message or phone call, number ending { $ending }
replace-email = Replace e-mail
replace-email-named = Replace e-mail { $name }
replace-push = Replace push notification
add-totp = Add an authenticator app
add-hint-totp = Codes from an app on your phone; works without a signal
add-sms = Add text message
add-hint-sms = We send a code to a mobile number
add-voice = Add phone call
add-hint-voice = A voice reads the code to you; works with a landline
add-email = Add e-mail
add-hint-email = We send a code to an address
add-push = Add push notification
add-hint-push = Approve on your phone with the Guardian app

## Trying out
try-lead-totp = You type a code from your app, as when you sign in, and we see whether it is taken. Nothing is changed.
try-lead-sms = We send a code in a text message, and you type it here, as when you sign in. Nothing is changed.
try-lead-voice = We call and read out a code, and you type it here, as when you sign in. Nothing is changed.
try-lead-phone = We send a code in a text message or read it out in a call, and you type it here, as when you sign in. Nothing is changed.
try-lead-email = We send a code in an e-mail, and you type it here, as when you sign in. Nothing is changed.
try-lead-push = We send a request to your phone, and you approve it, as when you sign in. Nothing is changed.
try-several-apps = A code from any of your authenticator apps is taken, so look into the one you want to try.
try-start-totp = Type a code from the app
try-start-sms = Send me a text message
try-start-voice = Call me
try-start-email = Send me an e-mail
try-start-push = Send a request to my phone
try-title-totp = Type the code your app shows
try-title-sms = Look at your messages
try-title-voice = Answer your phone
try-title-email = Look into your mailbox
try-title-push = Approve on your phone
try-sent-totp = Open the app. It shows a new six-digit code every 30 seconds.
try-sent-sms = We have sent a text message with a six-digit code. It can take a minute.
try-sent-voice = We are calling to read out a six-digit code.
try-sent-email = We have sent an e-mail with a six-digit code. It can take a few minutes; look into the spam folder too.
try-sent-push = We have sent a request to your phone. Open the Guardian app and approve it within five minutes.
try-check = See if it works
try-again-sms = Send another code
try-again-voice = Call again
try-again-email = Send another code
try-again-push = Send another request
try-stop = Stop trying
try-drift-title = Is your phone’s clock right?
try-drift-text = The app makes its codes from the phone’s clock. If that is more than half a minute off, every code is refused: switch on “set time automatically” in the phone’s settings, then try the next code.
try-ended-title-denied = Your phone said no
try-ended-text-denied = The request arrived and was refused in the Guardian app. If that was a slip, try again; if it was not you, remove this way to verify from your list.
try-ended-title-lapsed = Nobody answered
try-ended-text-lapsed = Five minutes have passed. Check that your phone is online and that the Guardian app may show notifications, then try again.

## Removing
remove-title-totp = Remove the authenticator app?
remove-title-sms = Remove text messages to this number?
remove-title-voice = Remove phone calls to this number?
remove-title-phone = Remove this number?
remove-title-email = Remove this e-mail address?
remove-title-push = Remove push notifications?
remove-title-ending = Remove the number ending { $ending }?
remove-title-named = Remove { $name }?
remove-title-numbered = { $act }?
remove-lead-totp = The codes it shows stop working for sign-in. You can then delete the entry in the app as well.
remove-lead-sms = Text messages to this number stop working for sign-in.
remove-lead-voice = Phone calls to this number stop working for sign-in.
remove-lead-phone = Text messages and phone calls to this number stop working for sign-in, both at once.
remove-lead-email = Codes sent to this address stop working for sign-in.
remove-lead-push = Requests to your phone stop working for sign-in.
remove-lead-push-pair = Requests to your phone stop working for sign-in, and the codes that the Guardian app shows with them.
remove-twin = A push set-up and its code generator belong together: if this one is part of such a pair, the other part goes with it.
remove-last-title = This is your last way to verify
remove-last-text = After this, your password alone opens your account, and the next time you sign in you may be asked to set up a new way.
remove-confirm-totp = Remove the authenticator app
remove-confirm-sms = Remove the number
remove-confirm-voice = Remove the number
remove-confirm-phone = Remove the number
remove-confirm-email = Remove the address
remove-confirm-push = Remove push notifications
keep-it = Keep it
which-remove = Which one do you want to remove?
which-replace = Which one do you want to replace?

remove-sure-title = Are you sure?

## Replacing
replace-title-totp = Move to a new authenticator app
replace-title-sms = Change your number
replace-title-voice = Change your number
replace-title-phone = Change your number
replace-title-email = Change your e-mail address
replace-title-push = Move push notifications to a new phone
replace-lead = The old one keeps working until the new one does, so you are never locked out.
replace-step-add-totp = Set up the app on the new phone
replace-step-add-sms = Add the new number
replace-step-add-voice = Add the new number
replace-step-add-phone = Add the new number
replace-step-add-email = Add the new address
replace-step-add-push = Set up the new phone
replace-step-add-text = You prove with a code that it works.
replace-step-remove-totp = Remove the old app
replace-step-remove-sms = Remove the old number
replace-step-remove-voice = Remove the old number
replace-step-remove-phone = Remove the old number
replace-step-remove-email = Remove the old address
replace-step-remove-push = Remove the old phone
replace-step-remove-text = We ask you before it goes. You can stop in between and come back.
replace-start = Start
replace-works-title = The new one works.
replace-works-text = Now remove the old one, so that nobody who finds it can use it.
replace-old-title = The old one is still there
replace-old-text = You have added the one that replaces it.
replace-old-action = Remove the old one

## Adding: the authenticator app
totp-title = Set up an authenticator app
totp-lead = An app on your phone shows a new six-digit code every 30 seconds. It works without a signal.
totp-new-text = You need your phone with such an app on it. Any will do: Google Authenticator, Microsoft Authenticator, 1Password, or your phone’s own passwords app. On the next page you scan a code with it.
totp-start = Show me the code to scan
totp-step-open = Open your authenticator app
totp-step-open-text = Any will do: Google Authenticator, Microsoft Authenticator, 1Password, or your phone’s own passwords app. Choose “add” or the plus sign in it.
totp-step-scan = Scan this code with it
totp-qr-label = QR code for your authenticator app; the same key is written below it
totp-cannot-scan = Can’t scan it?
totp-step-add = Add your account to it
totp-tap = Open my authenticator app
totp-tap-apple = Save it in Apple Passwords
totp-elsewhere = Or, if the app is on another device, scan this code with it:
totp-type-key = Or type this key into the app (time-based, six digits):
totp-step-code = Type the code it shows
code-label = Six-digit code
code-goes-on = We go on by ourselves as soon as all six digits are there.
confirm = Confirm
cancel = Cancel this set-up
go-back = Go back

## Adding: a code that is sent
phone-title-sms = Add a number for text messages
phone-title-voice = Add a number for phone calls
phone-lead-sms = We send a six-digit code to it now, and again when you sign in.
phone-lead-voice = We call it now and read out a six-digit code, and again when you sign in.
phone-label = Phone number
country-label = Country
country-none = Choose a country, or type + and its code below
phone-hint = As you would dial it, or with + and the country’s code. Spaces are fine.
phone-start-sms = Send the code
phone-start-voice = Call me now
phone-instead-sms = Send a text message instead
phone-instead-voice = Call me instead
email-title = Add an e-mail address
email-lead = We send a six-digit code to it now, and again when you sign in.
email-label = E-mail address
email-start = Send the code
sent-title-sms = Check your phone
sent-title-voice = Answer your phone
sent-title-email = Check your e-mail
sent-lead-sms = We have sent a text message with a six-digit code to { $target }. It can take a minute.
sent-lead-voice = We are calling { $target } to read out a six-digit code.
sent-lead-email = We have sent a message with a six-digit code to { $target }. It can take a few minutes; look into the spam folder too.
sent-resend-sms = Send another code
sent-resend-voice = Call again
sent-resend-email = Send another code
resend-wait-title = The last one is still on its way
resend-wait = { $count ->
    [one] You can ask for another in one second.
   *[other] You can ask for another in { $count } seconds.
}
sent-change-sms = Use another number
sent-change-voice = Use another number
sent-change-email = Use another address

## Adding: push notification
push-title = Set up push notifications
push-lead = When you sign in, your phone asks whether it is you, and you tap to approve.
push-new-text = You need the Auth0 Guardian app on your phone. It is free; get it before you go on.
push-app-store = Get it in the App Store
push-google-play = Get it on Google Play
push-new-hint = The code on the next page can be scanned for five minutes.
push-start = Show me the code to scan
push-step-get = Get the Auth0 Guardian app
push-step-scan = Scan this code with the Guardian app
push-step-scan-text = Choose “add” or the plus sign in it. Only Auth0 Guardian can read this code; any other authenticator app, and your phone’s camera, cannot.
push-qr-label = QR code for the Auth0 Guardian app
push-no-qr-title = The code to scan is missing
push-no-qr-text = The sign-in service sent none that we can show. Cancel this set-up and choose another way.
push-same-device = Are you reading this on that phone?
push-same-device-text = A phone cannot scan its own screen. Open this page on another screen, or try this link and choose Guardian if your phone asks which app to use.
push-tap = Open it in the Guardian app on this device
push-step-wait = Approve on your phone
push-ended-title-denied = Your phone said no
push-ended-text-denied = The set-up was refused in the Guardian app, and nothing was added. If that was a slip, start again and approve it.
push-ended-title-lapsed = The time to scan is over
push-ended-text-lapsed = A code can be scanned for five minutes, and nobody approved in that time, so nothing was added. Start again for a new one.
push-again = Start again
waiting-text = { $count ->
    [one] As soon as your phone has answered, this page goes on by itself. It looks every second.
   *[other] As soon as your phone has answered, this page goes on by itself. It looks every { $count } seconds.
}
waiting-approved = I have approved it

## The recovery code
recovery-title = Save your recovery code
recovery-lead = If you lose your phone, this code lets you in once. It is shown only until you say that you have saved it.
recovery-saved-label = I have saved it somewhere safe, and not only on my phone
recovery-done = Done
recovery-none-title = Your recovery code is not shown again
recovery-none-lead = It was shown when it was made, and this page does not keep it.
recovery-used-text = If you have used it to sign in, you were given a new one then, and the old one is over.
recovery-ask-support = If you have lost it, ask your support team for a new one.
recovery-new-title = A new code ends the old one
recovery-new-text = If the old one is written down somewhere, throw it away.
recovery-new = Get a new recovery code
recovery-copy = Copy
recovery-copied = Copied
recovery-download = Download
recovery-print = Print
recovery-file-title = recovery code
recovery-file-whose = For the account of { $who }
recovery-file-date = Made on { $date }
recovery-file-text = If you lose your phone, this code lets you sign in once, together with your password. Keep it somewhere safe and show it to nobody.
recovery-lost = Lost your recovery code?
recovery-unsaved-title = Save your recovery code
recovery-unsaved-text = It lets you in when your phone is lost, and it has not been saved yet.
recovery-unsaved-action = Show my recovery code

## What was done
notice-added-totp-title = Authenticator app added.
notice-added-totp-text = You can use it the next time you sign in.
notice-added-sms-title = Number for text messages added.
notice-added-sms-text = You can use it the next time you sign in.
notice-added-voice-title = Number for phone calls added.
notice-added-voice-text = You can use it the next time you sign in.
notice-added-email-title = E-mail address added.
notice-added-email-text = You can use it the next time you sign in.
notice-added-push-title = Push notifications added.
notice-added-push-text = Your phone asks you the next time you sign in. The codes that the Guardian app shows work too.
notice-works-totp-title = It works: authenticator app.
notice-works-totp-text = The code you typed was taken, and nothing was changed.
notice-works-sms-title = It works: text message.
notice-works-sms-text = The code arrived and was taken, and nothing was changed.
notice-works-sms-ending-title = It works: text message to the number ending { $ending }.
notice-works-sms-ending-text = The code arrived and was taken, and nothing was changed.
notice-works-voice-title = It works: phone call.
notice-works-voice-text = The code arrived and was taken, and nothing was changed.
notice-works-voice-ending-title = It works: phone call to the number ending { $ending }.
notice-works-voice-ending-text = The code arrived and was taken, and nothing was changed.
notice-works-email-title = It works: e-mail.
notice-works-email-text = The code arrived and was taken, and nothing was changed.
notice-works-push-title = It works: push notification.
notice-works-push-text = Your phone was reached and you approved, and nothing was changed.
notice-removed-totp-title = Authenticator app removed.
notice-removed-totp-text = Its codes no longer work.
notice-removed-sms-title = Text messages to the number ending { $ending } removed.
notice-removed-sms-text = They no longer work for sign-in.
notice-removed-voice-title = Phone calls to the number ending { $ending } removed.
notice-removed-voice-text = They no longer work for sign-in.
notice-removed-phone-title = Number ending { $ending } removed.
notice-removed-phone-text = Neither text messages nor phone calls to it work for sign-in any more.
notice-removed-email-title = E-mail address removed.
notice-removed-email-text = Codes sent to it no longer work for sign-in.
notice-removed-push-title = Push notifications removed.
notice-removed-push-text = Requests to your phone no longer work for sign-in.
notice-replaced-totp-title = Authenticator app replaced.
notice-replaced-totp-text = Only the new one works from now on.
notice-replaced-sms-title = Number replaced.
notice-replaced-sms-text = Only the new one works from now on.
notice-replaced-voice-title = Number replaced.
notice-replaced-voice-text = Only the new one works from now on.
notice-replaced-phone-title = Number replaced.
notice-replaced-phone-text = Only the new one works from now on.
notice-replaced-email-title = E-mail address replaced.
notice-replaced-email-text = Only the new one works from now on.
notice-replaced-push-title = Push notifications moved.
notice-replaced-push-text = Only the new phone is asked from now on.
notice-cleared-title = Unfinished set-ups cleared.
notice-cleared-text = Your ways to verify are as they were.
notice-already-removed-title = It is not on your list any more.
notice-already-removed-text = It was removed before, perhaps in another tab.
notice-cancelled-title = The set-up was cancelled.
notice-cancelled-text = Nothing was added.
notice-resent-sms-title = We have sent another code.
notice-resent-sms-text = Only the newest code works.
notice-resent-voice-title = We are calling again.
notice-resent-voice-text = Only the newest code works.
notice-resent-email-title = We have sent another code.
notice-resent-email-text = Only the newest code works.
notice-recovery-code-saved-title = Recovery code saved.
notice-recovery-code-saved-text = It is shown nowhere any more. Keep it safe.

## What is wrong with a field
mistake-code-empty = Type the six digits of the code.
mistake-code-shape = A code has six digits. Type just those.
mistake-code-wrong-totp = That code has expired or is wrong. Type the one your app shows now. If it keeps failing, check that your phone’s time is right: here it is { $time } (UTC).
mistake-code-wrong-sent = That is not the code we sent. Look for the newest message and type its six digits.
mistake-code-expired = That code is too old. Ask for another one below.
mistake-code-too-many = There were too many wrong codes. Wait a few minutes, then try the newest one.
mistake-number-empty = Type a phone number.
mistake-number-short = This number is too short. Check that no digit is missing.
mistake-number-long = This number is too long. Check for a digit too many.
mistake-number-country = There is no country with this code. A number begins with + and the country’s code, such as +44.
mistake-number-impossible = This number cannot be called. Check each digit.
mistake-number-unreadable = This is not a phone number. Type digits only, with + and the country’s code in front or the country chosen above.
mistake-number-no-country = Choose the country above, or begin the number with + and its code.
mistake-number-not-allowed = Numbers of this country cannot be used here. Use another number, or another way.
mistake-number-refused = We cannot reach this number. Check it, or use another one.
mistake-email-empty = Type an e-mail address.
mistake-email-shape = An address looks like name@example.com. Check this one.
mistake-not-saved = Save the code first, then tick the box.

## Signing out
sign-out-title = Sign out?
sign-out-text = You will be signed out here and of your company’s sign-in in this browser.
signed-out-title = You are signed out
signed-out-text = Close this window if others use this device.
sign-in-again = Sign in again

## What went wrong
error-request-id = If you ask for help, give this reference: { $id }
error-unchanged = Nothing was changed.
error-maybe-changed = We do not know whether the change was made. Look at your list before you try again.
error-retry = { $count ->
    [one] Try again in a minute.
   *[other] Try again in { $count } minutes.
}
error-way-list = Go to your ways to verify
error-way-unfinished = Show the unfinished ones
error-way-sign-in = Sign in again
error-way-continue = Continue
error-way-retry = Try again
error-prove-again-title = Please confirm that it is you
error-prove-again-text = Before a change, we ask you to sign in once more. Nothing was changed; you come back to this page and can go on.
error-signed-out-title = You have been signed out
error-signed-out-text = For your safety a visit here ends after ten minutes. Nothing was changed; sign in and you come back to where you were.
error-not-found-title = There is nothing here
error-not-found-text = The address is wrong, or what it showed is gone.
error-set-up-ended-title = This set-up has ended
error-set-up-ended-text = It was finished, cancelled, replaced by a newer one, or left open for more than ten minutes. Start again from your list.
error-foreign-form-title = We could not take this form
error-foreign-form-text = It was opened before you last signed in, or came from another site. Nothing was changed; go back to your list and try once more.
error-bad-form-title = We could not read this form
error-bad-form-text = Something in it was missing or doubled. Nothing was changed; go back to your list and try once more.
error-wrong-method-title = This page cannot be opened like that
error-wrong-method-text = Go to your list and start from there.
error-too-large-title = That was too much text
error-too-large-text = Nothing was changed. Type only what the field asks for.
error-missing-scope-title = You may not do this here
error-missing-scope-text = Your company has not allowed it for this page. Your support team can tell you more.
error-store-away-title = We cannot look up your visit right now
error-store-away-text = A part of this service is away for a moment. You are not signed out.
error-busy-title = The first try is still under way
error-busy-text = Wait a few seconds, then try again.
error-bug-title = Something went wrong on our side
error-bug-text = It is not your fault. Look at your list to see what was done, and try again.
error-not-removable-title = This one cannot be removed
error-not-removable-text = It comes with your account, or is managed elsewhere. Nothing was changed.
error-sign-in-unknown-title = This sign-in cannot be finished here
error-sign-in-unknown-text = It was begun in another browser, took longer than ten minutes, or was used already. Begin again.
error-sign-in-cancelled-title = You have not signed in
error-sign-in-cancelled-text = The sign-in was cancelled. Nothing was changed.
error-sign-in-blocked-title = Your account cannot sign in
error-sign-in-blocked-text = It has been blocked. Your support team can tell you why.
error-sign-in-stale-title = We asked you to sign in once more
error-sign-in-stale-text = The sign-in came back without a new proof that it is you. Nothing was changed; try again and sign in with your password.
error-sign-in-refused-title = The sign-in did not work
error-sign-in-refused-text = It is not your fault. Try again; if it keeps failing, ask your support team.
error-another-person-title = That was another account
error-another-person-text = You were asked to confirm that it is you, but somebody else signed in. You are signed out now, and nothing was changed.
error-tenant-slow-title = The sign-in service takes too long
error-tenant-slow-text = It did not answer in time.
error-tenant-away-title = The sign-in service cannot be reached
error-tenant-away-text = It is away for a moment, and it is not your fault.
error-tenant-unreadable-title = The sign-in service gave a strange answer
error-tenant-unreadable-text = We could not read it, and it is not your fault.
error-misconfigured-title = This page is not set up rightly
error-misconfigured-text = Your company’s support team can mend it; nothing you do here will. The details are in its log.
error-token-ended-title = Your visit has ended
error-token-ended-text = The sign-in service wants you to sign in again before you go on.
error-already-enrolled-title = You already have a way to verify
error-already-enrolled-text = This sign-in only allows adding a first one. Sign in again with the way you have, and you can add more.
error-limit-reached-title = You have too many set-ups
error-limit-reached-text = Your account holds as many as it can, unfinished ones included. Clear the unfinished ones on your list, or remove one you do not need.
error-not-available-title = This way is not available here
error-not-available-text = Your company has not switched it on. Choose another way.
error-too-many-sent-title = Too many codes were sent
error-too-many-sent-text = To protect you and your number, no more are sent for a while. Use another way, or come back later.
error-too-many-wrong-title = There were too many wrong codes
error-too-many-wrong-text = To protect you, no more are taken for a while. Come back later.
error-too-many-starts-title = You have begun many set-ups
error-too-many-starts-text = To protect your account, no more can be begun for a while.
error-too-many-tries-title = There were too many wrong codes
error-too-many-tries-text = To protect you, this set-up has ended. Begin a new one from your list; the old code does not work any more.
error-too-many-title = Too many tries at once
error-too-many-text = Wait a little before you go on.
error-no-recovery-code-title = There is no recovery code to replace
error-no-recovery-code-text = Your account has none. Nothing was changed.
error-gone-title = It is not there any more
error-gone-text = It was removed before, perhaps in another tab.
error-refused-title = The sign-in service said no
error-refused-text = Try again; if it keeps saying no, ask your support team.
