"""What everyone speaks: entities, values, vocabularies, checks, identity, formats.

This package does no I/O and knows neither database nor HTTP. Its names listed here are the public
API for connectors of third parties.
"""

from schema.codec import canonical, decode, digest, encode
from schema.entities import COLLECTIONS, KINDS, Entity, Offer, Organisation
from schema.identity import entity_id
from schema.index import Index
from schema.problems import Level, Problem, Rejected
from schema.values import Category, Contact, Image, Link, Place, Ref, Respond, Texts

__all__ = [
    "COLLECTIONS",
    "KINDS",
    "Category",
    "Contact",
    "Entity",
    "Image",
    "Index",
    "Level",
    "Link",
    "Offer",
    "Organisation",
    "Place",
    "Problem",
    "Ref",
    "Rejected",
    "Respond",
    "Texts",
    "canonical",
    "decode",
    "digest",
    "encode",
    "entity_id",
]
