"""The document itself: whole, sound, and about everything that programs ask."""

from typing import Any

import orjson

from api.openapi.answers import ANSWERS
from api.openapi.document import Instance, document, is_described, written
from api.openapi.examples import examples
from api.openapi.responses import PROBLEMS
from api.openapi.wording import COMPONENTS, meaning
from api.params import Parameter
from api.routes import ROUTES
from schema.entities import KINDS
from tests.api.asking import ask, said
from tests.api.conftest import Client
from tests.contract.judging import Contract, closed
from tests.postgres import PUBLIC_URL

INSTANCE = Instance(public_url=PUBLIC_URL, title="Klima in Halle")
WHOLE = orjson.loads(written(ROUTES, INSTANCE))
DESCRIBED = [route for route in ROUTES if is_described(route)]


def operations() -> dict[str, dict[str, Any]]:
    return {path: methods["get"] for path, methods in WHOLE["paths"].items()}


def test_every_route_for_programs_is_described_and_nothing_else() -> None:
    assert [*WHOLE["paths"]] == [route.path for route in DESCRIBED]
    assert {route.name for route in DESCRIBED} == set(ANSWERS)


def test_only_pages_and_their_files_are_left_out() -> None:
    left = [route for route in ROUTES if not is_described(route)]
    assert not [route.path for route in left if route.path.startswith("/v1")]
    assert not [route.path for route in left if route.strict]


def test_every_parameter_of_a_route_is_described_as_it_is_read() -> None:
    for route in DESCRIBED:
        given = operations()[route.path].get("parameters", [])
        named = [each["name"] for each in given if each["in"] == "query"]
        assert named == [parameter.name for parameter in route.parameters]


def parameters() -> list[Parameter]:
    return [parameter for route in DESCRIBED for parameter in route.parameters]


def test_every_example_of_a_parameter_is_accepted_by_its_own_rule() -> None:
    for parameter in parameters():
        parameter.parse(parameter.example)


def test_every_field_of_an_entry_and_every_component_is_explained() -> None:
    schemas = WHOLE["components"]["schemas"]
    entries = [model.__name__ for model in KINDS.values()]
    silent = [
        f"{component}.{name}"
        for component in (*entries, *COMPONENTS)
        for name in schemas[component].get("properties", {})
        if not meaning(component, name)
    ]
    assert silent == []
    assert set(COMPONENTS) <= set(schemas)


def test_every_component_is_used() -> None:
    text = orjson.dumps(WHOLE).decode()
    unused = [
        f"{kind}/{name}"
        for kind, named in WHOLE["components"].items()
        for name in named
        if f'"#/components/{kind}/{name}"' not in text
    ]
    assert unused == []


def test_every_example_belongs_somewhere() -> None:
    assert set(examples()) <= {route.name for route in DESCRIBED} | set(PROBLEMS)


def test_every_example_is_of_its_own_schema() -> None:
    contract = Contract(WHOLE)
    for path, operation in operations().items():
        for media_type, content in operation["responses"]["200"]["content"].items():
            if "example" in content and media_type.endswith("json"):
                body = orjson.dumps(content["example"])
                assert [*contract._json(content["schema"], body)] == [], path


def test_clients_are_not_told_that_fields_will_never_be_added() -> None:
    assert '"additionalProperties":false' not in orjson.dumps(WHOLE).decode()
    assert '"additionalProperties":false' in orjson.dumps(closed(WHOLE)).decode()


def test_the_service_stands_where_its_public_address_says() -> None:
    assert WHOLE["servers"] == [{"url": PUBLIC_URL.rstrip("/")}]
    plain = document(ROUTES, Instance(public_url="http://a.example/", title="A"), {})
    assert (plain["servers"], plain["info"]["title"]) == ([{"url": "http://a.example"}], "A")


async def test_the_document_is_served_to_everybody_and_kept(face: Client) -> None:
    answer = await ask(face, "/openapi.json")
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = await ask(face, "/openapi.json", If_None_Match=answer.headers["ETag"])
    assert (again.status, await again.read()) == (304, b"")
    assert (await said(face, "/openapi.json"))["openapi"] == "3.1.1"
