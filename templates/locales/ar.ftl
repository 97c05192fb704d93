# ما يقرؤه الناس. لغة بسيطة: ما حدث وسببه وما العمل، لكلٍّ جملة واحدة. مصادر بدل صيغ الأمر، كي يناسب النص الجميع.

## Around every page
# This language's name in itself.
language-name = العربية
language-switch = اللغة
brand-default = أمان الحساب
brand-in-text = شركتك
skip-to-content = الانتقال إلى المحتوى
back-to-portal = الرجوع إلى حسابك
back-to = الرجوع إلى { $host }
signed-in-as = تم تسجيل الدخول باسم
minutes-left = { $count ->
    [0] الوقت المتبقي: أقل من دقيقة
    [one] الوقت المتبقي: دقيقة واحدة
    [two] الوقت المتبقي: دقيقتان
    [few] الوقت المتبقي: { $count } دقائق
    [many] الوقت المتبقي: { $count } دقيقة
   *[other] الوقت المتبقي: { $count } دقيقة
}
ends-soon-title = تنتهي جلستك بعد أقل من دقيقتين
ends-soon-text = حفاظًا على أمانك، تدوم الجلسة عشر دقائق. لن يضيع ما تم تغييره، وبعد المتابعة ستظهر لك هذه الصفحة مرة أخرى.
ends-soon-action = تسجيل الدخول مرة أخرى لعشر دقائق إضافية
help = مساعدة
privacy = الخصوصية
terms = شروط الاستخدام
imprint = إشعار قانوني
sign-out = تسجيل الخروج
title-error = خطأ:
mistake-title = هناك مشكلة في الإدخال

## In a frame of another page
frame-sign-in-title = يُرجى تسجيل الدخول لعرض طرق التحقق
frame-prove-again-title = يُرجى تسجيل الدخول مرة أخرى للمتابعة
frame-sign-in-text = حفاظًا على أمانك، يتم تسجيل الدخول في صفحة مستقلة وليس داخل صفحة أخرى أبدًا.
frame-sign-in-window = تسجيل الدخول في نافذة جديدة
frame-sign-in-top = الانتقال إلى الصفحة الكاملة
frame-trouble-title = لم يصل تسجيل دخولك إلى هذا الجزء من الصفحة
frame-trouble-text = ربما يمنع متصفحك هذا الجزء من حفظ أي شيء. يُرجى المحاولة مرة أخرى أو الانتقال إلى الصفحة الكاملة حيث يعمل كل شيء.
frame-needs-https-title = تتطلب هذه التجربة https أو اسم مضيف واحدًا
frame-needs-https-text = للصفحة والبوابة مضيفان مختلفان. من دون https لا تحتفظ المتصفحات بتسجيل الدخول هنا، لذا استخدم اسم المضيف نفسه لكليهما أو استخدم https.
frame-alone-remove-title = تتم الإزالة في نافذة مستقلة
frame-alone-forget-title = يتم حذف المحفوظات في نافذة مستقلة
frame-alone-lost-phone-title = يُفتح هذا في نافذة مستقلة
frame-alone-recovery-code-title = يُفتح رمز الاسترداد في نافذة مستقلة
frame-alone-sign-out-title = يتم تسجيل الخروج في نافذة مستقلة
frame-alone-text = لا يظهر هذا أبدًا داخل صفحة أخرى، كي لا يتمكن أحد من خداعك ودفعك إلى النقر.
frame-alone-open = فتح النافذة
frame-opens-window = يُفتح في نافذة جديدة
frame-full-page = فتح الصفحة الكاملة

## The list
list-title = التحقق بخطوتين
list-lead-off = التحقق بخطوتين متوقف. لا يُطلب شيء آخر بعد تسجيل الدخول.
list-lead-off-password = التحقق بخطوتين متوقف. كلمة المرور وحدها تحمي حسابك.
list-lead-on = التحقق بخطوتين مفعّل. بعد تسجيل الدخول نطلب إحدى الطرق التالية.
list-lead-set-up = هذه الطرق معدّة لحسابك، وقد تُطلب إحداها بعد تسجيل الدخول.
list-lead-elsewhere = لا توجد طريقة تحقق معدّة هنا. إذا طُلبت منك خطوة ثانية عند تسجيل الدخول، فهي تُدار في مكان آخر.
list-yours = طرق التحقق الخاصة بك
list-add = إضافة طريقة تحقق أخرى
list-add-first = إضافة طريقة تحقق
list-add-hint = تحميك الطريقة الثانية من فقدان الوصول إلى حسابك إذا ضاع هاتفك.
list-second-title = يُنصح بإضافة طريقة ثانية الآن
list-second-skip = تخطٍّ
list-empty-title = حماية حسابك
list-empty-text = بعد إضافة طريقة تحقق، لن تكفي بيانات دخول مسروقة للوصول إلى حسابك. تطبيق المصادقة هو أكثر الطرق التالية أمانًا، ويعمل دون شبكة.
list-unprotected-title = التحقق بخطوتين متوقف
list-unprotected-text = لا يحمي عنوان البريد الإلكتروني أو رمز الاسترداد وحده حسابك، لأنه لا يُطلب عند تسجيل الدخول. يُرجى إضافة تطبيق مصادقة أو رقم هاتف.
list-unfinished = { $count ->
    [zero] لا توجد عمليات إعداد غير مكتملة
    [one] هناك عملية إعداد واحدة لم تكتمل
    [two] هناك عمليتا إعداد لم تكتملا
    [few] هناك { $count } عمليات إعداد لم تكتمل
    [many] هناك { $count } عملية إعداد لم تكتمل
   *[other] هناك { $count } عملية إعداد لم تكتمل
}
list-unfinished-text = ما لم يكتمل لا يصلح لتسجيل الدخول، ويمكن حذفه بأمان.
list-clear = { $count ->
    [zero] حذفها كلها
    [one] حذفها
    [two] حذفهما
    [few] حذفها كلها
    [many] حذفها كلها
   *[other] حذفها كلها
}
list-no-adding = يمكنك هنا عرض طرق التحقق الخاصة بك دون تغييرها. إذا لزم تغييرها، يُرجى التواصل مع فريق الدعم.
entry-totp = تطبيق المصادقة
entry-phone = الهاتف
entry-phone-ending = الهاتف المنتهي بـ { $ending }
entry-phone-named = الهاتف { $name }
entry-email = البريد الإلكتروني
entry-push = إشعار فوري
entry-recovery-code = رمز الاسترداد
entry-webauthn = مفتاح أمان أو مفتاح مرور
entry-other = طريقة تحقق أخرى
detail-totp = رموز من تطبيق على هاتفك
detail-sms = رسالة نصية
detail-voice = مكالمة هاتفية
detail-phone = رسالة نصية أو مكالمة هاتفية
detail-push = الموافقة من هاتفك عبر تطبيق { $app }
detail-push-pair = الموافقة من هاتفك، أو استخدام الرموز التي يعرضها تطبيق { $app }
detail-recovery-code = للحالات التي لا تتوفر فيها طريقة أخرى
detail-webauthn = لحماية تسجيل دخولك
detail-other = لحماية تسجيل دخولك
detail-named = { $name }
part-of-account = جزء من حسابك
managed-elsewhere = تتم إدارته في مكان آخر
try = اختبار
try-totp = اختبار تطبيق المصادقة
try-phone = اختبار الهاتف
try-phone-ending = اختبار الهاتف المنتهي بـ { $ending }
try-email = اختبار البريد الإلكتروني
try-email-named = اختبار عنوان البريد الإلكتروني { $name }
try-push = اختبار الإشعارات الفورية
remove = إزالة
remove-totp = إزالة تطبيق المصادقة
remove-phone = إزالة الهاتف
remove-phone-ending = إزالة الهاتف المنتهي بـ { $ending }
remove-email = إزالة عنوان البريد الإلكتروني
remove-email-named = إزالة عنوان البريد الإلكتروني { $name }
remove-push = إزالة الإشعارات الفورية
replace = استبدال
replace-totp = استبدال تطبيق المصادقة
replace-phone = استبدال الهاتف
replace-phone-ending = استبدال الهاتف المنتهي بـ { $ending }
replace-email = استبدال عنوان البريد الإلكتروني
replace-email-named = استبدال عنوان البريد الإلكتروني { $name }
replace-push = استبدال الإشعارات الفورية
add-totp = إضافة تطبيق مصادقة
add-hint-totp = رموز من تطبيق على هاتفك، ويعمل دون شبكة
add-sms = إضافة رقم هاتف للرسائل النصية
add-hint-sms = نرسل رمزًا إلى رقم هاتف جوّال
add-voice = إضافة رقم هاتف للمكالمات
add-hint-voice = نقرأ لك الرمز في مكالمة صوتية، ويعمل مع الهاتف الأرضي أيضًا
add-phone = إضافة رقم هاتف
add-hint-phone = نرسل إليك رمزًا في رسالة نصية أو نقرؤه لك في مكالمة
add-email = إضافة عنوان بريد إلكتروني
add-hint-email = نرسل رمزًا إلى عنوان بريد إلكتروني؛ طريقة احتياطية لا تحمي وحدها
add-push = إعداد الإشعارات الفورية
add-hint-push = الموافقة من هاتفك عبر تطبيق { $app }

