"""Meetings as people meet them: the forms that propose and ask, the buttons, what is shown privately, what is sent in."""
