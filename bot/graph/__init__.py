"""Microsoft Graph: a calendar, letters, a list and people, each a small port over msgraph-sdk. Never channel posts."""