## Trying out
try-lead-totp = يكفي إدخال رمز من تطبيقك كما عند تسجيل الدخول، ونتحقق من قبوله. لن يتغير شيء.
try-lead-sms = نرسل رمزًا في رسالة نصية، ويتم إدخاله هنا كما عند تسجيل الدخول. لن يتغير شيء.
try-lead-voice = نتصل بك ونقرأ لك رمزًا، ويتم إدخاله هنا كما عند تسجيل الدخول. لن يتغير شيء.
try-lead-phone = نرسل رمزًا في رسالة نصية أو نقرؤه لك في مكالمة هاتفية، ويتم إدخاله هنا كما عند تسجيل الدخول. لن يتغير شيء.
try-lead-email = نرسل رمزًا بالبريد الإلكتروني، ويتم إدخاله هنا كما عند تسجيل الدخول. لن يتغير شيء.
try-lead-push = نرسل طلبًا إلى هاتفك، وتتم الموافقة عليه كما عند تسجيل الدخول. لن يتغير شيء.
try-several-apps = نقبل رمزًا من أي تطبيق مصادقة لديك، لذا لا يبيّن هذا الاختبار أي عنصر في القائمة يخص أي تطبيق.
try-start-totp = إدخال رمز من التطبيق
try-start-sms = إرسال رسالة نصية إليّ
try-start-voice = الاتصال بي
try-start-email = إرسال رسالة إلى بريدي
try-start-push = إرسال طلب إلى هاتفي
try-title-totp = يُرجى إدخال الرمز الذي يعرضه تطبيقك
try-title-sms = يُرجى الاطلاع على رسائلك النصية
try-title-voice = يُرجى الرد على المكالمة
try-title-email = يُرجى الاطلاع على بريدك الإلكتروني
try-title-push = يُرجى الموافقة على الطلب عبر هاتفك
try-sent-totp = يُرجى فتح التطبيق. يعرض التطبيق رمزًا جديدًا من ستة أرقام كل 30 ثانية.
try-sent-sms = أرسلنا رسالة نصية فيها رمز من ستة أرقام. قد يستغرق وصولها دقيقة.
try-sent-voice = نتصل بك الآن لنقرأ لك رمزًا من ستة أرقام.
try-sent-email = أرسلنا رسالة إلكترونية فيها رمز من ستة أرقام. قد يستغرق وصولها بضع دقائق، ويُرجى البحث أيضًا في مجلد الرسائل غير المرغوب فيها.
try-sent-push = أرسلنا طلبًا إلى هاتفك. يُرجى فتح تطبيق { $app } والموافقة عليه خلال خمس دقائق.
try-check = التحقق من الرمز
try-again-sms = إرسال رمز آخر
try-again-voice = إعادة الاتصال
try-again-email = إرسال رمز آخر
try-again-push = إرسال طلب آخر
try-stop = الرجوع إلى القائمة
drift-title = هل ساعة هاتفك مضبوطة؟
drift-text = ينشئ التطبيق رموزه من ساعة الهاتف، فإذا كان فرقها أكثر من نصف دقيقة، رُفض كل رمز. يُرجى تفعيل «ضبط الوقت تلقائيًا» في إعدادات الهاتف ثم إدخال الرمز التالي.
drift-behind = ساعة هذا الهاتف متأخرة { $difference }
drift-ahead = ساعة هذا الهاتف متقدمة { $difference }
try-ended-title-denied = تم رفض الطلب عبر هاتفك
try-ended-text-denied = تم رفض الطلب في تطبيق { $app }. إذا حدث ذلك سهوًا، يُرجى المحاولة مرة أخرى؛ وإذا لم يكن الرفض منك، يُرجى إزالة طريقة التحقق هذه من قائمتك.
try-ended-title-lapsed = لم نتلقَّ ردًا
try-ended-text-lapsed = مرت خمس دقائق. يُرجى التأكد من أن هاتفك متصل بالإنترنت وأنه يُسمح لتطبيق { $app } بعرض الإشعارات، ثم المحاولة مرة أخرى.

## Removing
remove-title-totp = هل تريد إزالة تطبيق المصادقة؟
remove-title-phone = هل تريد إزالة هذا الهاتف؟
remove-title-email = هل تريد إزالة عنوان البريد الإلكتروني هذا؟
remove-title-push = هل تريد إزالة الإشعارات الفورية؟
remove-title-ending = هل تريد إزالة الهاتف المنتهي بـ { $ending }؟
remove-title-named = هل تريد إزالة عنوان البريد الإلكتروني { $name }؟
remove-title-numbered = هل تريد { $act }؟
remove-lead-totp = لن تكون رموز هذا التطبيق صالحة لتسجيل الدخول بعد ذلك. ويمكنك عندها حذف الحساب من التطبيق أيضًا.
remove-lead-sms = لن تكون الرسائل النصية إلى هذا الرقم صالحة لتسجيل الدخول بعد ذلك.
remove-lead-voice = لن تكون المكالمات الهاتفية إلى هذا الرقم صالحة لتسجيل الدخول بعد ذلك.
remove-lead-phone = لن تكون الرسائل النصية ولا المكالمات الهاتفية إلى هذا الرقم صالحة لتسجيل الدخول بعد ذلك.
remove-lead-email = لن تكون الرموز المرسلة إلى هذا العنوان صالحة لتسجيل الدخول بعد ذلك.
remove-lead-push = لن تكون الطلبات إلى هاتفك صالحة لتسجيل الدخول بعد ذلك.
remove-lead-push-pair = لن تكون الطلبات إلى هاتفك ولا الرموز التي يعرضها معها تطبيق { $app } صالحة لتسجيل الدخول بعد ذلك.
remove-twin = ترتبط الإشعارات الفورية بالرموز التي يعرضها تطبيق { $app }، وتتم إزالتهما معًا.
remove-last-title = هذه آخر طريقة تحقق لديك
remove-last-text = بعد ذلك يتوقف التحقق بخطوتين، ويكفي تسجيل الدخول وحده لفتح حسابك. وقد يُطلب منك إعداد طريقة جديدة في المرة التالية.
remove-confirm-totp = إزالة تطبيق المصادقة
remove-confirm-sms = إزالة الرقم
remove-confirm-voice = إزالة الرقم
remove-confirm-phone = إزالة الرقم
remove-confirm-email = إزالة العنوان
remove-confirm-push = إزالة الإشعارات الفورية
keep-it = الاحتفاظ به
which-remove = ما الذي تريد إزالته؟
which-replace = ما الذي تريد استبداله؟

