# Copyright (c) 2026, community.cloudflare contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state: users, organizations, members, and invites with their lifecycle."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Union

from .clock import Clock
from .roles import Policy
from .settings import Settings

# Facts: observed in 2023, not documented.
INVITE_TTL = timedelta(days=4)
MAX_DATETIME = datetime.max.replace(tzinfo=timezone.utc)

DateTimeLike = Union[datetime, str]


@dataclass
class User:
    """A user of Cloudflare with an API key and an API token."""

    id: str
    email: str
    api_key: str
    api_token: str
    token_permissions: frozenset[str]
    is_account: bool = False
    """Whether this is no person, but an account that owns the token."""


@dataclass
class Organization:
    """An organization, and the role names and the policies of its members by user ID."""

    id: str
    name: str
    enforcing_twofactor: bool | None
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    policies: dict[str, tuple[Policy, ...]] = field(default_factory=dict)
    parent_id: str | None = None


@dataclass
class Invite:
    """An invite to an email address, which need not belong to a user."""

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
    policies: tuple[Policy, ...] = ()

    def __post_init__(self) -> None:
        # Cached because each response filters all invites, of which there can be thousands.
        self.address = self.email.lower()


@dataclass
class Membership:
    """A membership in an account: accepted, pending, or rejected."""

    id: str
    email: str
    user: User | None
    roles: tuple[str, ...]
    status: str
    policies: tuple[Policy, ...] = ()


