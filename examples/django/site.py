"""An account page in Django with mfa-portal inside it: python site.py runserver, then open http://127.0.0.1:8000."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import execute_from_command_line
from django.shortcuts import render
from django.urls import path

MFA_PORTAL = os.environ.get("MFA_PORTAL", "https://mfa.example.com/")
ORIGIN = MFA_PORTAL.rstrip("/")

settings.configure(
    ALLOWED_HOSTS=["*"],  # of this example
    ROOT_URLCONF=__name__,
    SECRET_KEY="of this example",
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }],
)


def account(request):
    page = render(request, "account.html", {"mfa_portal": MFA_PORTAL})
    page["Content-Security-Policy"] = f"default-src 'none'; script-src {ORIGIN}; frame-src {ORIGIN}"
    return page


urlpatterns = [path("", account)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
