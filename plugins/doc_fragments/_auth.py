# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that every module shares; _module.py has their argument spec."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - Python 3.9 or newer
  - L(requests, https://pypi.org/project/requests/) 2.25.1 or newer
options:
  api_token:
    description:
      - An API token of the user, with the permission C(Memberships Read) to list invites,
        C(Memberships Write) to respond to them, or C(Account Settings Read) to list the members of
        an account. A token that an account owns does not work.
      - Mutually exclusive with O(api_email) and O(api_key).
      - If the task gives no credentials at all, the environment variable
        E(CLOUDFLARE_API_TOKEN) is used.
      - For responding, Cloudflare was seen to refuse API tokens with status 405. Use O(api_email)
        and O(api_key) then.
    type: str
  api_email:
    description:
      - The e-mail address that the user logs in with. Goes together with O(api_key).
      - If the task gives neither this nor O(api_token), the environment variable
        E(CLOUDFLARE_EMAIL) is used.
    type: str
    aliases: [account_email]
  api_key:
    description:
      - The Global API Key of the user. Goes together with O(api_email).
      - If the task gives neither this nor O(api_token), the environment variable
        E(CLOUDFLARE_API_KEY) is used.
    type: str
    aliases: [account_api_key]
  api_url:
    description:
      - The base URL of the API. It must be C(https://), without user, query or fragment;
        C(http://) is accepted for this machine itself only.
      - If it is omitted or null, the environment variable E(CLOUDFLARE_BASE_URL) is used.
    type: str
    default: https://api.cloudflare.com/client/v4
  timeout:
    description:
      - How many seconds to wait for a connection, and then for an answer, V(0.001) to V(3600).
    type: float
    default: 30
  validate_certs:
    description:
      - Whether to verify the server's certificate. If this is V(false), whoever is in between can
        read the credentials.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file of certificates that are trusted in place of those that C(requests) trusts.
    type: path
  retries:
    description:
      - How often a request is repeated after a fault that may pass, at growing intervals, V(0) to
        V(100).
      - Reading is repeated after a broken connection, a time-out, and the statuses 408, 425, 500,
        502, 503, 504 and 520 to 526; everything is repeated after 429. A response to an invite
        whose answer was lost is only sent again after reading that the invite is still open.
    type: int
    default: 5
  max_wait:
    description:
      - The longest time in seconds that Cloudflare may order the module to wait at a time, V(0) to
        V(21600). If it orders to wait longer, the module fails at once and
        RV(ignore:failure.retry_after) says when to come back.
      - Cloudflare allows a user 1200 requests in five minutes, and blocks all of that user's
        requests for the next five minutes after that.
    type: int
    default: 300
  max_connections:
    description:
      - How many requests may be under way at the same time, V(1) to V(50).
      - Cloudflare allows an address 200 requests a second. Where it answers in 100 milliseconds,
        that is just what V(20) can ask for; more gained nothing in the benchmark.
    type: int
    default: 20
notes:
  - O(api_token), O(api_email), or O(api_key) may be null or empty only if the task also has
    complete credentials of the other kind. Otherwise the task fails, and does not use the
    environment variables.
  - For O(api_url), O(ca_path), O(timeout), O(retries), O(max_wait), and O(max_connections), null is
    the same as omitting the option. For every other option, null is an error.
  - The environment variables are those of where the module runs. Set C(delegate_to=localhost) or
    C(connection=local) to use those of the controller.
  - Proxy variables such as E(HTTPS_PROXY), and E(REQUESTS_CA_BUNDLE), work as with every program
    that uses C(requests). C(~/.netrc) is not read, and redirects are not followed. Plain C(http://)
    to this machine passes no proxy.
"""
