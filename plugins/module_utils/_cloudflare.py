# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for Cloudflare's API, version 4: credentials, connections, retries, pages, changes.

It knows nothing of Ansible, and nothing of invites. ``Client`` is what others use.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import math
import os
import random
import re
import ssl
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

from ansible_collections.community.cloudflare.plugins.module_utils._answer import (
    TOO_MANY_REQUESTS,
    Answer,
    CloudflareError,
    json_type,
)
from ansible_collections.community.cloudflare.plugins.module_utils._pages import (
    LARGEST_PAGE_SIZE,
    MAX_ITEMS,
    MAX_PAGES,
    Listing,
    Page,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    ID_RULE,
    is_id,
    quoted,
)

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    REQUESTS_IMPORT_ERROR = None
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
    HTTPAdapter = object  # type: ignore[misc, assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import ThreadPoolExecutor
    from typing import Protocol

    class Clock(Protocol):
        """What the client waits by; the module ``time`` is one."""

        def monotonic(self) -> float:
            """Return seconds since some moment."""

        def sleep(self, seconds: float, /) -> None:
            """Wait."""

    Path = tuple[str, ...]
    # Tells whether an error concerns only what was to be read from this path.
    Tolerate = Callable[[Path, "CloudflareError"], bool]

Item = TypeVar("Item")
Result = TypeVar("Result")

VERSION = "1.0.0"
API_URL = "https://api.cloudflare.com/client/v4"
A_YEAR = 365 * 24 * 3600  # in seconds; whatever orders a longer wait, no clock has to count it

# No list of invites comes near it, so a larger body is not from Cloudflare.
LARGEST_BODY = 16 * 1024 * 1024

SHORTEST_SECRET = 8
MAX_PORT = 65_535
MAX_INTERIM_RESPONSES = 20

# Seconds before each read of an object that may lag behind: after a reported success, and after an
# error to a change that was sent again.
SUCCESS_READ_DELAYS = (0, 2, 5)
ERROR_READ_DELAYS = (0, 2)

# How a handshake ends that was cut off, and may succeed next time.
_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError)

_PROXY_URL = re.compile(
    r"([a-z0-9]+://)?([!\x22$-.0->@-Z^-~]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?/?",
    re.ASCII | re.IGNORECASE,
)
_API_URL = re.compile(r"https?://[^\s\\@?#/]+(/[^\s\\@?#]*)?")


@dataclass(frozen=True)
class Credentials:
    """An API token, or the pair of e-mail address and Global API Key.

    https://developers.cloudflare.com/fundamentals/api/get-started/

    :raises CloudflareError: if one of them cannot travel in a header. Form and length are not
        checked otherwise, as Cloudflare does not promise any.
    """

    api_token: str | None = field(default=None, repr=False)
    api_email: str | None = None
    api_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and not re.fullmatch(r"[!-~]+", value):
                raise CloudflareError(
                    f"{name} is malformed: it is empty, or has white space, control characters or "
                    "characters beyond ASCII. Often a line break came along from a file."
                )

    def masked(self, text: bytes) -> bytes:
        """Return a text without the secrets: who echoes a request must not make us print them."""
        if b"\\" in text:
            text = _unescaped(text)
        for secret in (self.api_token, self.api_key):
            # A secret shorter than this could be part of anything, and is none.
            if secret and len(secret) >= SHORTEST_SECRET:
                encoded = base64.b64encode(secret.encode()).decode()
                for form in (secret, json.dumps(secret)[1:-1], encoded):
                    text = text.replace(form.encode(), b"********")
        return text

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign a request. Set as ``auth`` of a session, this also keeps ~/.netrc unread."""
        if self.api_token is not None:
            request.headers["Authorization"] = f"Bearer {self.api_token}"
        else:
            request.headers["X-Auth-Email"] = self.api_email or ""
            request.headers["X-Auth-Key"] = self.api_key or ""
        return request


class _Waits:
    """Where requests wait: all of a client in a block, each for itself after a fault."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._block_ends = clock.monotonic()
        self._over = False

    def block(self, seconds: float) -> None:
        """Let all wait, as Cloudflare has told one of them to."""
        with self._lock:
            self._block_ends = max(self._block_ends, self._clock.monotonic() + seconds)

    def block_lasts(self) -> float:
        """Return the seconds until the block ends, or none."""
        return self._block_ends - self._clock.monotonic()

    def wait_for_block(self) -> None:
        """Return when no block is on."""
        while (seconds := self.block_lasts()) > 0:
            self._nap(seconds)

    def pause(self, seconds: float) -> None:
        """Return after this time."""
        until = self._clock.monotonic() + seconds
        while (rest := until - self._clock.monotonic()) > 0:
            self._nap(rest)

    def give_up(self) -> None:
        """Let nobody wait any more: the task has failed already, and should not hang."""
        self._over = True

    def _nap(self, seconds: float) -> None:
        self._clock.sleep(min(seconds, 1))
        if self._over:
            raise CloudflareError("The task has ended before this request.")


