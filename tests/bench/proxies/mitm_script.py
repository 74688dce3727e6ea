"""mitmproxy's addon with the gate's own rewriting: the equal task (`mitmdump -s`, MITM_SETTINGS names the file)."""

from __future__ import annotations

import os
from typing import Any

from mitmproxy import http  # type: ignore[import-not-found]

from cookiegate.opening import open_gate

GATE, _ = open_gate(os.environ["MITM_SETTINGS"])


def response(flow: http.HTTPFlow) -> None:
    request: dict[str, Any] = {
        "REQUEST_METHOD": flow.request.method,
        "PATH_INFO": flow.request.path.partition("?")[0],
        "QUERY_STRING": flow.request.path.partition("?")[2],
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }
    for name, value in flow.request.headers.items():
        request["HTTP_" + name.upper().replace("-", "_")] = value
    reply = GATE.open(request).reply(str(flow.response.status_code), list(flow.response.headers.items()))
    body = reply.feed(flow.response.raw_content, whole=True)
    flow.response.headers.clear()
    for name, value in reply.headers:
        flow.response.headers.add(name, value)
    flow.response.raw_content = body
