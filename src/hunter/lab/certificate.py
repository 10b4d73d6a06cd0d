"""A certificate that the lab signs itself, made at start: for loopback addresses and names under `.example`."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NAMES: Final = ("localhost", "rdap.example", "login.example")
_ADDRESSES: Final = ("127.0.0.1", "::1")
_DAYS: Final = 2


def server_context(names: Sequence[str] = _NAMES) -> tuple[ssl.SSLContext, str]:
    """Return what a server needs to speak TLS, and the certificate as PEM text, for clients that are to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, names)
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The library reads keys from files only; the folder is gone before anybody connects.
    with TemporaryDirectory() as folder:
        path = Path(folder, "lab.pem")
        path.touch(mode=0o600)
        path.write_bytes(private + pem)
        context.load_cert_chain(path)
    return context, pem.decode("ascii")


def client_context(pem: str) -> ssl.SSLContext:
    """Return what a client needs to trust the lab's certificate and no other."""
    return ssl.create_default_context(cadata=pem)


def _certificate(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hunter lab")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(one) for one in names]
    alternatives += [x509.IPAddress(ip_address(one)) for one in _ADDRESSES]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
