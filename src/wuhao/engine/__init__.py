"""The engine: a scheme (YAML) and a table of facts become scores and grades, on integers."""
