"""A site with django-allauth's own pages for second factors, with the settings of its quick start. `python peer.py N` makes
its database with N people, who have an authenticator app and recovery codes, and prints the cookie of a session of each."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

FOLDER = Path(os.environ["PEER_FOLDER"])

settings.configure(
    SECRET_KEY="a secret of the benchmark, for cookies and sessions",
    ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    ROOT_URLCONF="peer",
    DATABASES={"default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "peer.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"},
    }},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "allauth.mfa",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    MFA_SUPPORTED_TYPES=["totp", "recovery_codes"],
)
django.setup()

# Django must be set up first.
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("accounts/", include("allauth.urls"))]
application = get_wsgi_application()


def prepare(people: int) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    for number in range(people):
        person = get_user_model().objects.create_user(f"person{number}", f"person.{number}@load.example")
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        print(f"sessionid={client.cookies['sessionid'].value}")


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
