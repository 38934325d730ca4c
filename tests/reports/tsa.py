"""A timestamp service on this machine (RFC 3161) that can also be wrong in the ways such services are."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ExtendedKeyUsage
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper

from tests.reports.certify import a_certificate


def _service(at: datetime) -> DummyTimeStamper:
    key = generate_private_key(65537, 2048)
    uses = ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    certificate = x509.Certificate.load(a_certificate(key, "Clock", extensions=(uses,)).public_bytes(Encoding.DER))
    private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return DummyTimeStamper(certificate, private, fixed_dt=at)


@contextmanager
def a_timestamp_service(at: datetime, fault: str = "") -> Iterator[str]:
    """Serve at the address returned; `fault` is one of other, nonce, garbage, status, kind and refused."""
    stamper = _service(at)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if fault == "status" else 200)
            self.send_header(
                "Content-Type", "text/html" if fault in ("kind", "status") else "application/timestamp-reply"
            )
            self.end_headers()
            self.wfile.write(_answer(stamper, asked, fault))

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _answer(stamper: DummyTimeStamper, asked: tsp.TimeStampReq, fault: str) -> bytes:
    if fault == "garbage":
        return b"0\x03\x02\x01"
    if fault == "refused":
        return bytes.fromhex("30053003020102")  # PKIStatus: rejection
    if fault == "other":
        asked["message_imprint"]["hashed_message"] = b"\0" * 32
    if fault == "nonce":
        asked["nonce"] = 1
    return bytes(asyncio.run(stamper.async_request_tsa_response(asked)).dump())
