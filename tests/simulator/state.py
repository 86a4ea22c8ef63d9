# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Cloudflare keeps: users, organizations, members, and invites with their life cycle."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Union

from .clock import Clock
from .settings import Settings

# Facts: observed in 2023, not documented.
LIFE_OF_AN_INVITE = timedelta(days=4)
NEVER = datetime.max.replace(tzinfo=timezone.utc)

Moment = Union[datetime, str]


@dataclass
class User:
    """Somebody with an account at Cloudflare, an API key and an API token."""

    id: str
    email: str
    api_key: str
    api_token: str
    token_permissions: frozenset[str]


@dataclass
class Organization:
    """An organization and, by the id of the user, its members with the names of their roles."""

    id: str
    name: str
    enforcing_twofactor: bool
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Invite:
    """An invite to an email address, whether somebody has an account with it or not."""

    id: str
    organization: Organization
    email: str
    invited_by: str
    invited_on: datetime
    expires_on: datetime
    roles: tuple[str, ...]
    status: str
    withdrawn: bool = False
    missing_fields: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        # Kept, as each answer looks through all invites, and there may be many thousands.
        self.address = self.email.lower()


@dataclass
class Membership:
    """Somebody's place in an account: a member, or somebody who has not answered, or rejected."""

    id: str
    email: str
    user: User | None
    roles: tuple[str, ...]
    status: str