remove-sure-title = هل الإزالة مؤكدة؟

## Replacing
replace-title-totp = الانتقال إلى تطبيق مصادقة جديد
replace-title-sms = تغيير رقمك
replace-title-voice = تغيير رقمك
replace-title-phone = تغيير رقمك
replace-title-email = تغيير عنوان بريدك الإلكتروني
replace-title-push = نقل الإشعارات الفورية إلى هاتف جديد
replace-lead = تظل الطريقة القديمة تعمل إلى أن تعمل الطريقة الجديدة، فلا ينقطع وصولك إلى حسابك أبدًا.
replace-step-add-totp = إعداد التطبيق على الهاتف الجديد
replace-step-add-sms = إضافة الرقم الجديد
replace-step-add-voice = إضافة الرقم الجديد
replace-step-add-phone = إضافة الرقم الجديد
replace-step-add-email = إضافة العنوان الجديد
replace-step-add-push = إعداد الهاتف الجديد
replace-step-add-text = يتم التأكد من أنه يعمل بإدخال رمز.
replace-step-remove-totp = إزالة التطبيق القديم
replace-step-remove-sms = إزالة الرقم القديم
replace-step-remove-voice = إزالة الرقم القديم
replace-step-remove-phone = إزالة الرقم القديم
replace-step-remove-email = إزالة العنوان القديم
replace-step-remove-push = إزالة الهاتف القديم
replace-step-remove-text = نسألك قبل إزالته. ويمكنك التوقف بين الخطوتين والعودة لاحقًا.
replace-start = إعداد الطريقة الجديدة
replace-works-title = الطريقة الجديدة تعمل.
replace-works-text = يُرجى الآن إزالة الطريقة القديمة، كي لا يستخدمها أحد غيرك.
replace-old-title = الطريقة القديمة ما زالت مفعّلة
replace-old-text = تمت إضافة الطريقة البديلة.
replace-old-action = إزالة الطريقة القديمة
entry-old = الطريقة القديمة

## Adding: the authenticator app
totp-title = إعداد تطبيق مصادقة
totp-lead = تطبيق على هاتفك يعرض رمزًا جديدًا من ستة أرقام كل 30 ثانية، ويعمل دون شبكة.
totp-new-text = يلزمك تطبيق مصادقة على هاتفك، مثل Google Authenticator أو Microsoft Authenticator أو 1Password أو تطبيق «كلمات السر» على iPhone. في الصفحة التالية، يُستخدم هذا التطبيق لمسح رمز QR.
totp-new-phone = يلزمك تطبيق مصادقة على هذا الهاتف، مثل Google Authenticator أو Microsoft Authenticator أو 1Password.
totp-new-apple = يُرجى استخدام تطبيق «كلمات السر» الموجود على iPhone أو iPad لديك، أو أي تطبيق مصادقة آخر.
totp-no-app = أليس لديك تطبيق بعد؟
totp-start = عرض رمز QR
totp-go-on = متابعة
totp-step-open = فتح تطبيق المصادقة
totp-step-open-text = مثل Google Authenticator أو Microsoft Authenticator أو 1Password أو تطبيق «كلمات السر» على iPhone. يُرجى النقر على «إضافة» أو + فيه.
totp-step-scan = مسح رمز QR هذا بالتطبيق
totp-qr-label = رمز QR لتطبيق المصادقة
totp-cannot-scan = هل تعذّر المسح؟
totp-step-add = إضافة حسابك إلى التطبيق
totp-tap = فتح تطبيق المصادقة
totp-tap-apple = الحفظ في تطبيق «كلمات السر» من Apple
totp-elsewhere = أو، إذا كان التطبيق على جهاز آخر، يُرجى مسح رمز QR هذا به:
totp-another-device = هل التطبيق على جهاز آخر؟
totp-type-key = يُرجى إدخال ما يلي في التطبيق:
totp-copy-key = أو نسخ هذا المفتاح وإضافته يدويًا في التطبيق:
totp-account = الحساب
totp-key = المفتاح
totp-type = النوع
totp-time-based = مستند إلى الوقت، ستة أرقام
totp-step-code = إدخال الرمز الذي يعرضه التطبيق
code-label = الرمز المكوّن من ستة أرقام
code-goes-on = نتحقق من الرمز تلقائيًا بعد إدخال الأرقام الستة كلها.
code-promise = لن يطلب منك أي شخص من { $brand } هذا الرمز أبدًا.
confirm = تأكيد
cancel = إلغاء هذا الإعداد
go-back = رجوع
copy = نسخ
copied = تم النسخ
copy-failed = تعذّر النسخ. يُرجى تحديد النص ونسخه يدويًا.

## Adding: a code that is sent
phone-title-sms = إضافة رقم للرسائل النصية
phone-title-voice = إضافة رقم للمكالمات الهاتفية
phone-title-phone = إضافة رقم هاتف
phone-lead-sms = نرسل إليه رمزًا من ستة أرقام الآن، وكذلك عند تسجيل الدخول.
phone-lead-voice = نتصل به ونقرأ رمزًا من ستة أرقام الآن، وكذلك عند تسجيل الدخول.
phone-lead-phone = نرسل إليه رمزًا من ستة أرقام في رسالة نصية أو نقرؤه في مكالمة الآن، وكذلك عند تسجيل الدخول.
phone-label = رقم الهاتف
country-label = البلد
country-none = اختيار بلد
phone-hint = كما يُكتب عند الاتصال به، أو بعلامة + ثم رمز البلد. يمكن كتابة مسافات.
phone-promise = نستخدمه فقط لإرسال الرموز إليك. قد تُطبَّق رسوم من مشغّل شبكتك.
phone-start-sms = إرسال الرمز
phone-start-voice = الاتصال بي الآن
phone-instead-sms = إرسال رسالة نصية بدلًا من ذلك
phone-instead-voice = الاتصال بي بدلًا من ذلك
email-title = إضافة عنوان بريد إلكتروني
email-lead = نرسل إليه رمزًا من ستة أرقام الآن، وكذلك عند تسجيل الدخول.
email-label = عنوان البريد الإلكتروني
email-start = إرسال الرمز
part-first = الجزء 1 من 2
part-second = الجزء 2 من 2
part-replace-add = الجزء 1 من 2: إعداد الطريقة الجديدة
part-replace-remove = الجزء 2 من 2: إزالة الطريقة القديمة
sent-title-sms = يُرجى الاطلاع على رسائلك النصية
sent-title-voice = يُرجى الرد على المكالمة
sent-title-email = يُرجى الاطلاع على بريدك الإلكتروني
sent-lead-sms = أرسلنا رسالة نصية فيها رمز من ستة أرقام إلى { $target }. قد يستغرق وصولها دقيقة.
sent-lead-voice = نتصل الآن بالرقم { $target } لنقرأ لك رمزًا من ستة أرقام.
sent-lead-email = أرسلنا رسالة إلكترونية فيها رمز من ستة أرقام إلى { $target }. قد يستغرق وصولها بضع دقائق، ويُرجى البحث أيضًا في مجلد الرسائل غير المرغوب فيها.
sent-resend-sms = إرسال رمز آخر
sent-resend-voice = إعادة الاتصال
sent-resend-email = إرسال رمز آخر
resend-wait-title = ما زال الرمز الأخير في طريقه إليك
resend-wait = { $count ->
    [zero] يمكنك طلب رمز آخر الآن.
    [one] يمكنك طلب رمز آخر بعد ثانية واحدة.
    [two] يمكنك طلب رمز آخر بعد ثانيتين.
    [few] يمكنك طلب رمز آخر بعد { $count } ثوانٍ.
    [many] يمكنك طلب رمز آخر بعد { $count } ثانية.
   *[other] يمكنك طلب رمز آخر بعد { $count } ثانية.
}
sent-change-sms = استخدام رقم آخر
sent-change-voice = استخدام رقم آخر
sent-change-email = استخدام عنوان آخر

