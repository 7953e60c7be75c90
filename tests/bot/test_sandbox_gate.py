"""Who is let into the training room."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.gate import Gate


async def page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("the page")


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def client(password: str | None = None, *, loopback: bool = True, host: str = "127.0.0.1:8080") -> TestClient:
    app = Starlette(routes=[Route("/", page), Route("/healthz", page), WebSocketRoute("/talk", talk)])
    return TestClient(Gate(app, password, loopback=loopback), base_url=f"http://{host}", follow_redirects=False)


async def test_a_body_that_is_no_password_is_not_read_to_its_end() -> None:
    given = 0

    async def drops() -> dict[str, object]:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * 1024, "more_body": given < 10_000}

    async def answered(message: object) -> None:
        said.append(message)

    said: list[object] = []
    scope = {"type": "http", "method": "POST", "path": "/enter", "headers": [(b"host", b"a")], "query_string": b"", "scheme": "http"}
    await Gate(Starlette(), "open sesame", loopback=False)(scope, drops, answered)
    assert given < 10
    assert said[0]["status"] == 401  # type: ignore[index]


def test_on_this_machine_nothing_is_asked() -> None:
    assert client().get("/").text == "the page"
    assert client(host="localhost:8080").get("/").text == "the page"
    assert client(host="[::1]:8080").get("/").text == "the page"


def test_a_name_that_somebody_else_points_at_this_machine_is_refused() -> None:
    assert client(host="evil.example.org:8080").get("/").status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example.org", "http://127.0.0.1:9999", "null"])
def test_another_page_may_not_speak_for_the_person(origin: str) -> None:
    browser = client()
    assert browser.post("/", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/talk", headers={"origin": origin}):
        pass


def test_our_own_page_may_talk() -> None:
    with client().websocket_connect("ws://127.0.0.1:8080/talk", headers={"origin": "http://127.0.0.1:8080"}) as socket:
        assert socket.receive_text() == "hello"


def test_with_a_password_nobody_comes_in_without_it() -> None:
    browser = client("open sesame", loopback=False, host="training.example.org")
    asked = browser.get("/")
    assert (asked.status_code, "Password" in asked.text, "the page" in asked.text) == (401, True, False)
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("ws://training.example.org/talk"):
        pass
    assert browser.post("/enter", data={"password": "wrong"}).status_code == 401
    assert browser.get("/", headers={"cookie": "homeward-sandbox=wrong"}).status_code == 401
    assert browser.get("/healthz").status_code == 200


def test_with_the_password_the_page_opens_and_stays_open() -> None:
    browser = client("open sesame", loopback=False, host="training.example.org")
    entered = browser.post("/enter", data={"password": "open sesame"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "sesame" not in cookie
    assert browser.get("/").text == "the page"


def test_every_answer_says_what_the_browser_may_load() -> None:
    for answer in (client().get("/"), client("open sesame").get("/")):
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"