class State:
    """All of it, and what happens to it over time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.settings = Settings()
        self.users: list[User] = []
        self.organizations: list[Organization] = []
        self.invites: dict[str, Invite] = {}
        self._next_expiry = NEVER
        self._given_ids = 0

    def reset(self) -> None:
        """Forget everything; ids start over, so that a test sees the same ones on every run."""
        with self.lock:
            self.clock.reset()
            self.settings = Settings()
            self.users.clear()
            self.organizations.clear()
            self.invites.clear()
            self._next_expiry = NEVER
            self._given_ids = 0

    # Who there is

    def add_user(
        self,
        email: str | None = None,
        api_key: str | None = None,
        api_token: str | None = None,
        token_permissions: Iterable[str] = ("read", "write"),
        id: str | None = None,  # noqa: A002 - as Cloudflare says
    ) -> User:
        """Add a user. The permissions are those of the token on memberships."""
        with self.lock:
            user = User(
                id=id or self._new_id(),
                email=email or f"user-{len(self.users) + 1}@example.com",
                api_key=api_key or f"key-{self._new_id()}",
                api_token=api_token or f"token-{self._new_id()}",
                token_permissions=frozenset(token_permissions),
            )
            self.users.append(user)
            return user

    def add_organization(
        self,
        name: str,
        id: str | None = None,  # noqa: A002 - as Cloudflare says
        enforcing_twofactor: bool = False,
    ) -> Organization:
        """Add an organization. As with Cloudflare, its name may be anybody's."""
        with self.lock:
            organization = Organization(id or self._new_id(), name, enforcing_twofactor)
            self.organizations.append(organization)
            return organization

    def add_member(
        self, user: User, organization: Organization, roles: Iterable[str] = ("Administrator",)
    ) -> None:
        """Make the user a member, who may then read the organization's invites."""
        with self.lock:
            organization.members[user.id] = tuple(roles)

    def rename(self, organization: Organization, name: str) -> None:
        """Change the name of an organization, also in the invites that it has sent."""
        with self.lock:
            organization.name = name

    def members(self, organization: Organization) -> list[str]:
        """Return the email addresses of an organization's members."""
        with self.lock:
            return [user.email for user in self.users if user.id in organization.members]

    def user_with(self, email: str) -> User | None:
        """Return the user with this address; capitals make no difference."""
        for user in self.users:
            if user.email.lower() == email.lower():
                return user
        return None

    # The life of an invite

    def invite(
        self,
        user: User | str,
        organization: Organization,
        invited_by: str = "admin@example.com",
        status: str = "pending",
        invited_on: Moment | None = None,
        expires_on: Moment | None = None,
        roles: Iterable[str] = ("Administrator",),
        id: str | None = None,  # noqa: A002 - as Cloudflare says
        missing_fields: Iterable[str] = (),
    ) -> Invite:
        """Let an organization invite a user, or an address that nobody is known to have.

        Any status is taken as it is, also one that Cloudflare does not document.

        :param missing_fields: the fields that Cloudflare omits, or sends as null.
        """
        with self.lock:
            sent = as_moment(invited_on) if invited_on else self.now()
            invite = Invite(
                id=id or self._new_id(),
                organization=organization,
                email=user if isinstance(user, str) else user.email,
                invited_by=invited_by,
                invited_on=sent,
                expires_on=as_moment(expires_on) if expires_on else sent + LIFE_OF_AN_INVITE,
                roles=tuple(roles),
                status=status,
                missing_fields=frozenset(missing_fields),
            )
            if invite.id in self.invites:
                raise ValueError(f"There is an invite {invite.id} already")
            self.invites[invite.id] = invite
            self._next_expiry = min(self._next_expiry, invite.expires_on)
            return invite

    def respond(self, invite: Invite, status: str) -> None:
        """Let the invited user accept or reject; accepting makes a member."""
        with self.lock:
            invite.status = status
            user = self.user_with(invite.email)
            if status == "accepted" and user:
                self.add_member(user, invite.organization, invite.roles)

    def cancel(self, invite: Invite) -> None:
        """Let the organization take back an open invite."""
        with self.lock:
            self._require_pending(invite)
            invite.status = "canceled"
            invite.withdrawn = True

    def expire(self, invite: Invite) -> None:
        """Let an open invite expire now instead of in some days."""
        with self.lock:
            self._require_pending(invite)
            invite.status = "expired"
            invite.expires_on = self.now()

    def leave(self, user: User, organization: Organization) -> None:
        """End a membership; the invites that led to it count as left."""
        with self.lock:
            del organization.members[user.id]
            for invite in self.invites_of(user):
                if invite.organization is organization and invite.status == "accepted":
                    invite.status = "left"
                    invite.withdrawn = True

    def purge(self, older_than: float = 0.0) -> None:
        """Forget the invites that are no longer open and were sent so many seconds ago."""
        with self.lock:
            self._expire_what_is_due()
            newest = self.now() - timedelta(seconds=older_than)
            for invite in list(self.invites.values()):
                if invite.status != "pending" and invite.invited_on <= newest:
                    del self.invites[invite.id]

    def status(self, invite_id: str) -> str:
        """Return the present status of an invite."""
        with self.lock:
            self._expire_what_is_due()
            return self.invites[invite_id].status

    # What can be asked

    def now(self) -> datetime:
        """Return the moment that the clock shows."""
        return datetime.fromtimestamp(self.clock.time(), timezone.utc)

    def find_organization(self, organization_id: str) -> Organization | None:
        """Return an organization by its id."""
        with self.lock:
            return next((one for one in self.organizations if one.id == organization_id), None)

    def invites_of(self, user: User) -> list[Invite]:
        """Return all invites to a user, oldest entry first."""
        with self.lock:
            self._expire_what_is_due()
            address = user.email.lower()
            return [invite for invite in self.invites.values() if invite.address == address]

    def invites_shown_to(self, user: User) -> list[Invite]:
        """Return the invites that the user sees.

        Facts: canceled and left are not among the documented states of a user's invites.
        """
        invites = self.invites_of(user)
        if self.settings.user_sees_withdrawn:
            return invites
        return [invite for invite in invites if not invite.withdrawn]

    def invites_from(self, organization: Organization) -> list[Invite]:
        """Return all invites that an organization has sent."""
        with self.lock:
            self._expire_what_is_due()
            return [
                invite for invite in self.invites.values() if invite.organization is organization
            ]

    def memberships(self, organization: Organization) -> list[Membership]:
        """Return the members of an organization, and those that it has invited.

        Facts: the status is one of pending, accepted and rejected. That a membership has the id of
        its invite is a guess.
        """
        with self.lock:
            invites = self.invites_from(organization)
            accepted = {one.address: one.id for one in invites if one.status == "accepted"}
            members = [
                Membership(
                    accepted.get(user.email.lower()) or _id_of(organization.id + user.id),
                    user.email,
                    user,
                    organization.members[user.id],
                    "accepted",
                )
                for user in self.users
                if user.id in organization.members
            ]
            others = [
                Membership(one.id, one.email, self.user_with(one.email), one.roles, one.status)
                for one in invites
                if one.status in ("pending", "rejected")
            ]
            return members + others

    def memberships_of(self, user: User) -> list[tuple[Organization, Membership]]:
        """Return a user's memberships, open and rejected invites among them, by organization."""
        with self.lock:
            return [
                (organization, membership)
                for organization in self.organizations
                for membership in self.memberships(organization)
                if membership.user is user
            ]

    def organizations_of(self, user: User) -> list[tuple[Organization, str]]:
        """Return the organizations that a user is a member of, or is invited to."""
        with self.lock:
            pending = [one for one in self.invites_of(user) if one.status == "pending"]
            inviting = {invite.organization.id for invite in pending}
            return [
                (organization, "member" if user.id in organization.members else "invited")
                for organization in self.organizations
                if user.id in organization.members or organization.id in inviting
            ]

    def _expire_what_is_due(self) -> None:
        now = self.now()
        if now < self._next_expiry:
            return
        pending = [invite for invite in self.invites.values() if invite.status == "pending"]
        for invite in pending:
            if invite.expires_on <= now:
                invite.status = "expired"
        still_open = [invite.expires_on for invite in pending if invite.status == "pending"]
        self._next_expiry = min(still_open, default=NEVER)

    def _new_id(self) -> str:
        self._given_ids += 1
        return _id_of(str(self._given_ids))

    @staticmethod
    def _require_pending(invite: Invite) -> None:
        if invite.status != "pending":
            raise ValueError(f"Invite {invite.id} is {invite.status}, not pending")


def _id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def as_moment(value: Moment) -> datetime:
    """Read an RFC 3339 date. Without a time zone it is UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