## Adding: push notification
push-title = إعداد الإشعارات الفورية
push-lead = عند تسجيل الدخول، يسألك هاتفك للتأكد من هويتك، وتكفي نقرة للموافقة.
push-new-text = يلزمك تطبيق { $app } على هاتفك. التطبيق مجاني، ويُرجى تنزيله قبل المتابعة.
push-app-store = تنزيل من App Store
push-google-play = تنزيل من Google Play
push-new-hint = يمكن مسح رمز QR في الصفحة التالية لمدة خمس دقائق.
push-start = عرض رمز QR
push-step-get = تنزيل تطبيق { $app }
push-step-scan = مسح رمز QR هذا بتطبيق { $app }
push-step-scan-text = يُرجى النقر على «إضافة» أو + في التطبيق. تطبيق { $app } وحده يقرأ هذا الرمز، ولا يقرؤه أي تطبيق مصادقة آخر ولا كاميرا هاتفك.
push-qr-label = رمز QR لتطبيق { $app }
push-no-qr-title = رمز QR غير متوفر
push-no-qr-text = لم ترسل خدمة تسجيل الدخول رمزًا يمكننا عرضه. يُرجى إلغاء هذا الإعداد واختيار طريقة أخرى.
push-same-device = هل هذه الصفحة مفتوحة على الهاتف الذي عليه تطبيق { $app }؟
push-same-device-text = لا يستطيع الهاتف مسح شاشته. يُرجى فتح هذه الصفحة على شاشة أخرى، أو تجربة هذا الرابط واختيار { $app } إذا سألك هاتفك عن التطبيق.
push-tap = الفتح في تطبيق { $app } على هذا الجهاز
push-step-wait = الموافقة على الطلب عبر هاتفك
push-ended-title-denied = تم رفض الطلب عبر هاتفك
push-ended-text-denied = تم رفض الإعداد في تطبيق { $app }، ولم تتم إضافة أي طريقة. إذا حدث ذلك سهوًا، يُرجى البدء من جديد والموافقة عليه.
push-ended-title-lapsed = انتهى وقت المسح
push-ended-text-lapsed = يمكن مسح رمز QR لمدة خمس دقائق، ولم تصل موافقة خلالها، فلم تتم إضافة أي طريقة. يُرجى البدء من جديد للحصول على رمز جديد.
push-again = البدء من جديد
waiting-text = تنتقل هذه الصفحة تلقائيًا إلى الخطوة التالية بعد أن يرد هاتفك.
waiting-approved = وافقتُ على الطلب
waiting-not-yet-title = لم يرد هاتفك بعد
waiting-not-yet-text = قد يستغرق ذلك بضع ثوانٍ. يُرجى فتح تطبيق { $app } والبحث عن الطلب فيه والموافقة عليه.

## The recovery code
recovery-title = يُرجى حفظ رمز الاسترداد
recovery-lead = إذا ضاع هاتفك، يتيح لك هذا الرمز الدخول مرة واحدة. ولا يظل ظاهرًا إلا إلى حين تأكيد حفظه.
recovery-saved-label = حفظته في مكان آمن، وليس على هاتفي فقط
recovery-done = تم
recovery-none-title = الحصول على رمز استرداد جديد
recovery-none-lead = ظهر الرمز عند إنشائه، ولا يمكن عرضه مرة أخرى.
recovery-used-text = إذا سبق لك استخدامه لتسجيل الدخول، فقد حصلت عندها على رمز جديد، ولم يعد الرمز القديم صالحًا.
recovery-ask-support = إذا ضاع منك، يُرجى طلب رمز جديد من فريق الدعم.
recovery-new-lead = لا يمكن عرض الرمز القديم مرة أخرى، وسيتوقف عن العمل.
recovery-new-text = إذا كان الرمز القديم مكتوبًا في مكان ما، يُرجى إتلافه.
recovery-new = الحصول على رمز استرداد جديد
recovery-download = تنزيل
recovery-print = طباعة
recovery-file-title = رمز الاسترداد
recovery-file-whose = للحساب { $who }
recovery-file-date = تاريخ الإنشاء: { $date }
recovery-file-text = إذا ضاع هاتفك، يتيح لك هذا الرمز تسجيل الدخول مرة واحدة إضافةً إلى بيانات دخولك المعتادة. يُرجى حفظه في مكان آمن وعدم عرضه على أحد.
recovery-lost = هل ضاع رمز الاسترداد؟
recovery-unsaved-title = يُرجى حفظ رمز الاسترداد
recovery-unsaved-text = يتيح لك الدخول إذا ضاع هاتفك، ولم يتم حفظه بعد.
recovery-unsaved-action = عرض رمز الاسترداد

## What was done
notice-added-totp-title = تمت إضافة تطبيق المصادقة.
notice-added-totp-text = يمكنك استخدامه عند تسجيل الدخول التالي.
notice-added-sms-title = تمت إضافة رقم الرسائل النصية.
notice-added-sms-text = يمكنك استخدامه عند تسجيل الدخول التالي.
notice-added-voice-title = تمت إضافة رقم المكالمات الهاتفية.
notice-added-voice-text = يمكنك استخدامه عند تسجيل الدخول التالي.
notice-added-email-title = تمت إضافة عنوان البريد الإلكتروني.
notice-added-email-text = يمكنك استخدامه عند تسجيل الدخول التالي.
added-spare = سيكون طريقة احتياطية بعد إضافة تطبيق أو رقم هاتف.
notice-added-push-title = تمت إضافة الإشعارات الفورية.
notice-added-push-text = سيسألك هاتفك عند تسجيل الدخول التالي. كما تعمل الرموز التي يعرضها تطبيق { $app }.
notice-works-totp-title = تطبيق المصادقة يعمل.
notice-works-totp-text = تم قبول الرمز. لم يتغير شيء.
notice-works-sms-title = الرسائل النصية تعمل.
notice-works-sms-text = وصل الرمز وتم قبوله. لم يتغير شيء.
notice-works-sms-ending-title = الرسائل النصية إلى الرقم المنتهي بـ { $ending } تعمل.
notice-works-sms-ending-text = وصل الرمز وتم قبوله. لم يتغير شيء.
notice-works-voice-title = المكالمات الهاتفية تعمل.
notice-works-voice-text = وصل الرمز وتم قبوله. لم يتغير شيء.
notice-works-voice-ending-title = المكالمات الهاتفية إلى الرقم المنتهي بـ { $ending } تعمل.
notice-works-voice-ending-text = وصل الرمز وتم قبوله. لم يتغير شيء.
notice-works-email-title = رموز البريد الإلكتروني تعمل.
notice-works-email-text = وصل الرمز وتم قبوله. لم يتغير شيء.
notice-works-push-title = الإشعارات الفورية تعمل.
notice-works-push-text = وصل الطلب إلى هاتفك وتمت الموافقة عليه. لم يتغير شيء.
notice-removed-totp-title = تمت إزالة تطبيق المصادقة.
notice-removed-totp-text = لم تعد رموزه صالحة.
notice-removed-sms-title = تمت إزالة رقم الرسائل النصية المنتهي بـ { $ending }.
notice-removed-sms-text = لم يعد صالحًا لتسجيل الدخول.
notice-removed-voice-title = تمت إزالة رقم المكالمات الهاتفية المنتهي بـ { $ending }.
notice-removed-voice-text = لم يعد صالحًا لتسجيل الدخول.
notice-removed-phone-title = تمت إزالة الرقم المنتهي بـ { $ending }.
notice-removed-phone-text = لم تعد الرسائل النصية ولا المكالمات الهاتفية إليه صالحة لتسجيل الدخول.
notice-removed-email-title = تمت إزالة عنوان البريد الإلكتروني.
notice-removed-email-text = لم تعد الرموز المرسلة إليه صالحة لتسجيل الدخول.
notice-removed-push-title = تمت إزالة الإشعارات الفورية.
notice-removed-push-text = لم تعد الطلبات إلى هاتفك صالحة لتسجيل الدخول.
removed-last = التحقق بخطوتين متوقف الآن: كانت هذه آخر طريقة لديك.
notice-replaced-totp-title = تم استبدال تطبيق المصادقة.
notice-replaced-totp-text = لن يعمل من الآن إلا التطبيق الجديد.
notice-replaced-sms-title = تم استبدال الرقم.
notice-replaced-sms-text = لن يعمل من الآن إلا الرقم الجديد.
notice-replaced-voice-title = تم استبدال الرقم.
notice-replaced-voice-text = لن يعمل من الآن إلا الرقم الجديد.
notice-replaced-phone-title = تم استبدال الرقم.
notice-replaced-phone-text = لن يعمل من الآن إلا الرقم الجديد.
notice-replaced-email-title = تم استبدال عنوان البريد الإلكتروني.
notice-replaced-email-text = لن يعمل من الآن إلا العنوان الجديد.
notice-replaced-push-title = تم نقل الإشعارات الفورية.
notice-replaced-push-text = لن تصل الطلبات من الآن إلا إلى الهاتف الجديد.
notice-cleared-title = تم حذف عمليات الإعداد غير المكتملة.
notice-cleared-text = طرق التحقق الخاصة بك باقية كما كانت.
notice-already-removed-title = لم يعد هذا العنصر في قائمتك.
notice-already-removed-text = تمت إزالته من قبل، ربما في علامة تبويب أخرى.
notice-cancelled-title = تم إلغاء الإعداد.
notice-cancelled-text = لم تتم إضافة أي طريقة.
notice-resent-sms-title = أرسلنا رمزًا آخر.
notice-resent-sms-text = لا يعمل إلا أحدث رمز.
notice-resent-voice-title = نتصل بك مرة أخرى.
notice-resent-voice-text = لا يعمل إلا أحدث رمز.
notice-resent-email-title = أرسلنا رمزًا آخر.
notice-resent-email-text = لا يعمل إلا أحدث رمز.
notice-recovery-code-saved-title = تم حفظ رمز الاسترداد.
notice-recovery-code-saved-text = لا يمكن عرضه مرة أخرى. يُرجى إبقاؤه في مكان آمن.