class State:
    """The whole state, and the methods that change and read it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.settings = Settings()
        self.users: list[User] = []
        self.token_owners: list[User] = []
        """The accounts that own a token."""
        self.organizations: list[Organization] = []
        self.invites: dict[str, Invite] = {}
        self._next_expiry = MAX_DATETIME
        self._id_counter = 0
        # What the members of an organization were, and until when reads show it.
        self._lagging: dict[str, tuple[datetime, list[Membership]]] = {}

    def reset(self) -> None:
        """Remove everything. IDs start over, so that a test has the same ones on every run."""
        with self.lock:
            self.clock.reset()
            self.settings = Settings()
            self.users.clear()
            self.token_owners.clear()
            self.organizations.clear()
            self.invites.clear()
            self._next_expiry = MAX_DATETIME
            self._id_counter = 0
            self._lagging.clear()

    # Users and organizations

    def add_user(
        self,
        email: str | None = None,
        api_key: str | None = None,
        api_token: str | None = None,
        token_permissions: Iterable[str] = ("read", "write"),
        id: str | None = None,  # noqa: A002 - as Cloudflare says
    ) -> User:
        """Add a user. The permissions of the token are for memberships."""
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

    def add_account_token(self, organization: Organization) -> str:
        """Add a token that belongs to an account, and return it."""
        with self.lock:
            owner = User(
                id=self._new_id(),
                email="",
                api_key="",
                api_token=f"cfat_{self._new_id()}",
                token_permissions=frozenset(("read", "write")),
                is_account=True,
            )
            self.token_owners.append(owner)
            organization.members[owner.id] = ()
            return owner.api_token

    def add_organization(
        self,
        name: str,
        id: str | None = None,  # noqa: A002 - as Cloudflare says
        enforcing_twofactor: bool | None = False,
        parent_id: str | None = None,
    ) -> Organization:
        """Add an organization. As with Cloudflare, names are not unique.

        :param parent_id: the ID of the Organization (beta) that manages this account.
        """
        with self.lock:
            organization = Organization(id or self._new_id(), name, enforcing_twofactor)
            organization.parent_id = parent_id
            self.organizations.append(organization)
            return organization

    def add_member(
        self, user: User, organization: Organization, roles: Iterable[str] = ("Administrator",)
    ) -> None:
        """Make the user a member, who can then read the organization's invites."""
        with self.lock:
            organization.members[user.id] = tuple(roles)

    def rename(self, organization: Organization, name: str) -> None:
        """Change the name of an organization, also in its invites."""
        with self.lock:
            organization.name = name

    def members(self, organization: Organization) -> list[str]:
        """Return the email addresses of an organization's members."""
        with self.lock:
            return [user.email for user in self.users if user.id in organization.members]

    def find_user(self, email: str) -> User | None:
        """Return the user with this email address, compared without case."""
        for user in self.users:
            if user.email.lower() == email.lower():
                return user
        return None

    # Lifecycle of an invite

    def invite(
        self,
        user: User | str,
        organization: Organization,
        invited_by: str = "admin@example.com",
        status: str = "pending",
        invited_on: DateTimeLike | None = None,
        expires_on: DateTimeLike | None = None,
        roles: Iterable[str] = ("Administrator",),
        id: str | None = None,  # noqa: A002 - as Cloudflare says
        missing_fields: Iterable[str] = (),
    ) -> Invite:
        """Add an invite of a user, or of an email address without a user.

        The status can be any text, including one that Cloudflare does not document.

        :param missing_fields: the fields that Cloudflare omits, or sends as null.
        """
        with self.lock:
            sent = parse_datetime(invited_on) if invited_on else self.now()
            invite = Invite(
                id=id or self._new_id(),
                organization=organization,
                email=user if isinstance(user, str) else user.email,
                invited_by=invited_by,
                invited_on=sent,
                expires_on=parse_datetime(expires_on) if expires_on else sent + INVITE_TTL,
                roles=tuple(roles),
                status=status,
                missing_fields=frozenset(missing_fields),
            )
            if invite.id in self.invites:
                raise ValueError(f"Invite {invite.id} already exists")
            self.invites[invite.id] = invite
            self._next_expiry = min(self._next_expiry, invite.expires_on)
            return invite

    def respond(self, invite: Invite, status: str) -> None:
        """Set the response of the invited user. Accepting adds a member."""
        with self.lock:
            self._start_read_lag(invite.organization)
            invite.status = status
            user = self.find_user(invite.email)
            if status == "accepted" and user:
                self.add_member(user, invite.organization, invite.roles)
                invite.organization.policies[user.id] = invite.policies

    def cancel(self, invite: Invite) -> None:
        """Cancel a pending invite as the organization."""
        with self.lock:
            self._require_pending(invite)
            invite.status = "canceled"
            invite.withdrawn = True

    def expire(self, invite: Invite) -> None:
        """Expire a pending invite now."""
        with self.lock:
            self._require_pending(invite)
            invite.status = "expired"
            invite.expires_on = self.now()

    def leave(self, user: User, organization: Organization) -> None:
        """End a membership. The status of its accepted invites becomes left."""
        with self.lock:
            del organization.members[user.id]
            organization.policies.pop(user.id, None)
            for invite in self.invites_of(user):
                if invite.organization is organization and invite.status == "accepted":
                    invite.status = "left"
                    invite.withdrawn = True

    def purge(self, older_than: float = 0.0) -> None:
        """Remove invites that are not pending and at least this many seconds old."""
        with self.lock:
            self._expire_due_invites()
            newest = self.now() - timedelta(seconds=older_than)
            for invite in list(self.invites.values()):
                if invite.status != "pending" and invite.invited_on <= newest:
                    del self.invites[invite.id]

    def status(self, invite_id: str) -> str:
        """Return the current status of an invite."""
        with self.lock:
            self._expire_due_invites()
            return self.invites[invite_id].status

    # Members of an account

    def create_member(
        self,
        organization: Organization,
        email: str,
        roles: tuple[str, ...],
        policies: tuple[Policy, ...],
        invited_by: str,
    ) -> Membership | None:
        """Invite an address; return None if that is not possible, as it is a member already."""
        with self.lock:
            taken = {membership.email.lower() for membership in self.memberships(organization)}
            if self.settings.expired_invites_block:
                invites = self.invites_from(organization)
                taken |= {invite.address for invite in invites if invite.status == "expired"}
            if email.lower() in taken:
                return None
            self._start_read_lag(organization)
            invite = self.invite(email, organization, invited_by, roles=roles)
            invite.policies = policies
            return self._membership(invite)

    def update_member(
        self,
        organization: Organization,
        member: Membership,
        roles: tuple[str, ...],
        policies: tuple[Policy, ...],
    ) -> Membership:
        """Change what a member, or an invited address, may do."""
        with self.lock:
            self._start_read_lag(organization)
            if member.status == "accepted" and member.user:
                organization.members[member.user.id] = roles
                organization.policies[member.user.id] = policies
            else:
                self.invites[member.id].roles = roles
                self.invites[member.id].policies = policies
            return replace(member, roles=roles, policies=policies)

    def remove_member(self, organization: Organization, member: Membership) -> None:
        """Remove a member, or cancel an invite."""
        with self.lock:
            self._start_read_lag(organization)
            if member.status == "accepted" and member.user:
                self.leave(member.user, organization)
            else:
                self.invites[member.id].status = "canceled"
                self.invites[member.id].withdrawn = True

    def _start_read_lag(self, organization: Organization) -> None:
        """Keep the members as they are for reads, before a change."""
        until, _members = self._lagging.get(organization.id, (self.now(), []))
        if self.settings.read_lag and until <= self.now():
            until = self.now() + timedelta(seconds=self.settings.read_lag)
            self._lagging[organization.id] = (until, self.memberships(organization))

    # Queries

    def now(self) -> datetime:
        """Return the time of the clock."""
        return datetime.fromtimestamp(self.clock.time(), timezone.utc)

    def find_organization(self, organization_id: str) -> Organization | None:
        """Return the organization with this ID."""
        with self.lock:
            return next((one for one in self.organizations if one.id == organization_id), None)

    def invites_of(self, user: User) -> list[Invite]:
        """Return all invites to a user, in the order in which they were added."""
        with self.lock:
            self._expire_due_invites()
            address = user.email.lower()
            return [invite for invite in self.invites.values() if invite.address == address]

    def visible_invites(self, user: User) -> list[Invite]:
        """Return the invites that the user sees.

        Facts: canceled and left are not among the documented states of a user's invites.
        """
        invites = self.invites_of(user)
        if self.settings.show_withdrawn_to_user:
            return invites
        return [invite for invite in invites if not invite.withdrawn]

    def invites_from(self, organization: Organization) -> list[Invite]:
        """Return all invites of an organization."""
        with self.lock:
            self._expire_due_invites()
            return [
                invite for invite in self.invites.values() if invite.organization is organization
            ]

    def memberships(self, organization: Organization) -> list[Membership]:
        """Return the memberships of an organization, including pending and rejected invites.

        Facts: the status is one of pending, accepted and rejected. That a membership has the ID of
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
                    organization.policies.get(user.id, ()),
                )
                for user in self.users
                if user.id in organization.members
            ]
            others = [
                self._membership(one) for one in invites if one.status in ("pending", "rejected")
            ]
            return members + others

    def listed_memberships(self, organization: Organization) -> list[Membership]:
        """Return the memberships of an organization as reads show them, which can lag behind."""
        with self.lock:
            until, members = self._lagging.get(organization.id, (self.now(), []))
            return members if self.now() < until else self.memberships(organization)

    def memberships_of(self, user: User) -> list[tuple[Organization, Membership]]:
        """Return a user's memberships, including pending and rejected invites, by organization."""
        with self.lock:
            return [
                (organization, membership)
                for organization in self.organizations
                for membership in self.memberships(organization)
                if membership.user is user
            ]

    def organizations_of(self, user: User) -> list[tuple[Organization, str]]:
        """Return the organizations that the user is a member of, or is invited to."""
        with self.lock:
            pending = [one for one in self.invites_of(user) if one.status == "pending"]
            inviting = {invite.organization.id for invite in pending}
            return [
                (organization, "member" if user.id in organization.members else "invited")
                for organization in self.organizations
                if user.id in organization.members or organization.id in inviting
            ]

    def _membership(self, invite: Invite) -> Membership:
        return Membership(
            invite.id,
            invite.email,
            self.find_user(invite.email),
            invite.roles,
            invite.status,
            invite.policies,
        )

    def _expire_due_invites(self) -> None:
        now = self.now()
        if now < self._next_expiry:
            return
        pending = [invite for invite in self.invites.values() if invite.status == "pending"]
        for invite in pending:
            if invite.expires_on <= now:
                invite.status = "expired"
        expiry_dates = [invite.expires_on for invite in pending if invite.status == "pending"]
        self._next_expiry = min(expiry_dates, default=MAX_DATETIME)

    def _new_id(self) -> str:
        self._id_counter += 1
        return _id_of(str(self._id_counter))

    @staticmethod
    def _require_pending(invite: Invite) -> None:
        if invite.status != "pending":
            raise ValueError(f"Invite {invite.id} is {invite.status}, not pending")


def _id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def parse_datetime(value: DateTimeLike) -> datetime:
    """Parse an RFC 3339 date. The default time zone is UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
