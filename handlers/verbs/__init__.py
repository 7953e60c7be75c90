"""What people can do: one verb a file, each a frozen command and one function (command, desk, actor) → answer."""
