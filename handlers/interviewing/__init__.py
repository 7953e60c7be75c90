"""The return interview on screen: its forms by step, what is typed about it, and the prompts for the conversation."""
