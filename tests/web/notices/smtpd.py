"""A real mail server (aiosmtpd), whose mails another parser than ours reads (Python's email).

Arguments: the address to listen on, `plain`, `starttls` or `tls`, and then the files of the certificate and its key, and
user and password. It says on standard output, one JSON object a line: its port, each mail that it holds, and each that it
has taken. Each line of standard input is the fate of a mail to come:

    recipient STATUS   its recipient is refused
    content STATUS     it is refused when it is there whole
    delay SECONDS      the answer to it comes late
    hold               there is no answer at all
    die                it is taken, and the connection is cut in place of an answer
"""

import asyncio
import json
import ssl
import sys
from collections import deque
from email import message_from_bytes
from email.policy import SMTP as POLICY

from aiosmtpd.smtp import SMTP, AuthResult

fates = deque()


def say(**said):
    print(json.dumps(said), flush=True)


def fate(kind):
    """The argument of the next fate, if it is of this kind."""
    if fates and fates[0][0] == kind:
        return fates.popleft()[1:]
    return None


def read(envelope, session, server, is_taken):
    mail = message_from_bytes(envelope.content, policy=POLICY)
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    say(
        taken=is_taken,
        sender=envelope.mail_from,
        to=envelope.rcpt_tos[0],
        headers={name.lower(): str(value) for name, value in mail.items()},
        type=mail.get_content_type(),
        text=parts.get("text/plain", ""),
        html=parts.get("text/html", ""),
        defects=[str(defect) for part in mail.walk() for defect in part.defects],
        tls=server.transport.get_extra_info("ssl_object") is not None,
        user=session.auth_data.decode() if session.auth_data else None,
        hello=session.host_name,
    )


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if status := fate("recipient"):
            return f"{status[0]} not for {address}"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        if status := fate("content"):
            return f"{status[0]} not this one to {envelope.rcpt_tos[0]}"
        if fate("hold") is not None:
            read(envelope, session, server, False)
            await asyncio.Event().wait()
        if seconds := fate("delay"):
            await asyncio.sleep(float(seconds[0]))
        read(envelope, session, server, True)
        if fate("die") is not None:
            server.transport.abort()
        return "250 taken"


async def main(host, mode, certificate=None, key=None, user=None, password=None):
    context = None
    if mode != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, data):
        is_right = (data.login.decode(), data.password.decode()) == (user, password)
        return AuthResult(success=is_right, handled=False, auth_data=data.login)

    def smtp():
        return SMTP(
            Handler(),
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=context if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            auth_required=user is not None,
            auth_require_tls=mode == "starttls",
            authenticator=authenticate,
            loop=loop,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(smtp, host, 0, ssl=context if mode == "tls" else None)
    say(port=server.sockets[0].getsockname()[1])
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    # The test ends with its input.
    while line := await orders.readline():
        fates.append(line.decode().split())
        say(noted=len(fates))


asyncio.run(main(*sys.argv[1:]))
