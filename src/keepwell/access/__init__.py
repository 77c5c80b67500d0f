"""People who log in: roles, scopes (who may see what), tokens, the audit trail."""
