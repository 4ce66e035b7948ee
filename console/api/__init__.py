"""/api/v1, the frame: what an endpoint is (endpoint), how a request is read (reading), answered (serving) and answered again
(repeating), what goes wrong (problems, refusals), and the OpenAPI document of all of it (document).

A feature declares its endpoints in a folder of its own; console/served.py names them all. Routes and document come from the same
declarations, so they cannot differ.
"""
