"""The people of the demo data; only the four with a password can sign in."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.domain.roles import Role

ORGANIZATION = ("halyard-freight", "Halyard Freight")


@dataclass(frozen=True, slots=True)
class Person:
    """One demo user; `role` is what they show, `member` their place in the demo organization."""

    email: str
    name: str
    role: str = ""
    password: str = ""
    member: Role | None = None


PEOPLE: tuple[Person, ...] = (
    Person("publisher@demo.example", "Wren Calloway", "publisher", "kestrel-over-the-fen"),
    Person("buyer@demo.example", "Odile Marsh", "buyer", "two-tickets-to-the-quay"),
    Person("team@demo.example", "Tomasz Birch", "team administrator", "ropes-and-rigging-41", Role.OWNER),
    Person("moderator@demo.example", "Ines Okafor", "moderator", "read-it-before-you-run"),
    Person("ada@demo.example", "Ada Renner", member=Role.ADMIN),
    Person("jun@demo.example", "Jun Park", member=Role.MEMBER),
    Person("sol@demo.example", "Sol Ibarra", member=Role.MEMBER),
    Person("mira@demo.example", "Mira Lindqvist", member=Role.BILLING),
    Person("bram@demo.example", "Bram Visser"),
    Person("noor@demo.example", "Noor Haddad"),
    Person("elif@demo.example", "Elif Aydin"),
    Person("tobias@demo.example", "Tobias Kern"),
    Person("yuki@demo.example", "Yuki Tanabe"),
    Person("priya@demo.example", "Priya Raman"),
    Person("lucas@demo.example", "Lucas Ferreira"),
    Person("greta@demo.example", "Greta Holm"),
    Person("samuel@demo.example", "Samuel Adeyemi"),
    Person("fiona@demo.example", "Fiona McRae"),
)
