// Who may import whom (docs: CONTRIBUTING, "the map of the house"). Tests may reach further; nothing else may.
const TEST = "\\.(test|sample)\\.tsx?$|^(db|lib/kernel)/test-|^e2e/";

/** Everything under `from` may import only these of ours. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, pathNot: TEST },
  to: { path: "^(app|components|db|e2e|lib|scripts)/", pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or three.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^server-only$" } },
    only("db-knows-nothing", "db is the bottom of the house.", "^db/", "^db/"),
    only(
      "kernel",
      "The kernel serves all entities and knows none but who acts and what it writes.",
      "^lib/kernel/",
      "^(db|lib/(kernel|authz|audit|identity|jobs|organizations|projects|workspaces))/",
    ),
    only("lib-below-app", "lib knows neither pages nor components.", "^lib/", "^(db|lib)/"),
    only(
      "providers-are-islands",
      "A provider knows errors and its own contract; core code never switches on its type.",
      "^lib/providers/([^/]+)/",
      "^lib/(providers/$1|kernel/errors)",
    ),
    only(
      "components-are-data-only",
      "Components take plain data: no queries, no commands, no database.",
      "^components/",
      "^(components/|lib/[^/]+/(schema|input|[a-z-]+-(schema|input|words|rule)|permissions)\\.ts$|lib/kernel/(list|errors)\\.ts$|app/.*actions\\.ts$)",
    ),
    only("primitives-know-no-domain", "components/ui knows no domain word.", "^components/ui/", "^components/ui/"),
    {
      name: "wire-is-a-translation",
      comment: "Only routes and tests use the wire's formats.",
      severity: "error",
      from: { path: "^(lib|components|db)/", pathNot: `^lib/wire/|${TEST}` },
      to: { path: "^lib/wire/" },
    },
    {
      name: "pages-hold-no-sql",
      comment: "A page composes, a route names a command or a query.",
      severity: "error",
      from: { path: "^app/", pathNot: TEST },
      to: { path: "^db/|^node_modules/(kysely|pg)/" },
    },
    {
      name: "tests-stay-outside",
      comment: "Nothing that ships needs a test's helpers.",
      severity: "error",
      from: { pathNot: `${TEST}|^vitest|^playwright|^scripts/` },
      to: { path: "\\.(test|sample)\\.tsx?$|^(db|lib/kernel)/test-|^e2e/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|dist|\\.cache)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["react-server", "import", "require", "node", "default", "types"] },
  },
};
