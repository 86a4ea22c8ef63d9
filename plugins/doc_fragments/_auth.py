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
      - An API token. It needs the permission C(Memberships Read) to list the invites of a user,
        C(Memberships Write) to respond to them, or C(Account Settings Read) to list the members of
        an account. A token that belongs to an account can access only accounts.
      - Mutually exclusive with O(api_email) and O(api_key).
      - The environment variable is E(CLOUDFLARE_API_TOKEN).
    type: str
  api_email:
    description:
      - The email address of the user. Required together with O(api_key).
      - The environment variable is E(CLOUDFLARE_EMAIL).
    type: str
    aliases: [account_email]
  api_key:
    description:
      - The Global API Key of the user. Required together with O(api_email).
      - The environment variable is E(CLOUDFLARE_API_KEY).
    type: str
    aliases: [account_api_key]
  api_url:
    description:
      - The base URL of the API. It must begin with C(https://), without user, query, or fragment.
        C(http://) is accepted for loopback addresses only.
      - If this option is omitted or null, the module uses the environment variable
        E(CLOUDFLARE_BASE_URL).
    type: str
    default: https://api.cloudflare.com/client/v4
  timeout:
    description:
      - The timeout of a request in seconds, V(0.001) to V(3600).
    type: float
    default: 30
  validate_certs:
    description:
      - Whether to verify the server's certificate. V(false) exposes the credentials.
    type: bool
    default: true
  ca_path:
    description:
      - The path of a file with trusted CA certificates.
    type: path
  retries:
    description:
      - The maximum number of retries after a transient error, V(0) to V(100). If the response to a
        change is lost, the module reads again before it repeats the change.
    type: int
    default: 5
  max_wait:
    description:
      - The maximum wait for a rate limit, V(0) to V(21600) seconds. If C(Retry-After) is longer,
        the module fails.
    type: int
    default: 300
  max_connections:
    description:
      - The maximum number of parallel requests, V(1) to V(50).
    type: int
    default: 20
notes:
  - The module reads environment variables on the host where it runs. Credentials in the task
    override them. The module uses proxy variables and E(REQUESTS_CA_BUNDLE), but not C(~/.netrc).
"""
