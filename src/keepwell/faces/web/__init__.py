"""The web pages: server-rendered, quick by keyboard, whole without script.

Wiring, done by `config`: the apps `keepwell.faces.components` and `keepwell.faces.web`, before allauth so
that their templates win; the template builtins `keepwell.faces.components.templatetags.components` and
`django.templatetags.static`; the context processor `keepwell.faces.web.shell.shell`; the middleware
`keepwell.faces.web.middleware.PagePolicy` (first) and `keepwell.faces.web.middleware.Refusals` (last);
`keepwell.faces.web.urls` at `/`; the setting `DEMO_SIGN_IN`, which says at the door that this is a demo.
"""
