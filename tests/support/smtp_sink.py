"""A mail server for tests: keeps what it is sent in a folder, refuses when the address says so.

usage: smtp_sink.py FOLDER [--tls CERTIFICATE KEY] [--starttls CERTIFICATE KEY] [--login USER PASSWORD]

Listens on a free port of 127.0.0.1 and prints it as its first line; ends with its standard input.
Each message becomes FOLDER/<n>.eml (the bytes as received) and FOLDER/<n>.json (the envelope).
Addresses steer it: rcpt550@…, rcpt450@…, data554@…, data451@…, hang@… (answers nothing to RCPT).
"""
import argparse
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        name = address.split('@')[0]
        if name == 'rcpt550':
            return '550 5.1.1 no such mailbox'
        if name == 'rcpt450':
            return '450 4.2.1 mailbox busy'
        if name == 'hang':
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith('sender550'):
            return '550 5.7.1 sender refused'
        envelope.mail_from = address
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split('@')[0]
        if name == 'data554':
            return '554 5.7.1 refused as spam'
        if name == 'data451':
            return '451 4.3.0 try again later'
        self.count += 1
        stem = os.path.join(self.folder, str(self.count))
        with open(stem + '.eml', 'wb') as file:
            file.write(envelope.original_content)
        with open(stem + '.json', 'w', encoding='utf-8') as file:
            json.dump({'from': envelope.mail_from, 'to': envelope.rcpt_tos,
                       'hello': session.host_name, 'tls': server.transport.get_extra_info('sslcontext') is not None,
                       'login': bool(session.authenticated)}, file)
        return '250 OK'


def context(files):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*files)
    return made


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--tls', nargs=2)
    parser.add_argument('--starttls', nargs=2)
    parser.add_argument('--login', nargs=2)
    options = parser.parse_args()
    sink = Sink(options.folder)

    def check(server, session, envelope, mechanism, data):
        right = [data.login.decode(), data.password.decode()] == options.login
        return AuthResult(success=right, handled=False)

    def make():
        return SMTP(sink, enable_SMTPUTF8=True, auth_require_tls=False,
                    authenticator=check if options.login else None,
                    auth_required=bool(options.login),
                    tls_context=context(options.starttls) if options.starttls else None)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, '127.0.0.1', 0,
                                      ssl=context(options.tls) if options.tls else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
