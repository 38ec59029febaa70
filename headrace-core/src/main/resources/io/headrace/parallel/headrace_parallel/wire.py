"""How coordinator and workers talk: messages of a JSON header and, after it, bytes.

Nothing in it assumes one machine: whatever a worker needs is in the message, or in its own copy of
the step's inputs.
"""
import json
import struct

_LENGTHS = struct.Struct("!II")


def send(sock, header, body=b""):
    text = json.dumps(header).encode("utf-8")
    sock.sendall(_LENGTHS.pack(len(text), len(body)) + text)
    if body:
        sock.sendall(body)


def receive(sock):
    """The next header and its bytes; None when the other side has gone."""
    lengths = _read(sock, _LENGTHS.size)
    if lengths is None:
        return None
    text_length, body_length = _LENGTHS.unpack(lengths)
    text = _read(sock, text_length)
    body = _read(sock, body_length)
    if text is None or body is None:
        return None
    return json.loads(text.decode("utf-8")), body


def _read(sock, length):
    parts = []
    while length > 0:
        try:
            part = sock.recv(min(length, 1 << 20))
        except OSError:
            return None
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