## What is wrong with a field
mistake-code-empty = يُرجى إدخال أرقام الرمز الستة.
mistake-code-shape = يتكوّن الرمز من ستة أرقام. يُرجى إدخالها وحدها.
mistake-code-wrong-totp = هذا الرمز غير صحيح أو انتهت صلاحيته. يُرجى إدخال أحدث رمز في تطبيقك.
mistake-code-wrong-sent = ليس هذا هو الرمز الذي أرسلناه. يُرجى إدخال أحدث رمز.
mistake-code-expired = انتهت صلاحية هذا الرمز. يُرجى طلب رمز آخر أدناه.
mistake-code-too-many = تم إدخال رموز كثيرة غير صحيحة. يُرجى الانتظار بضع دقائق ثم إدخال أحدث رمز.
mistake-number-empty = يُرجى إدخال رقم هاتف.
mistake-number-short = رقم الهاتف هذا قصير جدًا. يُرجى التأكد من عدم نقص أي رقم فيه.
mistake-number-long = رقم الهاتف هذا طويل جدًا. يُرجى التأكد من عدم وجود رقم زائد فيه.
mistake-number-country = لا يوجد بلد بهذا الرمز. يُرجى البدء برمز مثل ‎+966.
mistake-number-impossible = لا يمكن الاتصال برقم الهاتف هذا. يُرجى مراجعته رقمًا رقمًا.
mistake-number-extension = لا يمكن طلب الأرقام الفرعية. يُرجى إدخال الرقم دون الرقم الفرعي.
mistake-number-unreadable = ليس هذا رقم هاتف. يُرجى إدخال أرقام فقط.
mistake-number-no-country = يُرجى اختيار البلد، أو البدء بعلامة + ورمزه.
mistake-number-not-allowed = لا يمكن استخدام أرقام هذا البلد هنا. يُرجى استخدام رقم آخر.
mistake-number-twice = يوجد في قائمتك رقم بهذه الأرقام الأخيرة. لإضافته رغم ذلك، يُرجى الضغط مرة أخرى.
mistake-number-landline = يبدو أن هذا رقم هاتف أرضي لا يستقبل الرسائل النصية. يُرجى اختيار المكالمة، أو الضغط مرة أخرى لإرسال الرسالة رغم ذلك.
mistake-number-landline-only = يبدو أن هذا رقم هاتف أرضي لا يستقبل الرسائل النصية. يُرجى استخدام رقم جوّال، أو الضغط مرة أخرى لإرسال الرسالة رغم ذلك.
mistake-number-costly = لا يمكن إرسال الرموز إلى هذا النوع من الأرقام. يُرجى استخدام رقم هاتف عادي.
mistake-number-refused = لا يمكننا الوصول إلى رقم الهاتف هذا. يُرجى مراجعته أو استخدام رقم آخر.
mistake-email-empty = يُرجى إدخال عنوان بريد إلكتروني.
mistake-email-shape = يكون العنوان على شكل name@example.com. يُرجى مراجعة العنوان المُدخل.
mistake-email-refused = لا يمكننا الوصول إلى عنوان البريد هذا. يُرجى مراجعته أو استخدام عنوان آخر.
mistake-not-saved = يُرجى حفظ الرمز أولًا، ثم وضع علامة في المربع.

## Signing out
sign-out-title = هل تريد تسجيل الخروج؟
sign-out-text = سيتم تسجيل خروجك من هنا ومن حساب { $brand } في هذا المتصفح.
sign-out-ended-text = لا توجد جلسة مفتوحة هنا. قد تكون جلسة { $brand } ما زالت مفتوحة في هذا المتصفح، وسيتم إنهاؤها بتسجيل الخروج.
signed-out-title = تم تسجيل خروجك
signed-out-text = إذا كان آخرون يستخدمون هذا الجهاز، يُرجى إغلاق هذه النافذة.
sign-in-again = تسجيل الدخول مرة أخرى
help-lead = إجابات قصيرة عن التحقق بخطوتين.
help-title-app = ما هو تطبيق المصادقة؟
help-first-app = تطبيق على هاتفك يعرض رمزًا من ستة أرقام، يتجدد كل 30 ثانية. بعد تسجيل الدخول المعتاد، يُطلب منك إدخال هذا الرمز. يعمل التطبيق دون شبكة.
help-second-app = تطبيقا Google Authenticator وMicrosoft Authenticator مجانيان. وعلى iPhone يوجد تطبيق «كلمات السر» مسبقًا.
help-third-app = لإعداده، يُمسح رمز QR أو يُنسخ مفتاح إلى التطبيق. لا يُقرأ أي شيء من هاتفك.
help-title-lost-phone = هاتف مفقود أو جديد
help-first-lost-phone = إذا ضاع الهاتف أو سُرق، يُرجى تسجيل الدخول بطريقة تحقق أخرى أو برمز الاسترداد، ثم إزالة ما كان على ذلك الهاتف من القائمة وإعداده من جديد.
help-second-lost-phone = إذا كان لديك هاتف جديد والقديم في متناولك، يُرجى اختيار «استبدال» بجانب كل عنصر في القائمة. يظل القديم صالحًا إلى أن يعمل الجديد.
help-third-lost-phone = إذا لم تتوفر لديك طريقة أخرى ولا رمز استرداد، فلا يمكن إلا لفريق الدعم إعادة الوصول إليك.
help-title-no-code = لم يصل أي رمز
help-first-no-code = قد تستغرق الرسالة النصية أو رسالة البريد بضع دقائق. يُرجى التأكد من وجود شبكة على هاتفك والبحث في مجلد الرسائل غير المرغوب فيها.
help-second-no-code = يُرجى طلب رمز آخر في الصفحة التي يُكتب فيها؛ أحدث رمز فقط صالح. لا يستقبل الهاتف الأرضي رسائل نصية، لكن يمكن الاتصال به.
help-third-no-code = إذا رُفضت رموز التطبيق، يُرجى تفعيل ضبط الوقت تلقائيًا في إعدادات هاتفك.
help-more = مزيد من المساعدة
help-support = التواصل مع فريق الدعم

