# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client of the Cloudflare API, version 4: connections, retries, lists, and updates."""

from __future__ import annotations

import http.client
import ipaddress
import math
import os
import random
import re
import ssl
import threading
import time
import traceback
import urllib.parse
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from ansible_collections.community.cloudflare.plugins.module_utils._api.errors import (
    CloudflareError,
    RateLimitError,
    TransportError,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.pagination import (
    MAX_ITEMS,
    MAX_PAGES,
    MAX_PER_PAGE,
    Page,
    Paginator,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.rate_limit import (
    RateLimiter,
)
from ansible_collections.community.cloudflare.plugins.module_utils._api.response import (
    Response,
    json_type_name,
)
from ansible_collections.community.cloudflare.plugins.module_utils._text import (
    ID_FORMAT,
    is_valid_id,
    quote,
)
from ansible_collections.community.cloudflare.plugins.module_utils._version import VERSION

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

    from ansible_collections.community.cloudflare.plugins.module_utils._api.auth import (
        CloudflareAuth,
    )
    from ansible_collections.community.cloudflare.plugins.module_utils._api.rate_limit import Clock

    PathSegments = tuple[str, ...]
    # Tells whether an error is returned instead of raised, as it concerns one path only.
    ErrorFilter = Callable[[CloudflareError], bool]

T = TypeVar("T")
R = TypeVar("R")

# A list that is linked by cursors and is longer is not Cloudflare's, or has no end.
MAX_CURSOR_PAGES = 500
DEFAULT_API_URL = "https://api.cloudflare.com/client/v4"

MAX_RETRY_AFTER = 365 * 24 * 3600  # seconds; a larger number could overflow
MAX_RESPONSE_BYTES = 16 * 1024 * 1024  # no page of a list is nearly as large
MAX_INTERIM_RESPONSES = 20
MAX_PORT = 65_535

# Seconds before each read of an object that may lag behind: after a reported success, and after an
# error to an update that was sent again.
SUCCESS_READ_DELAYS = (0, 2, 5)
ERROR_READ_DELAYS = (0, 2)

# A handshake that was cut off can succeed next time; any other TLS error is final.
_RETRYABLE_SSL_ERRORS = (ssl.SSLEOFError, ssl.SSLZeroReturnError)

_BASE_URL_PATTERN = re.compile(r"https?://[^\s\\@?#/]+(/[^\s\\@?#]*)?")
_PROXY_URL_PATTERN = re.compile(
    r"([a-z0-9]+://)?([!\x22$-.0->@-Z^-~]*@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?/?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class ListResult:
    """The items of a list.

    :ivar incomplete: a sentence that says that items are missing, and why; or None.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    incomplete: str | None = None


@dataclass(frozen=True)
class ManyResult(Generic[T]):
    """What was read from several paths, each of which is in one of the two.

    :ivar results: what was read, in the order of the paths.
    :ivar errors: why the others could not be read.
    """

    results: dict[PathSegments, T]
    errors: dict[PathSegments, CloudflareError]


@dataclass(frozen=True)
class UpdateResult:
    """An object after an update.

    :ivar changed: whether this update has changed it, or may have. If not, another client has made
        the same change at the same time.
    """

    object: dict[str, Any]
    changed: bool


@dataclass(frozen=True)
class GuardedResult:
    """What came of a guarded request.

    :ivar current: the object as it was read last; None if it is gone.
    :ivar sent: whether the last request was sent after this read, and succeeded.
    :ivar changed: whether a request has changed the object, or may have.
    """

    current: dict[str, Any] | None
    sent: bool
    changed: bool


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


class Client:
    """Client of the Cloudflare API, over connections that are kept alive.

    :param auth: adds the credentials to each request.
    :param api_url: base URL: ``https://``, or ``http://`` for loopback.
    :param timeout: timeout in seconds for connecting and for each response.
    :param verify: whether to verify certificates, or the path of a bundle of trusted ones.
    :param retries: maximum number of retries after a transient error.
    :param max_wait: maximum time in seconds to wait when Cloudflare limits the request rate.
    :param max_connections: maximum number of parallel requests.
    :param clock: measures waits; tests use one that does not really wait.
    :raises CloudflareError: if the URL is not safe to send credentials to, or if the proxy of the
        environment is not valid.
    """

    def __init__(
        self,
        auth: CloudflareAuth,
        *,
        api_url: str = DEFAULT_API_URL,
        timeout: float = 30,
        verify: bool | str = True,
        retries: int = 5,
        max_wait: float = 300,
        max_connections: int = 20,
        clock: Clock = time,
    ) -> None:
        self._auth = auth
        self._api_url = _validate_base_url(api_url)
        self._peer = _find_peer(self._api_url)
        self._timeout = timeout
        self._verify = verify
        self._retry_policy = Retry(total=retries, backoff_factor=0.5)
        self._max_wait = max_wait
        self._max_connections = max_connections
        self._rate_limiter = RateLimiter(clock)
        # requests does not guarantee that a Session is safe between threads, so each thread has its
        # own. They share the adapter with urllib3's pool of connections, which is safe.
        self._adapter = _Adapter(pool_maxsize=max_connections)
        self._thread_local = threading.local()
        self._thread_pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._thread_pool:
            self._rate_limiter.cancel()
            self._thread_pool.shutdown(cancel_futures=True)
        self._adapter.close()

    # Objects

    def get(self, *path: str) -> dict[str, Any]:
        """Read one object. The last segment of the path is its ID.

        :raises CloudflareError: if it cannot be read, or if the response has another ID.
        """
        response = self._request("GET", _build_path(path))
        result = response.parse_envelope().get("result")
        if not isinstance(result, dict):
            raise response.make_error(f"The result is not an object but {json_type_name(result)}.")
        if not _has_fields(result, {"id": path[-1]}):
            raise response.make_error(f"The result does not have the ID {quote(path[-1])}.")
        return result

    def get_many(
        self,
        paths: Sequence[PathSegments],
        return_error_if: ErrorFilter = lambda _error: False,
    ) -> ManyResult[dict[str, Any]]:
        """Read several objects in parallel.

        :param return_error_if: which errors to return; any other one is raised.
        :raises CloudflareError: the first error that is not returned.
        """
        errors: dict[PathSegments, CloudflareError] = {}

        def get(path: PathSegments) -> dict[str, Any] | None:
            try:
                return self.get(*path)
            except CloudflareError as error:
                if not return_error_if(error):
                    raise
                errors[path] = error
                return None

        found = zip(paths, self.map_parallel(get, paths))
        return ManyResult({path: result for path, result in found if result is not None}, errors)

    def get_listed(
        self,
        *path: str,
        ids: Sequence[str],
        return_error_if: ErrorFilter = lambda _error: False,
    ) -> ManyResult[dict[str, Any]]:
        """Read several objects of one list with the fewest requests.

        Pages of the list are read while they are fewer than the objects that are still missing.
        What is missing then is read by itself, and so is everything if the list cannot be read.

        :param path: path of the list. That of an object has its ID, too.
        :param return_error_if: which errors to return; any other one is raised.
        :raises CloudflareError: the first error that is not returned.
        """
        paginator = Paginator()
        listed: dict[str, dict[str, Any]] = {}
        missing = list(ids)
        try:
            while 0 < paginator.remaining_pages < len(missing):
                pages = paginator.pending_pages()
                for page in self.map_parallel(
                    lambda number: self._fetch_page(_build_path(path), {}, number), pages
                ):
                    paginator.add_page(page)
                listed = {str(item.get("id")).lower(): item for item in paginator.items.values()}
                missing = [object_id for object_id in ids if object_id.lower() not in listed]
        except CloudflareError as error:
            if isinstance(error, RateLimitError) or not error.not_applied:
                raise
        single = self.get_many([(*path, object_id) for object_id in missing], return_error_if)
        results = {
            (*path, object_id): listed[object_id.lower()]
            for object_id in ids
            if object_id.lower() in listed
        }
        return ManyResult({**results, **single.results}, single.errors)

    def update(
        self, *path: str, current: Mapping[str, Any], changes: Mapping[str, str]
    ) -> UpdateResult:
        """Change fields of one object (PATCH).

        If the response is lost, the object is read first. The request is sent again only if the
        object is still as it was, and never after a reported success: then the object is read until
        it has changed, as reads can lag behind. For the same reason, an error to a repeated request
        is believed only after a second read. After the last HTTP 429, one read shows whether the
        request was applied nevertheless.

        :param path: path of the object; the last segment is its ID.
        :param current: the object as it was read.
        :param changes: the fields to change.
        :raises CloudflareError: if the object does not have the new values in the end. The
            attribute ``outcome_unknown`` tells whether they may have been applied nevertheless.
        """
        request_path = _build_path(path)
        expected = {"id": path[-1], **changes}
        original = {name: current.get(name) for name in changes}
        retry = self._retry_policy
        outcome_unknown = False
        while True:
            error: CloudflareError | None = None
            delays: Sequence[float] = (0,)
            try:
                response = self._request("PATCH", request_path, body=changes)
                result = response.parse_envelope().get("result")
                if isinstance(result, dict) and _has_fields(result, expected):
                    return UpdateResult(result, changed=True)
                outcome_unknown = True
                delays = SUCCESS_READ_DELAYS
            except CloudflareError as caught:
                error = caught
                if outcome_unknown and error.not_applied:
                    delays = ERROR_READ_DELAYS
                if (error.http_status or 0) < 300 and error.not_applied:
                    # ``success: false`` with HTTP 200 does not exclude that it was applied.
                    delays, outcome_unknown = SUCCESS_READ_DELAYS, True
                outcome_unknown = outcome_unknown or not error.not_applied
                if isinstance(error, RateLimitError) and not (
                    outcome_unknown or error.after_rate_limit
                ):
                    raise  # it was not sent
            try:
                observed = self._get_until_changed(path, original, delays)
            except CloudflareError as read_error:
                raise _unconfirmed_update_error(
                    error or read_error, outcome_unknown, "Reading the object again failed."
                ) from None
            if _has_fields(observed, expected):
                # If the request was rejected, another client has made the change. An error with
                # HTTP 200 is not reliable enough to say so.
                is_certain = error is not None and (error.http_status or 0) >= 400
                may_be_own = outcome_unknown or (error is not None and error.after_rate_limit)
                return UpdateResult(observed, changed=may_be_own or not is_certain)
            values = ", ".join(f"{name} is {quote(observed.get(name))}" for name in changes)
            observation = f"When read again, {values}."
            if error is None:
                error = CloudflareError(f"PATCH {request_path}: Cloudflare reported success.")
                raise _unconfirmed_update_error(error, outcome_unknown, observation, observed)
            has_changed = not _has_fields(observed, original)
            # Such as a status that is null: it does not show that nothing was applied.
            outcome_unknown = outcome_unknown or (error.after_rate_limit and has_changed)
            if error.not_applied or has_changed:
                raise _unconfirmed_update_error(error, outcome_unknown, observation, observed)
            try:
                retry, seconds = self._next_retry(retry, error)
            except CloudflareError as last_error:
                raise _unconfirmed_update_error(
                    last_error, outcome_unknown, observation, observed
                ) from None
            self._rate_limiter.sleep(seconds)

    def create(self, *path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object (POST). The request is not repeated, unless it was rate limited.

        :returns: the object as Cloudflare returns it, which can lack fields.
        :raises CloudflareError: if that is not confirmed. The attribute ``outcome_unknown`` tells
            whether the object may have been created nevertheless.
        """
        try:
            response = self._request("POST", _build_path(path), body=body)
            result = response.parse_envelope().get("result")
        except CloudflareError as error:
            raise error.replace(str(error), outcome_unknown=not _is_rejected(error)) from None
        if not isinstance(result, dict):
            message = f"The result is not an object but {json_type_name(result)}."
            unconfirmed = response.make_error(message)
            raise unconfirmed.replace(str(unconfirmed), outcome_unknown=True)
        return result

    def send_guarded(
        self,
        method: str,
        *path: str,
        may_send: Callable[[Mapping[str, Any]], bool],
        body: Mapping[str, Any] | None = None,
    ) -> GuardedResult:
        """Send PUT or DELETE while the object permits it.

        The object is read immediately before each request, also before one that is repeated. There
        is no wait between the two: a request that would have to wait is not sent.

        :param may_send: tells from the object whether the request is still right, and necessary.
        :raises CloudflareError: if the object cannot be read, or if the request fails. The
            attribute ``outcome_unknown`` tells whether it may have been applied nevertheless.
        """
        request_path = _build_path(path)
        retry = self._retry_policy
        outcome_unknown = was_rate_limited = False
        error: CloudflareError | None = None
        last_error: CloudflareError | None = None
        while True:
            may_be_own = outcome_unknown or was_rate_limited
            try:
                current = self.get(*path)
            except CloudflareError as read_error:
                if read_error.is_gone and _is_rejected(read_error):
                    return GuardedResult(None, sent=False, changed=may_be_own)
                observation = "Reading the object again failed." if error else ""
                raise _unconfirmed_update_error(
                    error or read_error, outcome_unknown, observation
                ) from None
            if not may_send(current):
                # An object that is still there was not deleted by a request that was rate limited.
                changed = outcome_unknown if method == "DELETE" else may_be_own
                return GuardedResult(current, sent=False, changed=changed)
            if last_error:
                raise _unconfirmed_update_error(last_error, outcome_unknown, "") from None
            try:
                self._request(method, request_path, body=body, waits=False).parse_envelope()
                return GuardedResult(current, sent=True, changed=True)
            except CloudflareError as caught:
                error = caught
                if error.is_gone and _is_rejected(error):
                    return GuardedResult(None, sent=False, changed=may_be_own)
                was_rate_limited = was_rate_limited or error.after_rate_limit
                is_rate_limited = isinstance(error, RateLimitError)
                outcome_unknown = outcome_unknown or not (is_rate_limited or _is_rejected(error))
                if _is_rejected(error) and not is_rate_limited:
                    raise _unconfirmed_update_error(error, outcome_unknown, "") from None
            try:
                retry, seconds = self._next_retry(retry, error)
            except CloudflareError as final_error:
                if not final_error.after_rate_limit:
                    raise _unconfirmed_update_error(final_error, outcome_unknown, "") from None
                # One more read shows whether it was applied nevertheless.
                error = last_error = final_error
                continue
            self._rate_limiter.sleep(seconds)

    def _get_until_changed(
        self, path: PathSegments, original: Mapping[str, Any], delays: Sequence[float]
    ) -> dict[str, Any]:
        """Read an object after each of the delays, until it differs from the original fields.

        :raises CloudflareError: if it cannot be read.
        """
        observed: dict[str, Any] = {}
        for delay in delays:
            self._rate_limiter.sleep(delay)
            observed = self.get(*path)
            if not _has_fields(observed, original):
                break
        return observed

    # Lists

    def list_all(self, *path: str, require_complete: bool = False, **query: str) -> ListResult:
        """Read all pages of a list.

        An incomplete list is read once more, without the filter: the total of a filtered list may
        be that of the unfiltered list, and then only the unfiltered list shows whether an item is
        missing.

        :param query: filter, such as ``status``. It only saves pages: the result can have other
            items, too, so filter it again.
        :param require_complete: whether to raise an error if the list is still incomplete.
        :raises CloudflareError: if the list cannot be read.
        """
        many = self.list_many([path], query=query, require_complete=require_complete)
        return many.results[path]

    def list_many(
        self,
        paths: Sequence[PathSegments],
        return_error_if: ErrorFilter = lambda _error: False,
        *,
        query: Mapping[str, str] | None = None,
        require_complete: bool = False,
    ) -> ManyResult[ListResult]:
        """Read several lists, each as ``list_all`` does, with their pages in parallel.

        :param return_error_if: which errors to return; any other one is raised.
        :param require_complete: whether a list that is still incomplete is an error.
        :raises CloudflareError: the first error that is not returned.
        """
        lists, errors = self._fetch_all_pages(paths, query or {}, return_error_if)
        incomplete = [path for path, found in lists.items() if found.incomplete_reason]
        reread, reread_errors = self._fetch_all_pages(incomplete[:1], {}, return_error_if)
        if query and any(lists[path].has_total_of(found) for path, found in reread.items()):
            # Totals ignore the filter here, so there is nothing wrong with a list that is empty.
            incomplete = [path for path in incomplete if lists[path].items or path in reread]
        more, more_errors = self._fetch_all_pages(incomplete[1:], {}, return_error_if)
        reread.update(more)
        reread_errors.update(more_errors)
        results = {path: ListResult(list(found.items.values())) for path, found in lists.items()}
        for path, found in reread.items():
            items = found.items
            sentence = None
            if found.incomplete_reason:
                items = {**lists[path].items, **items}
                sentence = (
                    f"GET {_build_path(path)}: The list is incomplete: "
                    f"{found.incomplete_reason}. Run the task again."
                )
                error = CloudflareError(sentence)
                if require_complete and not return_error_if(error):
                    raise error
                if require_complete:
                    reread_errors[path] = error
            results[path] = ListResult(list(items.values()), sentence)
        for path in reread_errors:
            del results[path]
        errors.update(reread_errors)
        return ManyResult(results, {path: errors[path] for path in paths if path in errors})

    def _fetch_all_pages(
        self,
        paths: Sequence[PathSegments],
        query: Mapping[str, str],
        return_error_if: ErrorFilter,
    ) -> tuple[dict[PathSegments, Paginator], dict[PathSegments, CloudflareError]]:
        """Read the first page of each list, then all pages that these make known, and so on."""
        lists = {path: Paginator(is_filtered=bool(query)) for path in paths}
        errors: dict[PathSegments, CloudflareError] = {}

        def fetch(page_ref: tuple[PathSegments, int]) -> Page:
            path, number = page_ref
            try:
                return self._fetch_page(_build_path(path), query, number)
            except CloudflareError as error:
                if not return_error_if(error):
                    raise
                errors.setdefault(path, error)
                return Page([])

        while page_refs := [
            (path, number)
            for path, paginator in lists.items()
            if path not in errors
            for number in paginator.pending_pages()
        ]:
            try:
                for (path, _number), page in zip(page_refs, self.map_parallel(fetch, page_refs)):
                    lists[path].add_page(page)
                    if lists[path].exceeds_limit:
                        raise CloudflareError(
                            f"GET {_build_path(path)}: The list does not end within "
                            f"{MAX_PAGES:,} pages and {MAX_ITEMS:,} items. Check api_url."
                        )
            except CloudflareError as error:
                count = sum(len(paginator.items) for paginator in lists.values())
                if not count:
                    raise
                raise error.replace(f"{error} Items read before: {count}.") from None
        complete = {path: paginator for path, paginator in lists.items() if path not in errors}
        return complete, errors

    def list_by_cursor(self, *path: str, query: Mapping[str, str]) -> ListResult:
        """Read all pages of a list that are linked by ``result_info.cursor``.

        How such a list ends is not documented: without a cursor, with an empty one, with one that
        was used before, or with an empty page.

        :raises CloudflareError: if the first page cannot be read.
        """
        items: list[dict[str, Any]] = []
        cursors: dict[str, str] = {}
        used: set[str] = set()
        while len(used) < MAX_CURSOR_PAGES:
            try:
                page, info = self._fetch_items(_build_path(path), {**query, **cursors})
            except CloudflareError as error:
                if not used:
                    raise
                return ListResult(items, str(error))
            items += page
            cursor = info.get("cursor") if isinstance(info, dict) else None
            if not page or not cursor or not isinstance(cursor, str) or cursor in used:
                return ListResult(items)
            used.add(cursor)
            cursors = {"cursor": cursor}
        return ListResult(
            items,
            f"GET {_build_path(path)}: The list is incomplete: it does not end within "
            f"{MAX_CURSOR_PAGES} pages.",
        )

    def _fetch_page(self, path: str, query: Mapping[str, str], number: int) -> Page:
        page = {"page": str(number), "per_page": str(MAX_PER_PAGE)}
        items, info = self._fetch_items(path, {**query, **page})
        return Page.from_result(items, info)

    def _fetch_items(self, path: str, query: Mapping[str, str]) -> tuple[list[dict[str, Any]], Any]:
        """Return the items of one page of a list, and its ``result_info``."""
        response = self._request("GET", path, query=query)
        envelope = response.parse_envelope()
        if "result" not in envelope:
            raise response.make_error("The response has no result.")
        # The published schema allows null for an empty list.
        items = [] if envelope["result"] is None else envelope["result"]
        if not isinstance(items, list):
            raise response.make_error(f"The result is not a list but {json_type_name(items)}.")
        for item in items:
            if not isinstance(item, dict):
                raise response.make_error(
                    f"An item of the result is not an object but {json_type_name(item)}."
                )
        return items, envelope.get("result_info")

    def wait(self, seconds: float) -> None:
        """Wait for something that reads do not show yet."""
        self._rate_limiter.sleep(seconds)

    def map_parallel(self, function: Callable[[T], R], items: Sequence[T]) -> Iterable[R]:
        """Call a function for each item, at most ``max_connections`` at a time.

        :returns: the results, in the order of the items.
        """
        if len(items) == 1:
            return [function(items[0])]
        if self._thread_pool is None:
            # Imported late, as most tasks need only one request.
            from concurrent.futures import ThreadPoolExecutor

            self._thread_pool = ThreadPoolExecutor(self._max_connections)
        return self._thread_pool.map(function, items)

    # Requests

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        waits: bool = True,
    ) -> Response:
        """Send a request until there is a response that is not a transient error.

        Only a read is sent again after such an error. A request that was rate limited had no
        effect, so any method is sent again; until then, this client sends nothing at all.

        :param waits: whether to wait for the rate limit. If not, a request that would have to wait
            is an error, and is not sent again.
        """
        retry = self._retry_policy
        was_rate_limited = False
        while True:
            self._wait_for_rate_limit(f"{method} {path}", self._max_wait if waits else 0)
            try:
                response = self._send_once(method, path, query, body)
            except TransportError as transport_error:
                error: CloudflareError = transport_error
            else:
                if not response.is_retryable:
                    return (
                        replace(response, after_rate_limit=True) if was_rate_limited else response
                    )
                error = response.to_error()
            if isinstance(error, RateLimitError):
                was_rate_limited = True
                # Also if this request cannot wait: no other one may be sent, either.
                self._rate_limiter.block_for(1 if error.retry_after is None else error.retry_after)
            if not waits or (method != "GET" and not isinstance(error, RateLimitError)):
                raise error
            retry, seconds = self._next_retry(retry, error)
            self._rate_limiter.sleep(seconds)

    def _wait_for_rate_limit(self, request_line: str, max_wait: float) -> None:
        """Wait until requests may be sent.

        :raises RateLimitError: if that is longer than the maximum.
        """
        seconds = math.ceil(self._rate_limiter.remaining())
        if seconds > max_wait:
            raise RateLimitError(
                f"{request_line}: Not sent, as another request was rate limited, retry after "
                f"{seconds} seconds.",
                http_status=HTTPStatus.TOO_MANY_REQUESTS,
                retry_after=seconds,
                not_applied=True,
            )
        if max_wait:
            # Not otherwise: another thread may have been rate limited since.
            self._rate_limiter.wait_until_unblocked()

    def _next_retry(self, retry: Retry, error: CloudflareError) -> tuple[Retry, float]:
        """Return the remaining retries, and the seconds to wait before the next one.

        :raises CloudflareError: the error, if there is no next one.
        """
        if (error.retry_after or 0) > self._max_wait:
            raise error.replace(
                f"{error} Rate limited, retry after {error.retry_after} seconds. To wait that "
                f"long, increase max_wait, which is {self._max_wait:g}."
            )
        try:
            retry = retry.increment()
        except urllib3.exceptions.MaxRetryError:
            attempts = len(retry.history) + 1
            if attempts == 1:
                raise error from None
            raise error.replace(f"{error} Gave up after {attempts} attempts.") from None
        # Jitter keeps many hosts from retrying in the same moment; it needs no secure randomness.
        backoff = retry.get_backoff_time() * random.uniform(0.5, 1)  # noqa: S311
        return retry, max(error.retry_after or 0, backoff)

    def _send_once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
    ) -> Response:
        """Send one request, and read the response to its end.

        :raises TransportError: if there is none, but there may be next time.
        :raises CloudflareError: if there cannot be one.
        """
        request_line = f"{method} {path}"
        try:
            with self._session.request(
                method,
                self._api_url + path,
                params=query,
                json=body,
                timeout=self._timeout,
                verify=self._verify,
                # requests would send X-Auth-Key to any host.
                allow_redirects=False,
                stream=True,
            ) as response:
                redact = self._auth.redact
                return Response(
                    method,
                    path,
                    response.status_code,
                    _read_body(response, time.monotonic() + self._timeout),
                    redact,
                    ray_id=redact(response.headers.get("CF-Ray", "")) or None,
                    location=redact(response.headers.get("Location", "")),
                    retry_after=_parse_retry_after(response.headers),
                    may_be_truncated=_may_be_truncated(response.headers),
                )
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise TransportError(
                f"{request_line}: Timed out after {self._timeout:g} seconds ({self._peer})."
            ) from None
        except (
            requests.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            urllib3.exceptions.HTTPError,
        ) as error:
            cause = _root_cause(error)
            if isinstance(cause, ssl.SSLError) and not isinstance(cause, _RETRYABLE_SSL_ERRORS):
                current_value = "" if self._verify is True else f", which is {quote(self._verify)}"
                raise CloudflareError(
                    f"{request_line}: Certificate verification failed: {quote(cause)}. If you use "
                    f"a private CA, set ca_path{current_value}."
                ) from None
            raise TransportError(
                f"{request_line}: The connection to {self._peer} failed: {quote(cause)}."
            ) from None
        except (OSError, ValueError) as error:  # such as certificates that are not there
            raise CloudflareError(f"{request_line}: {quote(_root_cause(error))}.") from None
        except Exception as error:
            # The text of an unexpected error could quote anything, such as the URL of a proxy.
            raise CloudflareError(
                f"{request_line}: Unexpected {type(error).__name__}. Check the proxy variables of "
                "the environment, and the versions of requests and urllib3."
            ) from None

    @property
    def _session(self) -> requests.Session:
        """The session of this thread."""
        session: requests.Session | None = getattr(self._thread_local, "session", None)
        if session is None:
            session = self._thread_local.session = requests.Session()
            session.auth = self._auth
            # Plain HTTP is for loopback only, so it must not use a proxy of the environment.
            session.trust_env = self._api_url.startswith("https:")
            session.headers["User-Agent"] = f"ansible-collection/community.cloudflare/{VERSION}"
            session.mount("https://", self._adapter)
            session.mount("http://", self._adapter)
        return session


def _validate_base_url(api_url: str) -> str:
    """Return the base URL without a trailing slash.

    :raises CloudflareError: if credentials could leak through this URL.
    """
    is_base_url = _BASE_URL_PATTERN.fullmatch(api_url) is not None
    is_printable_ascii = api_url.isascii() and api_url.isprintable()
    if not (is_base_url and is_printable_ascii and _has_valid_netloc(api_url)):
        # The part before an @ and the query can be a password.
        redacted = quote(api_url.rpartition("@")[2].partition("?")[0])
        raise CloudflareError(
            f"api_url is not a base URL: {redacted}. Use https://, a host, and a path, without "
            f"user, query, or fragment, as in {DEFAULT_API_URL}."
        )
    if api_url.startswith("http:") and not _is_loopback(api_url):
        raise CloudflareError(
            f"api_url is {quote(api_url)}, and plain HTTP would send the credentials unencrypted. "
            "Use https://; http:// is allowed for loopback only."
        )
    return api_url.rstrip("/")


def _find_peer(api_url: str) -> str:
    """Return what the client connects to, for messages: the host, or the proxy by its variable.

    :raises CloudflareError: if the proxy is not a valid URL. Its value is not quoted, as it can
        have a password, and errors of urllib3 would quote it.
    """
    host = urlsplit(api_url).netloc
    proxy = None
    if api_url.startswith("https:"):
        proxies = requests.utils.get_environ_proxies(api_url)
        proxy = requests.utils.select_proxy(api_url, proxies)
    if not proxy:
        return host
    variables = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    matching = [variable for variable in variables if os.environ.get(variable) == proxy]
    source = matching[0] if matching else "the system settings"
    match = _PROXY_URL_PATTERN.fullmatch(proxy)
    if not match or int(match["port"] or 0) > MAX_PORT:
        raise CloudflareError(
            f"The proxy in {source} is not a valid URL. Use http://user:password@host:port, and "
            "percent-encode special characters in the user and the password, such as %23 for #. "
            f"The port is at most {MAX_PORT}."
        )
    return f"{host} through the proxy in {source}"


def _has_valid_netloc(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as an IPv6 address without its bracket, or a port out of range
        return False


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _build_path(segments: Iterable[str]) -> str:
    """Return the path of a URL, below the base URL.

    :raises CloudflareError: if a segment is neither an ID nor a word of the API.
    """
    segments = list(segments)
    for segment in segments:
        if not is_valid_id(segment):
            raise CloudflareError(f"{quote(segment)} is not an ID of Cloudflare: {ID_FORMAT}.")
    return "".join(f"/{urllib.parse.quote(segment, safe='')}" for segment in segments)


def _read_body(response: requests.Response, deadline: float) -> bytes:
    """Read a body, within limits of time and size."""
    raw = response.raw
    # Without this, urllib3 before 2.0 does not notice that a body was cut off.
    raw.enforce_content_length = True
    # urllib3 before 2.1 has no read1, and its read waits until it has as much as requested.
    read, size = (raw.read1, 64 * 1024) if hasattr(raw, "read1") else (raw.read, 1024)
    body = bytearray()
    while chunk := read(size, decode_content=True):
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            raise requests.exceptions.RequestException(
                f"the response has more than {MAX_RESPONSE_BYTES} bytes, so it is not Cloudflare's"
            )
        if time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(body)


def _may_be_truncated(headers: Mapping[str, str]) -> bool:
    """Tell whether a missing end of the body would not be noticed.

    A body without a length ends with the connection. A compressed one can have been cut before.
    """
    if headers.get("Content-Encoding", "identity") != "identity":
        return True
    return "Content-Length" not in headers and "Transfer-Encoding" not in headers


def _parse_retry_after(headers: Mapping[str, str]) -> int | None:
    """Return the seconds in ``Retry-After``: up to 300, according to Cloudflare.

    https://developers.cloudflare.com/fundamentals/api/reference/limits/
    """
    try:
        value = headers["Retry-After"].strip()
        # urllib3, which also parses dates, limits the number to some hours.
        if value.isdecimal():
            return min(int(value), MAX_RETRY_AFTER)
        return int(Retry().parse_retry_after(value))
    except (KeyError, ValueError, OverflowError, urllib3.exceptions.HTTPError):
        return None


def _root_cause(error: BaseException) -> BaseException:
    """Return the innermost error; those around it name pools and objects."""
    causes = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)
    while isinstance(error.__context__, causes):
        error = error.__context__
    return error


def _has_fields(found: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Tell whether an object has these values, in any case: neither IDs nor statuses have one."""
    return all(_fold(found.get(name)) == _fold(value) for name, value in fields.items())


def _fold(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _is_rejected(error: CloudflareError) -> bool:
    """Tell whether a request certainly had no effect.

    ``success: false`` with HTTP 200 does not exclude that it was applied.
    """
    return error.not_applied and (error.http_status or 0) >= 300


def _unconfirmed_update_error(
    error: CloudflareError,
    outcome_unknown: bool,
    observation: str,
    current: Mapping[str, Any] | None = None,
) -> CloudflareError:
    """Return the error for an update that was not seen to be applied."""
    message = f"{error} {observation}".rstrip()
    if outcome_unknown:
        message += " The change may have been applied. Run the task again to check."
    return error.replace(message, outcome_unknown=outcome_unknown, current=current)
