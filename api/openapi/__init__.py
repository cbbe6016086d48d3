"""The description of the service for programs (OpenAPI 3.1) and the page that shows it.

Made from the table that routes requests and from the entities' models; answers no data itself.
"""