## What went wrong
error-request-id = عند طلب المساعدة، يُرجى ذكر هذا الرقم المرجعي: { $id }
error-unchanged = لم يتغير شيء.
error-maybe-changed = لا نعرف هل تم التغيير أم لا. يُرجى الاطلاع على قائمتك قبل المحاولة مرة أخرى.
error-retry = { $count ->
    [zero] يُرجى المحاولة مرة أخرى الآن.
    [one] يُرجى المحاولة مرة أخرى بعد دقيقة.
    [two] يُرجى المحاولة مرة أخرى بعد دقيقتين.
    [few] يُرجى المحاولة مرة أخرى بعد { $count } دقائق.
    [many] يُرجى المحاولة مرة أخرى بعد { $count } دقيقة.
   *[other] يُرجى المحاولة مرة أخرى بعد { $count } دقيقة.
}
error-way-list = الانتقال إلى طرق التحقق الخاصة بك
error-way-unfinished = عرض عمليات الإعداد غير المكتملة
error-way-sign-in = تسجيل الدخول مرة أخرى
error-way-another-account = تسجيل الدخول بحساب آخر
error-way-continue = متابعة
error-way-retry = المحاولة مرة أخرى
error-prove-again-title = يُرجى تأكيد هويتك
error-prove-again-text = قبل أي تغيير، نطلب منك تسجيل الدخول مرة أخرى. لم يتغير شيء، وبعد تسجيل الدخول ستظهر لك هذه الصفحة ويمكنك المتابعة.
error-not-proved-title = لم يتضمن تسجيل الدخول الخطوة الثانية
error-not-proved-text = حسابك محمي بخطوة ثانية، وأي تغيير يتطلبها، ولكنها لم تُطلب حتى بعد تسجيل الدخول مرة أخرى. لم يتغير شيء، ويُرجى إبلاغ فريق الدعم.
error-signed-out-title = انتهت جلستك
error-signed-out-text = حفاظًا على أمانك، تنتهي الجلسة هنا بعد عشر دقائق. لم يتغير شيء، وبعد تسجيل الدخول ستظهر لك الصفحة التي كانت مفتوحة.
error-not-found-title = الصفحة غير موجودة
error-not-found-text = العنوان غير صحيح، أو لم تعد الصفحة موجودة.
error-set-up-ended-title = انتهت عملية الإعداد هذه
error-set-up-ended-text = إما أنها اكتملت أو أُلغيت أو حلّت محلها عملية أحدث أو مضى عليها أكثر من عشر دقائق. يُرجى البدء من جديد من قائمتك.
error-foreign-form-title = لم نتمكن من قبول هذا النموذج
error-foreign-form-text = تم فتحه قبل آخر تسجيل دخول لك، أو جاء من موقع آخر. لم يتغير شيء، ويُرجى الرجوع إلى قائمتك والمحاولة مرة أخرى.
error-bad-form-title = لم نتمكن من قراءة هذا النموذج
error-bad-form-text = كان فيه شيء ناقص أو مكرر. لم يتغير شيء، ويُرجى الرجوع إلى قائمتك والمحاولة مرة أخرى.
error-wrong-method-title = لا يمكن فتح هذه الصفحة بهذه الطريقة
error-wrong-method-text = يُرجى الانتقال إلى قائمتك والبدء منها.
error-too-large-title = النص المُدخل طويل جدًا
error-too-large-text = لم يتغير شيء. يُرجى إدخال ما تطلبه الخانة فقط.
error-slow-form-title = لم يصلنا النموذج في الوقت المحدد
error-slow-form-text = لم يتغير شيء. يُرجى التأكد من اتصالك بالإنترنت ثم إرساله مرة أخرى.
error-long-address-title = هذا العنوان طويل جدًا
error-long-address-text = يُرجى الانتقال إلى قائمتك والبدء منها.
error-long-headers-title = أرسل متصفحك عددًا كبيرًا جدًا من ملفات تعريف الارتباط
error-long-headers-text = يُرجى حذف ملفات تعريف الارتباط لهذا الموقع من متصفحك ثم فتح الصفحة مرة أخرى.
error-missing-scope-title = هذا غير مسموح به هنا
error-missing-scope-text = لم يُسمح بذلك في هذه الصفحة من قِبل { $brand }. يمكن لفريق الدعم إخبارك بالمزيد.
error-store-away-title = لا يمكننا التحقق من جلستك حاليًا
error-store-away-text = جزء من هذه الخدمة متوقف مؤقتًا. لم يتم تسجيل خروجك.
error-maybe-sent-title = ربما أصبح الرمز في طريقه إليك
error-maybe-sent-text = انقطعت المحاولة الأخيرة قبل أن نعرف هل أُرسل رمز. يُرجى التأكد من عدم وصوله قبل طلب رمز آخر.
error-busy-title = المحاولة الأولى ما زالت جارية
error-busy-text = يُرجى الانتظار بضع ثوانٍ ثم المحاولة مرة أخرى.
error-bug-title = حدث خطأ من جهتنا
error-bug-text = لم يكن ذلك بسببك. يُرجى الاطلاع على قائمتك لمعرفة ما تم، ثم المحاولة مرة أخرى.
error-not-removable-title = لا يمكن إزالة هذا العنصر
error-not-removable-text = إنه جزء من حسابك أو تتم إدارته في مكان آخر. لم يتغير شيء.
error-sign-in-unknown-title = لا يمكن إكمال تسجيل الدخول هذا هنا
error-sign-in-unknown-text = بدأ تسجيل الدخول في متصفح آخر، أو استغرق أكثر من عشر دقائق، أو سبق استخدامه. يُرجى البدء من جديد.
error-sign-in-cancelled-title = تم إلغاء تسجيل الدخول
error-sign-in-cancelled-text = لم يتم تسجيل دخولك. لم يتغير شيء.
error-sign-in-denied-title = تم رفض تسجيل الدخول
error-sign-in-denied-text = لا يُسمح لحسابك بالدخول حاليًا من قِبل { $brand }. إذا كان الحساب جديدًا، فيُرجى تأكيد عنوان بريدك الإلكتروني أولًا. وإلا فيمكن لفريق الدعم إخبارك بالسبب.
error-sign-in-blocked-title = لا يمكن تسجيل الدخول إلى حسابك
error-sign-in-blocked-text = تم حظر الحساب. يمكن لفريق الدعم إخبارك بالسبب.
error-sign-in-stale-title = طلبنا منك تسجيل الدخول مرة أخرى
error-sign-in-stale-text = اكتمل تسجيل الدخول دون تأكيد جديد لهويتك. لم يتغير شيء، ويُرجى المحاولة مرة أخرى، وإذا تكرر ذلك فسؤال فريق الدعم.
error-clock-off-title = لم ينجح تسجيل الدخول
error-clock-off-text = لم يكن ذلك بسببك: ساعتنا لا تتفق مع ساعة خدمة تسجيل الدخول. لم يتغير شيء، ويُرجى إبلاغ فريق الدعم.
error-sign-in-refused-title = لم ينجح تسجيل الدخول
error-sign-in-refused-text = لم يكن ذلك بسببك. يُرجى المحاولة مرة أخرى؛ وإذا استمرت المشكلة، يُرجى التواصل مع فريق الدعم.
error-another-person-title = كان ذلك حسابًا آخر
error-another-person-text = طلبنا تأكيد هويتك، لكن تم تسجيل الدخول بحساب شخص آخر. انتهت جلستك هنا، ولم يتغير شيء.
error-no-member-title = حسابك ليس عضوًا في هذه المؤسسة
error-no-member-text = سجّل الدخول بحساب عضو فيها، أو اطلب من فريق الدعم إضافة حسابك.
error-organization-unlisted-title = لا يمكن استخدام هذا الرابط
error-organization-unlisted-text = الرابط مخصّص لمؤسسة لم يتم إعدادها هنا. يُرجى إبلاغ فريق الدعم لدى { $brand }.
error-other-organization-title = سجّلت الدخول لمؤسسة أخرى
error-other-organization-text = لم يتغير شيء. سجّل الدخول بحساب تابع للمؤسسة التي أتيت من صفحتها.
error-tenant-slow-title = خدمة تسجيل الدخول بطيئة حاليًا
error-tenant-slow-text = لم ترد الخدمة في الوقت المحدد.
error-tenant-away-title = لا يمكن الوصول إلى خدمة تسجيل الدخول
error-tenant-away-text = الخدمة متوقفة مؤقتًا، وليس ذلك بسببك.
error-tenant-unreadable-title = تعذّرت قراءة رد خدمة تسجيل الدخول
error-tenant-unreadable-text = وصل رد غير متوقع، وليس ذلك بسببك.
error-misconfigured-title = هذه الصفحة غير معدّة بشكل صحيح
error-misconfigured-text = لا يعود هذا إليك. يُرجى إبلاغ فريق الدعم لدى { $brand }، فهو يستطيع حل المشكلة وتوجد التفاصيل في سجل هذه الصفحة.
error-token-ended-title = انتهت جلستك
error-token-ended-text = تطلب خدمة تسجيل الدخول منك تسجيل الدخول مرة أخرى قبل المتابعة.
error-already-enrolled-title = لديك طريقة تحقق بالفعل
error-already-enrolled-text = لا يتيح تسجيل الدخول هذا إلا إضافة أول طريقة. بعد تسجيل الدخول مرة أخرى بالطريقة التي لديك، يمكنك إضافة المزيد.
error-limit-reached-title = قائمتك ممتلئة
error-limit-reached-text = بلغ عدد طرق التحقق في حسابك الحد الأقصى، بما في ذلك عمليات الإعداد غير المكتملة. يُرجى حذف غير المكتملة من قائمتك، أو إزالة طريقة لا تلزمك.
error-not-available-title = هذه الطريقة غير متاحة هنا
error-not-available-text = لم يتم تفعيلها من قِبل { $brand }. يُرجى اختيار طريقة أخرى.
error-too-many-sent-title = تم إرسال رموز كثيرة جدًا
error-too-many-sent-text = لحمايتك وحماية رقمك، لن نرسل رموزًا أخرى لبعض الوقت. يُرجى استخدام طريقة أخرى أو العودة لاحقًا.
error-too-many-wrong-title = تم إدخال رموز كثيرة غير صحيحة
error-too-many-wrong-text = لحمايتك، لن نقبل رموزًا أخرى لبعض الوقت. يُرجى العودة لاحقًا.
error-too-many-starts-title = تم بدء عمليات إعداد كثيرة
error-too-many-starts-text = لحماية حسابك، لا يمكن بدء عمليات أخرى لبعض الوقت.
error-too-many-tries-title = تم إدخال رموز كثيرة غير صحيحة
error-too-many-tries-text = لحمايتك، لن نقبل رموزًا أخرى لبعض الوقت. يُرجى بدء عملية إعداد جديدة بعد ذلك، فالرمز القديم لم يعد يعمل.
error-too-many-changes-title = تم إجراء تغييرات كثيرة
error-too-many-changes-text = لحماية حسابك، لا يمكن إجراء تغييرات أخرى لبعض الوقت.
error-too-many-messages-title = لا تُرسل رسائل إلى أرقام جديدة حاليًا
error-too-many-messages-text = يتم حاليًا إرسال عدد غير معتاد من الرسائل. يُرجى استخدام تطبيق مصادقة أو العودة لاحقًا، وتظل الأرقام التي سبق لك تأكيدها تعمل.
error-too-soon-title = تم إرسال رمز للتو
error-too-soon-text = يُرجى البحث عنه قبل طلب رمز آخر.
error-too-many-sign-ins-title = عدد كبير جدًا من الأشخاص يسجّلون الدخول من شبكتك
error-too-many-sign-ins-text = لحماية الجميع، لا يمكن تسجيل الدخول من شبكتك لبعض الوقت.
error-sign-in-queue-title = عمليات تسجيل دخول كثيرة في الانتظار الآن
error-sign-in-queue-text = لم تُفقد عملية تسجيل دخولك. يُرجى الانتظار بضع ثوانٍ ثم المحاولة مرة أخرى، ولا حاجة إلى تسجيل الدخول من جديد.
error-too-many-title = محاولات كثيرة جدًا خلال وقت قصير
error-too-many-text = يُرجى الانتظار قليلًا قبل المتابعة.
error-no-recovery-code-title = لا يوجد رمز استرداد لاستبداله
error-no-recovery-code-text = ليس في حسابك رمز استرداد. يمكن لفريق الدعم إفادتك بالمزيد.
error-gone-title = لم يعد هذا العنصر موجودًا
error-gone-text = تمت إزالته من قبل، ربما في علامة تبويب أخرى.
error-refused-title = رفضت خدمة تسجيل الدخول الطلب
error-refused-text = يُرجى المحاولة مرة أخرى؛ وإذا تكرر الرفض، يُرجى التواصل مع فريق الدعم.

