"""What everyone speaks: entities, values, vocabularies, checks, identity, formats.

This package does no I/O and knows neither database nor HTTP. Its names listed here are the public
API for connectors of third parties.
"""

from schema.codec import canonical, decode, digest, encode, telling
from schema.entities import (
    COLLECTIONS,
    KINDS,
    Entity,
    Event,
    Offer,
    Organisation,
    Override,
    Project,
    Recurrence,
)
from schema.identity import entity_id
from schema.index import Index
from schema.problems import Level, Problem, Rejected
from schema.values import Category, Contact, Image, Link, Place, Ref, Respond, Texts
from schema.when import Days, Timed, When

__all__ = [
    "COLLECTIONS",
    "KINDS",
    "Category",
    "Contact",
    "Days",
    "Entity",
    "Event",
    "Image",
    "Index",
    "Level",
    "Link",
    "Offer",
    "Organisation",
    "Override",
    "Place",
    "Problem",
    "Project",
    "Recurrence",
    "Ref",
    "Rejected",
    "Respond",
    "Texts",
    "Timed",
    "When",
    "canonical",
    "decode",
    "digest",
    "encode",
    "entity_id",
    "telling",
]
