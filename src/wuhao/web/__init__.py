"""The site: server-rendered pages over what the rooms below let a viewer read."""
