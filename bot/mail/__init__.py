"""E-mail, for those whom chat does not reach: the port over SMTP, with nothing but the standard library."""
