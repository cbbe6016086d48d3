// Shows the instance's own document in Swagger UI. Asks nobody but the host the page came from.

"use strict";

(() => {
  const room = document.getElementById("docs");
  const address = new URL(room.dataset.document, window.location.href);
  const here = new URL(".", address).href.replace(/\/$/, "");

  // Swagger UI knows no field for the items of a list that have a format, and complains about it.
  const fielded = ({ items, ...rest }) => {
    if (items === undefined) return rest;
    const { format, ...plain } = items;
    return { ...rest, items: plain };
  };

  // Swagger UI writes examples and defaults into its form, where together they would ask for
  // nothing that exists. They stand in the words instead.
  const empty = (parameter) => {
    const { example, schema, ...rest } = parameter;
    const { default: usual, ...form } = schema;
    const said = example === undefined ? "" : ` Example: \`${example}\`.`;
    const otherwise = usual === undefined ? "" : ` Without it: ${usual}.`;
    return { ...rest, schema: fielded(form), description: `${rest.description}${said}${otherwise}` };
  };

  const operation = (said) => ({ ...said, parameters: (said.parameters ?? []).map(empty) });
  const path = (said) => ({ ...said, get: operation(said.get) });
  const each = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

  // The public name may be another one than the reader came by; trying out asks where they are.
  const tried = (spec) => ({ ...spec, servers: [{ url: here }], paths: each(spec.paths, path) });

  const show = (spec) =>
    window.SwaggerUIBundle({
      domNode: room,
      spec: tried(spec),
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      docExpansion: "list",
      layout: "BaseLayout",
      presets: [window.SwaggerUIBundle.presets.apis],
      queryConfigEnabled: false,
      showExtensions: false,
      supportedSubmitMethods: ["get"],
      tryItOutEnabled: false,
      validatorUrl: null,
    });

  const failed = (error) => {
    room.querySelector(".wait").textContent = `The document could not be read: ${error.message}`;
  };

  fetch(address, { credentials: "omit" })
    .then((answer) => {
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return answer.json();
    })
    .then(show)
    .catch(failed);
})();
