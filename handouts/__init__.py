"""Guides on ending a Belgian SIM card, as pages and as one-page sheets. See docs/architecture.md."""