## What is remembered: names, dates, changes

name = إضافة اسم
rename-called = إعادة تسمية { $name }
try-called = اختبار { $name }
replace-called = استبدال { $name }
remove-called = إزالة { $name }
remove-title-called = هل تريد إزالة { $name }؟
added-on = تاريخ الإضافة: { $date }
name-title = ما اسمه؟
name-lead = اسم من اختيارك يميّزه عن غيره، مثل اسم الهاتف الموجود عليه.
name-label = الاسم
name-hint = مثل «iPhone إيدا». اترك الحقل فارغًا إذا كنت لا تريد اسمًا.
name-save = حفظ الاسم
mistake-name-long = هذا الاسم طويل جدًا. استخدم 40 حرفًا على الأكثر.
notice-named-title = تم حفظ الاسم.
notice-named-text = ستعرضه القائمة من الآن.
history-title = آخر التغييرات التي أُجريت هنا
history-added = تمت الإضافة
history-removed = تمت الإزالة
history-renewed = تم التجديد
history-forgotten = تم حذف الأسماء والتواريخ والتغييرات المحفوظة
history-elsewhere = لا تظهر هنا التغييرات التي أُجريت في مكان آخر.
history-kept = { $count ->
    [zero] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة { $count } يوم بعد آخر تسجيل دخول لك.
    [one] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة يوم واحد بعد آخر تسجيل دخول لك.
    [two] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة يومين بعد آخر تسجيل دخول لك.
    [few] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة { $count } أيام بعد آخر تسجيل دخول لك.
    [many] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة { $count } يومًا بعد آخر تسجيل دخول لك.
   *[other] تُحفظ الأسماء والتواريخ وهذه القائمة لمدة { $count } يوم بعد آخر تسجيل دخول لك.
}
forget = حذف الأسماء والتواريخ والتغييرات المحفوظة
notice-forgotten-title = تم حذف الأسماء والتواريخ والتغييرات المحفوظة.
notice-forgotten-text = لم تتغير طرق التحقق الخاصة بك.

