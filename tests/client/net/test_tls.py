"""Nothing leaves a desk but under a proven certificate, and nothing switches that off (TRUST D-46)."""

from __future__ import annotations

import ast
import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from client.net.link import Link, Offline, Unprotected
from common.kit.sync import SignIn
from tests.architecture.sources import PROGRAMS, Module, modules

ENTRY = SignIn(login="ivanova", password="секрет-который-не-уходит", computer="ПК")
UNDOING = {"CERT_NONE", "_create_unverified_context", "_create_stdlib_context", "disable_warnings"}


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)  # noqa: TID251  certificates are judged by the machine's clock


def name_of(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Authority:
    """A root of our own, which a desk trusts only where it is told to."""

    place: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> str:
        return str(self.place / "root.pem")

    def issue(self, host: str, *, days: int) -> str:
        """A file with the key and the certificate of that host; with negative days it has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [
            x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        ]
        made = (
            x509.CertificateBuilder()
            .subject_name(name_of(host))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - dt.timedelta(days=400))
            .not_valid_after(now() + dt.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        path = self.place / f"{host}{days}.pem"
        path.write_bytes(pem(key) + made.public_bytes(serialization.Encoding.PEM))
        return str(path)


def pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    place, key = tmp_path_factory.mktemp("roots"), ec.generate_private_key(ec.SECP256R1())
    root = name_of("root of the tests")
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(root)
        .issuer_name(root)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - dt.timedelta(days=500))
        .not_valid_after(now() + dt.timedelta(days=500))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    (place / "root.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(place, key, made)


class Listening(HTTPServer):
    """Remembers whatever came through."""

    bodies: list[bytes]

    def handle_error(self, request: object, client_address: object) -> None:
        """A desk that hangs up is no fault."""


class Handler(BaseHTTPRequestHandler):
    server: Listening

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(500)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests keep quiet."""


@pytest.fixture
def listening() -> Iterator[Listening]:
    made = Listening(("127.0.0.1", 0), Handler)
    made.bodies = []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def under(listening: Listening, file: str) -> str:
    """The server speaks TLS with this certificate; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    return f"https://127.0.0.1:{listening.server_port}"


def test_a_certificate_that_is_right_lets_the_request_through(
    listening: Listening, authority: Authority
) -> None:
    """Else the tests beside this one would prove nothing."""
    link = Link(under(listening, authority.issue("127.0.0.1", days=30)))
    link.session.verify = authority.file
    with pytest.raises(Offline):
        link.sign_in(ENTRY)
    link.close()
    assert len(listening.bodies) == 1


@pytest.mark.parametrize(
    ("host", "days", "roots"),
    [("127.0.0.1", 30, "usual"), ("127.0.0.1", -1, "ours"), ("epo.example.org", 30, "ours")],
    ids=["self_signed", "expired", "wrong_host"],
)
def test_nothing_is_sent_to_one_who_cannot_prove_himself(
    listening: Listening, authority: Authority, monkeypatch: pytest.MonkeyPatch,
    host: str, days: int, roots: str,
) -> None:  # fmt: skip
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, authority.file)  # what the environment says counts for nothing
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    link = Link(under(listening, authority.issue(host, days=days)))
    if roots == "ours":
        link.session.verify = authority.file
    with pytest.raises(Offline):
        link.sign_in(ENTRY)
    assert not link.answers(2.0)
    link.close()
    assert listening.bodies == []


@pytest.mark.parametrize(
    "address",
    [
        "http://epo.example.org",
        "http://10.0.0.7:8090",
        "http://127.0.0.1@epo.example.org",
        "http://127.0.0.1.example.org",
        "http://epo.example.org\\@127.0.0.1",
        "HTTP://EPO.example.org",
        "http://[2001:db8::1]",
    ],
)
def test_nothing_is_sent_in_clear_to_another_computer(address: str) -> None:
    """The tests' own wall refuses other hosts with another error: that the request stays here is ours."""
    link = Link(address)
    with pytest.raises(Unprotected, match="https://"):
        link.sign_in(ENTRY)
    assert not link.answers(2.0)
    link.close()


def test_a_redirect_leads_nowhere(listening: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    def lead(self: Handler) -> None:
        self.send_response(307)
        self.send_header("Location", "http://epo.example.org/api/sign-in")
        self.end_headers()

    monkeypatch.setattr(Handler, "do_POST", lead)
    link = Link(f"http://127.0.0.1:{listening.server_port}")
    with pytest.raises(Offline):
        link.sign_in(ENTRY)
    link.close()


def undone(module: Module) -> Iterator[str]:
    """Places where the proof of a certificate would be switched off or its roots chosen."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in UNDOING:
                bad = True
            case ast.Attribute(attr="verify" | "check_hostname", ctx=ast.Store()):
                bad = True
            case ast.keyword(arg="verify"):
                bad = True
            case _:
                bad = False
        if bad:
            yield f"{module.name}:{getattr(node, 'lineno', 0)}"


def test_no_line_of_the_programs_switches_the_proof_off() -> None:
    ours = modules(*PROGRAMS, "installers")
    assert len(ours) > 200
    assert [place for module in ours for place in undone(module)] == []


@pytest.mark.parametrize(
    "bad",
    [
        "session.get(url, verify=False)",
        "session.verify = False",
        "context.check_hostname = False",
        "context = ssl._create_unverified_context()",
        "context.verify_mode = ssl.CERT_NONE",
    ],
)
def test_a_line_that_does_is_found(bad: str) -> None:
    assert [*undone(Module("client/x.py", bad))]