class _FinalResponse(http.client.HTTPResponse):
    """The response after all interim ones, of which http.client itself only skips 100."""

    def _read_status(self) -> tuple[str, int, str]:
        for _number in range(MAX_INTERIM_RESPONSES):
            version, status, reason = super()._read_status()  # type: ignore[misc] # not typed
            if not 100 < status < 200:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("there are too many interim responses")


class _SkipInterimResponses:
    """Mix-in for a connection, which then skips responses such as 103 Early Hints."""

    response_class = _FinalResponse


class _Adapter(HTTPAdapter):
    """An adapter whose connections skip interim responses."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        return self._skip_interim(super().get_connection_with_tls_context(*args, **kwargs))

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:  # before requests 2.32
        return self._skip_interim(super().get_connection(*args, **kwargs))

    @staticmethod
    def _skip_interim(pool: Any) -> Any:
        base = pool.ConnectionCls
        if not issubclass(base, _SkipInterimResponses):
            pool.ConnectionCls = type(base.__name__, (_SkipInterimResponses, base), {})
        return pool


class _NoAnswerError(CloudflareError):
    """No answer arrived; it may be better next time."""


class Client:
    """Requests to Cloudflare's API over connections that are kept alive.

    :param credentials: who asks.
    :param api_url: base URL: ``https://``, or ``http://`` for loopback.
    :param timeout: seconds to wait for a connection, then for an answer, then for its end.
    :param verify: whether to verify certificates, or the path of a bundle of trusted ones.
    :param retries: how often a request is repeated after a passing fault.
    :param max_wait: the longest wait in seconds that the server may order.
    :param max_connections: requests that are under way at the same time.
    :param clock: what waits are measured by; a test gives one that does not really wait.
    :ivar warnings: what a user should know although nothing failed.
    :raises CloudflareError: if the URL is not safe to send credentials to.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        api_url: str = API_URL,
        timeout: float = 30,
        verify: bool | str = True,
        retries: int = 5,
        max_wait: float = 300,
        max_connections: int = 20,
        clock: Clock = time,
    ) -> None:
        self.warnings: list[str] = []
        self._credentials = credentials
        self._api_url = _checked(api_url)
        _check_proxy(self._api_url)
        self._timeout = timeout
        self._verify = verify
        self._retry = Retry(total=retries, backoff_factor=0.5)
        self._max_wait = max_wait
        self._max_connections = max_connections
        self._waits = _Waits(clock)
        # requests does not promise that a Session is safe between threads, so each thread has its
        # own; what they share is the adapter with urllib3's pool of connections, which is.
        self._adapter = _Adapter(pool_maxsize=max_connections)
        self._threads = threading.local()
        self._executor: ThreadPoolExecutor | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._executor:
            self._waits.give_up()
            self._executor.shutdown(cancel_futures=True)
        self._adapter.close()

    # Objects

    def read(self, *path: str) -> dict[str, Any]:
        """Read one object; the last part of its path is its id.

        :raises CloudflareError: if it cannot be read, or the answer is about another object.
        """
        answer = self._send("GET", _address(path))
        result = answer.envelope().get("result")
        if not isinstance(result, dict):
            raise answer.error(f"the result is not an object but {json_type(result)}.")
        if result.get("id") != path[-1]:
            raise answer.error(f"the result is not about the id {quoted(path[-1])}.")
        return result

    def read_each(
        self,
        paths: Sequence[Path],
        tolerate: Tolerate = lambda _path, _error: False,
    ) -> list[dict[str, Any] | CloudflareError]:
        """Read several objects as ``read`` does one, many at a time.

        :param tolerate: tells which errors only concern the object that cannot be read.
        :returns: for each path, in their order, the object or the tolerated error.
        :raises CloudflareError: the first error that is not tolerated.
        """
        read = _tolerant(lambda path: self.read(*path), tolerate)
        return list(self.in_parallel(read, paths))

    def change(
        self, *path: str, before: Mapping[str, Any], wanted: Mapping[str, str]
    ) -> tuple[dict[str, Any], bool]:
        """Set fields of one object, and return the object that carries them.

        A change whose answer is lost is not repeated blindly: the object is read first, and the
        change is sent again only if the object still is as it was. It is never sent again after a
        success was reported: then the object is read until it has changed, as reads can lag behind.
        For the same reason, an error to a repeated change is believed only after a second read.

        :param path: where the object is; the last part is its id.
        :param before: the object as it was read.
        :param wanted: the fields to set.
        :returns: the object, and whether it was, or may have been, changed by this; if not, it came
            to carry the fields by somebody else.
        :raises CloudflareError: if the object does not carry the fields in the end;
            ``may_have_changed`` tells whether it may have been changed all the same.
        """
        address = _address(path)
        carrying = {"id": path[-1], **wanted}
        as_before = {name: before.get(name) for name in wanted}
        retry = self._retry
        lost = False
        while True:
            failure = None
            delays: Sequence[float] = (0,)
            try:
                result = self._send("PATCH", address, body=wanted).envelope().get("result")
                if isinstance(result, dict) and _carries(result, carrying):
                    return result, True
                delays = SUCCESS_READ_DELAYS
                lost = True
            except CloudflareError as error:
                failure = error
                if lost and error.refused:
                    delays = ERROR_READ_DELAYS
                lost = lost or not error.refused
                if failure.http_status == TOO_MANY_REQUESTS and not lost:
                    raise
            try:
                found = self._read_until_changed(path, as_before, delays)
            except CloudflareError as error:
                raise _unmade(failure or error, lost, "It could not be read again.") from None
            if _carries(found, carrying):
                # Not so if this was refused: then somebody else has done it. A failure that came
                # with HTTP 200 is less certain than that.
                return found, lost or failure is None or (failure.http_status or 0) < 400
            if failure is not None:
                failure.current = found
            seen = ", ".join(f"{name} is {quoted(found.get(name))}" for name in wanted)
            seen = f"When read again, {seen}."
            if failure is None:
                failure = CloudflareError(f"PATCH {address}: Cloudflare reported success.")
                raise _unmade(failure, lost, seen)
            if failure.refused or not _carries(found, as_before):
                raise _unmade(failure, lost, seen)
            try:
                retry, seconds = self._next_try(retry, failure)
            except CloudflareError as error:
                raise _unmade(error, lost, seen) from None
            self._waits.pause(seconds)

    def _read_until_changed(
        self, path: Path, original: Mapping[str, Any], delays: Sequence[float]
    ) -> dict[str, Any]:
        """Read an object after each of the delays until its fields differ from the original ones.

        :raises CloudflareError: if it cannot be read.
        """
        current: dict[str, Any] = {}
        for delay in delays:
            self._waits.pause(delay)
            current = self.read(*path)
            if not _carries(current, original):
                break
        return current

    # Lists

    def read_list(
        self, *path: str, must_be_whole: bool = False, **query: str
    ) -> list[dict[str, Any]]:
        """Read a list with all of its pages.

        No item is returned twice. An incomplete list is read once more, without the filter: the
        total of a filtered list may be that of the unfiltered list, and then only the unfiltered
        list shows whether an item is missing.

        :param path: where the list is.
        :param query: filter, such as ``status``. It only saves pages: the result can have other
            items, too, so filter it again.
        :param must_be_whole: what to do if it still is doubtful: raise an error, as nothing should
            be decided by such a list; or return all that was seen, and say so in ``warnings``.
        :raises CloudflareError: if the list cannot be read.
        """
        [found] = self.read_lists([path], query=query, must_be_whole=must_be_whole)
        if isinstance(found, CloudflareError):
            raise found
        return found

    def read_lists(
        self,
        paths: Sequence[Path],
        tolerate: Tolerate = lambda _path, _error: False,
        *,
        query: Mapping[str, str] | None = None,
        must_be_whole: bool = False,
    ) -> list[list[dict[str, Any]] | CloudflareError]:
        """Read several lists as ``read_list`` does one, many pages at a time.

        :param tolerate: tells which errors only concern the list that cannot be read.
        :returns: for each path, in their order, the items of the list or the tolerated error.
        :raises CloudflareError: the first error that is not tolerated.
        """
        found = self._read(paths, query or {}, tolerate)
        torn = [
            number for number, one in enumerate(found) if isinstance(one, Listing) and one.doubt
        ]
        again = self._read([paths[number] for number in torn], {}, tolerate)
        for number, second in zip(torn, again):
            first = found[number]
            if isinstance(first, Listing) and isinstance(second, Listing) and second.doubt:
                second.items = {**first.items, **second.items}
                warning = (
                    f"GET {_address(paths[number])}: the list is not whole: {second.doubt}. It "
                    "seems to change while it is read: run the task again."
                )
                if must_be_whole:
                    raise CloudflareError(warning)
                self.warnings.append(warning)
            found[number] = second
        return [list(one.items.values()) if isinstance(one, Listing) else one for one in found]

    def _read(
        self, paths: Sequence[Path], query: Mapping[str, str], tolerate: Tolerate
    ) -> list[Listing | CloudflareError]:
        """Read in rounds: the first page of each list, then all pages that this makes known."""
        found: list[Listing | CloudflareError] = [
            Listing(is_filtered=bool(query)) for _path in paths
        ]

        def read_page(place: tuple[int, int]) -> Page | CloudflareError:
            number, page = place
            read = _tolerant(lambda path: self._read_page(_address(path), query, page), tolerate)
            return read(paths[number])

        while places := [
            (number, page)
            for number, listing in enumerate(found)
            if isinstance(listing, Listing)
            for page in listing.next_pages()
        ]:
            try:
                for (number, _page), page in zip(places, self.in_parallel(read_page, places)):
                    listing = found[number]
                    if isinstance(page, CloudflareError):
                        found[number] = page
                    elif isinstance(listing, Listing):
                        listing.add(page)
                        if listing.is_too_long:
                            raise CloudflareError(
                                f"GET {_address(paths[number])}: the list does not end within "
                                f"{MAX_PAGES:,} pages and {MAX_ITEMS:,} items. Check api_url."
                            )
            except CloudflareError as error:
                done = sum(len(one.items) for one in found if isinstance(one, Listing))
                if done:
                    error.message += f" Before that, {done} items had been read."
                raise
        return found

    def _read_page(self, address: str, query: Mapping[str, str], number: int) -> Page:
        page = {"page": str(number), "per_page": str(LARGEST_PAGE_SIZE)}
        answer = self._send("GET", address, query={**query, **page})
        envelope = answer.envelope()
        if "result" not in envelope:
            raise answer.error("the answer has no result.")
        # The published schema allows null for an empty list.
        items = [] if envelope["result"] is None else envelope["result"]
        if not isinstance(items, list):
            raise answer.error(f"the result is not a list but {json_type(items)}.")
        for item in items:
            if not isinstance(item, dict):
                raise answer.error(f"the result lists not only objects but {json_type(item)}.")
        return Page.of(items, envelope.get("result_info"))

    def in_parallel(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterable[Result]:
        """Call a function for each item, as many at a time as there may be connections.

        :returns: the results, in the order of the items.
        """
        if len(items) == 1:
            return [function(items[0])]
        if self._executor is None:
            # Imported late: most tasks need one request, and should not pay for more.
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(self._max_connections)
        return self._executor.map(function, items)

    # Requests

    def _send(
        self,
        method: str,
        address: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request until there is an answer that is not a passing fault.

        Only a read is repeated after such a fault. A 429 says that nothing was done: whatever it
        answers is repeated, after a wait in which this client sends nothing at all.
        """
        retry = self._retry
        while True:
            self._wait_for_block(f"{method} {address}")
            try:
                answer = self._exchange(method, address, query, body)
            except _NoAnswerError as error:
                failure: CloudflareError = error
            else:
                if not answer.is_passing_fault:
                    return answer
                failure = answer.failure()
            is_blocked = failure.http_status == TOO_MANY_REQUESTS
            if is_blocked:
                # Even if it is too long to be waited for: no other request shall run into it.
                self._waits.block(1 if failure.retry_after is None else failure.retry_after)
            elif method != "GET":
                raise failure
            retry, seconds = self._next_try(retry, failure)
            self._waits.pause(seconds)

    def _wait_for_block(self, request: str) -> None:
        """Return when no block is on.

        :raises CloudflareError: if it is longer than may be waited for.
        """
        seconds = math.ceil(self._waits.block_lasts())
        if seconds > self._max_wait:
            raise CloudflareError(
                f"{request}: not sent, as Cloudflare has told another request to wait. Come back "
                f"in {seconds} seconds.",
                http_status=TOO_MANY_REQUESTS,
                retry_after=seconds,
                refused=True,
            )
        self._waits.wait_for_block()

    def _next_try(self, retry: Retry, failure: CloudflareError) -> tuple[Retry, float]:
        """Return the tries that are left, and the seconds to wait before the next.

        :raises CloudflareError: the failure, if there shall be no other try.
        """
        if (failure.retry_after or 0) > self._max_wait:
            failure.message += (
                f" Come back in {failure.retry_after} seconds, or allow the task to wait that long "
                f"by max_wait, which is {self._max_wait:g}."
            )
            raise failure
        try:
            retry = retry.increment()
        except urllib3.exceptions.MaxRetryError:
            failure.message += f" This was try {len(retry.history) + 1}, the last one."
            raise failure from None
        # Jitter keeps many hosts from coming back in one moment; nothing secret hangs on it.
        backoff = retry.get_backoff_time() * random.uniform(0.5, 1)  # noqa: S311
        return retry, max(failure.retry_after or 0, backoff)

    def _exchange(
        self,
        method: str,
        address: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, str] | None,
    ) -> Answer:
        """Send one request, once, and read its answer to the end.

        :raises _NoAnswerError: if there is none, but may be next time.
        :raises CloudflareError: if there cannot be one.
        """
        request = f"{method} {address}"
        try:
            with self._session.request(
                method,
                self._api_url + address,
                params=query,
                json=body,
                timeout=self._timeout,
                verify=self._verify,
                # requests would carry X-Auth-Key to wherever it is sent.
                allow_redirects=False,
                stream=True,
            ) as response:
                masked = self._credentials.masked
                told = [
                    masked(response.headers.get(name, "").encode()).decode()
                    for name in ("CF-Ray", "Location")
                ]
                return Answer(
                    request,
                    response.status_code,
                    body=masked(_read_body(response, time.monotonic() + self._timeout)),
                    ray_id=told[0] or None,
                    location=told[1],
                    retry_after=_retry_after(response.headers),
                    may_be_cut=_may_be_cut(response.headers),
                )
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise _NoAnswerError(
                f"{request}: no answer within {self._timeout:g} seconds."
            ) from None
        except (
            requests.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            cause = _cause(error)
            if isinstance(cause, ssl.SSLError) and not isinstance(cause, _CUT_OFF):
                now = f", which is {quoted(self._verify)}" if self._verify is not True else ""
                raise CloudflareError(
                    f"{request}: the server's certificate is not to be trusted, or cannot be "
                    f"verified: {quoted(cause)}. If a proxy or an authority of your own signs "
                    f"here, name its certificate in ca_path{now}."
                ) from None
            raise _NoAnswerError(f"{request}: the connection failed: {quoted(cause)}.") from None
        except (OSError, ValueError) as error:  # such as certificates that are not there
            raise CloudflareError(f"{request}: failed: {quoted(_cause(error))}.") from None
        except Exception as error:
            # The text of an unexpected error could quote anything, such as the URL of a proxy.
            raise CloudflareError(
                f"{request}: failed with an unexpected {type(error).__name__}. Check the proxy "
                "variables of the environment, and the versions of requests and urllib3."
            ) from None

    @property
    def _session(self) -> requests.Session:
        """The session of this thread."""
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.auth = self._credentials
            # Plain http stays on this machine, so it must not pass a proxy of the environment.
            session.trust_env = self._api_url.startswith("https:")
            session.headers["User-Agent"] = f"ansible-collection/community.cloudflare/{VERSION}"
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
        return session


def _checked(api_url: str) -> str:
    """Return the base URL without a slash at its end.

    :raises CloudflareError: if credentials could leak through this URL.
    """
    if not _API_URL.fullmatch(api_url) or not api_url.isascii() or not api_url.isprintable():
        # What stands before an @, or after a question mark, may be a password.
        shown = quoted(api_url.rpartition("@")[2].partition("?")[0])
        raise CloudflareError(
            f"api_url is not a base URL: {shown}. Give https://, a host and a path, without user, "
            f"query or fragment, as in {API_URL}."
        )
    if api_url.startswith("http:") and not _is_loopback(api_url):
        raise CloudflareError(
            f"api_url is {quoted(api_url)}, and plain http would show the credentials to the "
            "network. Use https://; http:// is only for this machine itself."
        )
    return api_url.rstrip("/")


def _check_proxy(url: str) -> None:
    """Check the proxy that the environment sets for a URL, before anything can quote it.

    :raises CloudflareError: if it is not a URL; without its value, which can have a password.
    """
    if not url.startswith("https:"):
        return
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    if not proxy:
        return
    match = _PROXY_URL.fullmatch(proxy)
    if (
        not match
        or not (proxy.isascii() and proxy.isprintable())
        or int(match["port"] or 0) > MAX_PORT
    ):
        names = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        name = next((name for name in names if os.environ.get(name) == proxy), None)
        raise CloudflareError(
            f"{name or 'The proxy of this system'} is not a valid proxy URL. Use "
            "http://user:password@host:port, and percent-encode special characters in the user "
            f"and the password, such as %23 for #. The port is at most {MAX_PORT}."
        )


def _tolerant(
    read: Callable[[Path], Result], tolerate: Tolerate
) -> Callable[[Path], Result | CloudflareError]:
    """Return the function with those of its errors returned that are tolerated."""

    def read_or_error(path: Path) -> Result | CloudflareError:
        try:
            return read(path)
        except CloudflareError as error:
            if tolerate(path, error):
                return error
            raise

    return read_or_error


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(path: Iterable[str]) -> str:
    """Return the path of a URL, below the base URL.

    :raises CloudflareError: if a part is neither an id nor a word of the API.
    """
    parts = list(path)
    for part in parts:
        if not is_id(part):
            raise CloudflareError(f"{quoted(part)} is not an id of Cloudflare: {ID_RULE}.")
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _read_body(response: requests.Response, deadline: float) -> bytes:
    """Read an answer as it comes in, but not for ever and not without end."""
    raw = response.raw
    # urllib3 before 2.0 takes a body that was cut off for the whole, unless told so.
    raw.enforce_content_length = True
    # urllib3 before 2.1 has no read1, and waits until it has as much as is asked for.
    read, size = (raw.read1, 64 * 1024) if hasattr(raw, "read1") else (raw.read, 1024)
    body = bytearray()
    while chunk := read(size, decode_content=True):
        body += chunk
        if len(body) > LARGEST_BODY:
            raise requests.exceptions.RequestException(
                f"the answer has more than {LARGEST_BODY} bytes, so it is not from Cloudflare"
            )
        if time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(body)


def _may_be_cut(headers: Mapping[str, str]) -> bool:
    """Tell whether the end of a body can be missing unnoticed.

    A body without a length ends with the connection; a compressed one can have been cut before.
    """
    if headers.get("Content-Encoding", "identity") != "identity":
        return True
    return "Content-Length" not in headers and "Transfer-Encoding" not in headers


def _retry_after(headers: Mapping[str, str]) -> int | None:
    """Return the seconds to wait that ``Retry-After`` orders: up to 300, Cloudflare says.

    https://developers.cloudflare.com/fundamentals/api/reference/limits/
    """
    try:
        told = headers["Retry-After"].strip()
        # urllib3, which also reads dates, cuts off what is longer than some hours.
        if told.isdecimal():
            return min(int(told), A_YEAR)
        return int(Retry().parse_retry_after(told))
    except (KeyError, ValueError, OverflowError, urllib3.exceptions.HTTPError):
        return None


def _unescaped(text: bytes) -> bytes:
    """Return JSON without escapes that could hide something; what is no JSON as it is.

    Half a character, which only an escape can be, is no text that anybody could print: it becomes
    the replacement character.
    """
    try:
        plain = json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
    return plain.encode(errors="surrogatepass").decode(errors="replace").encode()


def _cause(error: BaseException) -> BaseException:
    """Return what was at the bottom of it; what is wrapped around names pools and objects."""
    causes = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)
    while isinstance(error.__context__, causes):
        error = error.__context__
    return error


def _carries(found: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    return all(found.get(name) == value for name, value in fields.items())


def _unmade(failure: CloudflareError, lost: bool, seen: str) -> CloudflareError:
    """Say of a change that was not seen to be made what is known of it."""
    failure.may_have_changed = lost
    failure.message += f" {seen}"
    if lost:
        failure.message += (
            " Whether the change was made, or still will be, is not known. Run the task again: it "
            "finds out, and does what is left to do."
        )
    return failure