rename = إعادة التسمية
name-new-label = الاسم (اختياري)
name-new-hint = الهاتف أو الجهاز الموجود عليه التطبيق، مثل «iPhone إيدا». يميّز الاسم هذا التطبيق عن غيره.
lost-phone-title = هل فقدت هاتفك أو لديك هاتف جديد؟
lost-phone-lead = أخبرنا بما حدث، وسنرشدك خطوة بخطوة.
lost-phone-nothing = لا يوجد في قائمتك شيء على هاتف، فلا حاجة إلى إزالة شيء أو نقله.
lost-phone-lost = هاتفي مفقود أو مسروق
lost-phone-lost-text = حدّد كل ما كان عليه. بعد إزالته لن يتمكن أحد من تسجيل الدخول به.
lost-phone-mark = ماذا كان على الهاتف؟
lost-phone-visits = ستنتهي جلساتك الأخرى في هذه الصفحة. لن يُسجَّل خروج أحد من أي مكان آخر، لذا أبلغ فريق الدعم عن السرقة، واطلب من شركة الاتصالات إيقاف شريحة الهاتف.
lost-phone-new = لدي هاتف جديد، والهاتف القديم معي
lost-phone-new-text = تُعدّ كل طريقة على الهاتف الجديد. وتبقى القديمة صالحة إلى أن تعمل الجديدة.
lost-phone-new-start = الانتقال إلى هاتفي الجديد
lost-phone-alike = لا يمكننا التمييز بين تطبيقاتك.
lost-phone-alike-text = أعدّ تطبيقًا جديدًا واحدًا. وبمجرد أن يعمل، تُزال كل التطبيقات القديمة.
lost-phone-alike-start = إعداد تطبيق جديد واحد
mistake-nothing-marked = حدّد عنصرًا واحدًا على الأقل. لم تتم إزالة أي شيء.
phone-change-title-lost = هاتفك المفقود
phone-change-title-new = هاتفك الجديد
phone-change-title-alike = تطبيق واحد بدلًا من عدة تطبيقات
phone-change-lead-lost = بعد هذه الخطوات لن يتمكن أحد من تسجيل الدخول بما حدّدته.
phone-change-lead-new = افتح هذه الصفحة على الهاتف الجديد أو على كمبيوتر بجانبه. وما لا تنقله يظل صالحًا على الهاتف القديم.
phone-change-lead-alike = أعدّ تطبيقًا جديدًا واحدًا، ثم تُزال التطبيقات القديمة.
phone-change-moved = انتقل كل شيء إلى هاتفك الجديد.
phone-change-number = فقط إذا تغيّر رقمك
phone-change-step-new = إعداد طريقة تحقق جديدة
phone-change-step-old-lost = إزالة ما كان على الهاتف المفقود
phone-change-step-old-alike = إزالة التطبيقات القديمة
phone-change-step-code = الحصول على رمز استرداد جديد
phone-change-new-there = تم. الطريقة الجديدة تعمل.
phone-change-old-gone = تم. أُزيلت الطرق القديمة.
phone-change-old-waits = ستُزال بمجرد أن تعمل الطريقة الجديدة.
phone-change-old-stays = ستبقى إلى أن تعمل طريقة جديدة، لأنه لا شيء آخر يحمي حسابك.
phone-change-remove = إزالتها الآن
phone-change-code-text = ربما كان الرمز القديم على الهاتف أيضًا.
phone-change-code-new = تم. لم يعد الرمز القديم صالحًا.
phone-change-visits = انتهت جلساتك الأخرى في هذه الصفحة. ولم يؤدِّ ذلك إلى تسجيل خروجك من أي مكان آخر.
phone-change-end = الرجوع إلى قائمتي
phone-change-later = الرجوع إلى قائمتي
notice-phone-change-ended-title = عدت إلى قائمتك.
notice-phone-change-ended-text = يبقى ما أنجزته حتى الآن كما هو.
phone-change-under-way-lost = لم يكتمل بعد: هاتفك المفقود
phone-change-under-way-new = لم يكتمل بعد: هاتفك الجديد
phone-change-under-way-alike = لم يكتمل بعد: تطبيق واحد بدلًا من عدة تطبيقات
phone-change-go-on = متابعة
list-used-recovery-title = سجّلت الدخول برمز الاسترداد
list-used-recovery-text = هل فقدت هاتفك أم لديك هاتف جديد؟ سنرشدك في الخطوات التالية. احتفظ بالرمز الجديد الذي ظهر لك، فالرمز الذي استخدمته لم يعد صالحًا.
lost-phone-go-on = متابعة
lost-phone-guess = ألا تعرف أيّها كان عليه؟ لا تخمّن.
lost-phone-alike-title = ألا تعرف أي تطبيق هو المقصود؟
phone-change-lead-done = اكتمل كل شيء. لا يمكن لأحد تسجيل الدخول بما أُزيل.
phone-change-move = النقل إلى الهاتف الجديد
phone-change-stop = إيقاف هذه الخطوات
notice-phone-change-stopped-title = ما حدّدته ما زال موجودًا.
notice-phone-change-stopped-text = ما زال يمكن تسجيل الدخول به إلى أن تزيله.
phone-change-unfinished-lost = ما زالت هناك خطوة ناقصة لما حدّدته أو لما سيحلّ محله. تنتظرك الخطوات يومًا واحدًا.
phone-change-unfinished-new = ما لم تنقله يعمل على الهاتف القديم فقط. تنتظرك الخطوات يومًا واحدًا.
phone-change-unfinished-alike = تبقى التطبيقات القديمة إلى أن يعمل الجديد. تنتظرك الخطوات يومًا واحدًا.

## A notice of a change: the mail, and the page behind its link
mail-title-added = أُضيفت طريقة تحقق إلى حسابك
mail-title-removed = أُزيلت طريقة تحقق من حسابك
mail-title-renewed = أُنشئ رمز استرداد جديد لحسابك
mail-title-added-perhaps = ربما أُضيفت طريقة تحقق إلى حسابك
mail-title-removed-perhaps = ربما أُزيلت طريقة تحقق من حسابك
mail-title-renewed-perhaps = ربما أُنشئ رمز استرداد جديد لحسابك
mail-perhaps = منعنا خطأ من معرفة ذلك. تجد الجواب في قائمة طرق التحقق لديك.
mail-perhaps-renewed = منعنا خطأ من معرفة ذلك. إذا لم يعد الرمز الذي حفظته يعمل، فأنشئ رمزًا جديدًا.
mail-what = ما الذي تغيّر
mail-when = متى
mail-browser = المتصفح
mail-client = عنوان الإنترنت
mail-fine = إذا كان هذا التغيير منك، فلا حاجة إلى فعل أي شيء.
mail-not-me-text = إذا لم يكن هذا التغيير منك، فافتح هذه الصفحة. تعمل من دون تسجيل الدخول حتى { $date }.
mail-not-me = لم أُجرِ هذا التغيير
mail-former-text = كانت الرموز تُرسل إلى هذا العنوان حتى الآن. إذا لم يكن هذا التغيير منك، فسجّل الدخول وتراجع عن التغيير، أو تواصل مع فريق الدعم.
disavow-title = هل أجريت هذا التغيير؟
disavow-explain = إذا لم يكن منك، فاضغط على الزر. سينهي ذلك كل جلساتك في هذه الصفحات، فلا يمكن لأحد تغيير شيء آخر من دون تسجيل الدخول مرة أخرى.
disavow-fine = إذا كان منك، فأغلق هذه الصفحة. عرضها لم يغيّر شيئًا.
disavow-done-title = انتهت جلساتك هنا
disavow-done-text = لا يمكن لأحد الآن تغيير طرق التحقق الخاصة بك من دون تسجيل الدخول مرة أخرى.
disavow-next = ما العمل الآن
disavow-next-password = غيّر كلمة المرور التي تسجّل الدخول بها.
disavow-next-list = سجّل الدخول وأزل ما ليس لك، وأضف من جديد ما ينقص.
disavow-next-support = أخبر فريق الدعم بما حدث، حتى إذا أمكن التراجع عنه.
disavow-undo = تسجيل الدخول وعرض القائمة
replace-remove-lead = القديمة وحدها لن تكون صالحة لتسجيل الدخول. احذفها من الهاتف القديم، واحتفظ بالجديدة.
phone-change-new-hint = استخدم هاتفًا أو رقمًا موجودًا معك الآن.
